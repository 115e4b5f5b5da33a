import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachOf } from '../../../main/portions.ts'
import { createChanged } from './changed-model.ts'
import { endlessAnswer, endlessOptions, post, startServer, type TestServer } from './server.ts'

/** What a client is told when the engine cannot load a model, or dies. */

let server: TestServer
const capital = { messages: [{ role: 'user', content: 'What is the capital of France?' }] }
const quick = { model: 'hearth-demo', options: { temperature: 0 }, stream: false }

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

async function told(body: object) {
  const response = await post(server.url, '/api/chat', body)
  return [response.status, await response.text()]
}

test('weights of which one is missing', async () => {
  await createChanged(server, 'broken', 'blk.0.ffn_up', (bytes, at) => bytes.write('q', at - 1))
  for (const stream of [true, false]) {
    const [status, text] = await told({ model: 'broken', ...capital, stream })
    expect(status).toBe(500)
    expect(text).toMatch(/^{"error":"unable to load model: .*'blk\.0\.ffn_up\.weight' not found"}$/)
  }
})

test('an architecture that is not known', async () => {
  await createChanged(server, 'llamb', 'general.architecture', (bytes, at) => bytes.write('llamb', at + 12))
  expect(await told({ model: 'llamb', ...capital })).toEqual([
    500,
    `{"error":"unable to load model: unknown model architecture: 'llamb'"}`,
  ])
})

test.each([
  [30_000_000, /^{"error":"model requires more system memory \(\d+\.\d GiB\) than is available \(\d+\.\d GiB\)"}$/],
  [4_000_000_000, /^{"error":"unable to load model: the context is too large"}$/],
])('a context of %i tokens, which is too large for the memory', async (tokens, body) => {
  const model = `context-of-${tokens}`
  await createChanged(server, model, 'llama.context_length', (bytes, at) => bytes.writeUInt32LE(tokens, at + 4))
  const [status, text] = await told({ model, ...capital, options: { num_ctx: tokens, num_gpu: 0 } })
  expect(status).toBe(500)
  expect(text).toMatch(body)
})

/** Answers of these go on until their engine dies; the second is made in two steps, thinking and a grammar. */
test.each([{ think: false }, { think: true }])('an engine that is killed in the middle of a stream: %j', async more => {
  const response = await post(server.url, '/api/chat', {
    model: 'hearth-demo',
    messages: [{ role: 'user', content: 'Count from 1 to 30' }],
    options: endlessOptions,
    format: endlessAnswer,
    ...more,
  })
  let text = ''
  for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
    text += bytes
    if (text.split('\n').length > 3) for (const engine of server.engines) engine.kill()
  }
  expect(response.status).toBe(200)
  expect(text.split('\n').slice(-2)).toEqual([
    '{"error":"an error was encountered while running the model: unexpected EOF"}',
    '',
  ])
  const [status, next] = await told({ ...quick, ...capital })
  expect([status, JSON.parse(String(next)).message.content]).toEqual([200, expect.stringContaining('Paris')])
})

test('an engine that is killed before it has given anything', async () => {
  const killed = async () => {
    for await (const { type } of eachOf(server.hearth.inference.chat({ model: 'hearth-demo', ...capital }))) {
      if (type === 'prompt') for (const engine of server.engines) engine.kill()
    }
  }
  await expect(killed()).rejects.toMatchObject({
    code: 'engine-crashed',
    message: expect.stringMatching(/^model runner has unexpectedly stopped/),
  })
})
