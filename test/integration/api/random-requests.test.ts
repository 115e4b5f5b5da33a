import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fc } from '../../properties.ts'
import { checkAnswered, checkSound, manners, randomRequests, sendRudely } from './random-requests.ts'
import { fixtures, post, startServer, type TestServer, upload } from './server.ts'

/**
 * Requests that nobody thought of, to the real engine. `npm run soak:api` sends many more of them.
 */

const contextSize = 256

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const [digest] = await upload(server.url, [join(fixtures, 'tiny-chat-q8_0.gguf')])
  await (await post(server.url, '/api/create', { model: 'a', files: { 'a.gguf': digest }, stream: false })).text()
  await checkSound(server.url, contextSize)
})
afterAll(() => server.close())

const alive = () => expect(server.engines).toHaveLength(1)

test('whatever is asked is answered in form, and the next question is answered right', async () => {
  await fc.assert(
    fc.asyncProperty(randomRequests(contextSize), async request => {
      await checkAnswered(server.url, request)
      await checkSound(server.url, contextSize)
    }),
    { numRuns: 60, endOnFailure: true },
  )
  alive()
})

test('clients that leave or push leave the model as it was', async () => {
  await fc.assert(
    fc.asyncProperty(randomRequests(contextSize), manners, async (request, how) => {
      await sendRudely(server.url, request, how)
      await checkSound(server.url, contextSize)
    }),
    { numRuns: 25, endOnFailure: true },
  )
  alive()
})
