import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bodies } from '../../../main/api/bodies/bodies.ts'
import { chatBody } from '../../../main/api/ollama/chat.ts'
import { post, startServer, type TestServer } from './server.ts'

/** Bodies that another thread reads. What they say must be what a small one says that is read on the spot. */

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const many = Array.from({ length: 20_000 }, (_, index) => ({ role: 'user', content: `message ${index}` }))
const answered = async (body: object | string) => {
  const response = await post(server.url, '/api/chat', body)
  return { status: response.status, text: await response.text() }
}

test('of a conversation of 20,000 messages the system’s and the last are heard', async () => {
  const messages = [{ role: 'system', content: 'Be brief.' }, ...many]
  const body = { model: 'hearth-demo', messages, options: { num_ctx: 256 }, _debug_render_only: true }
  const prompt = JSON.parse((await answered(body)).text)._debug_info.rendered_template as string
  expect(prompt).toMatch(/Be brief\.[\s\S]*message 19999/)
  expect(prompt).not.toContain('message 19000')
})

test.each([
  ['cut off', (text: string) => text.slice(0, -1), 400, 'unexpected EOF'],
  [
    'of a wrong type at its end',
    (text: string) => `${text.slice(0, -1)},"model":5}`,
    400,
    'json: cannot unmarshal number',
  ],
  ['for a model nobody has', (text: string) => text, 404, "model 'nobody' not found"],
] as const)('a large body %s is refused as a small one is', async (_, change, status, message) => {
  for (const messages of [many, many.slice(0, 2)]) {
    const { status: got, text } = await answered(change(JSON.stringify({ messages, model: 'nobody' })))
    expect([got, text]).toEqual([status, expect.stringContaining(message)])
  }
})

// It would hold main up while it crosses from thread to thread, three times on its way to the model.
test('a single text that no context holds is refused, and one that is almost as long is not', async () => {
  const asking = (units: number) => ({ model: 'nobody', messages: [{ role: 'user', content: 'x'.repeat(units) }] })
  expect(await answered(asking(2 ** 25 + 1))).toEqual({
    status: 413,
    text: '{"error":"http: request body too large: one text in it has over 33554432 characters"}',
  })
  expect((await answered(asking(2 ** 25))).status).toBe(404)
})

test('several at once do not get mixed up', async () => {
  const names = Array.from({ length: 5 }, (_, index) => `nobody${index}`)
  const bodies = await Promise.all(names.map(model => answered({ model, messages: many })))
  expect(bodies.map(({ text }) => text)).toEqual(names.map(name => `{"error":"model '${name}' not found"}`))
})

test('a client that leaves in the middle of a large body leaves nothing behind', async () => {
  const socket = connect(server.port, '127.0.0.1')
  const head = 'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n'
  await new Promise(resolve => socket.write(`${head}{"model":"${'x'.repeat(1_000_000)}`, resolve))
  socket.destroy()
  expect((await answered({ model: 'nobody', messages: many })).status).toBe(404)
})

test('a thread that dies tells whoever waits for it, and the next body gets another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-thread-'))
  const workerPath = join(folder, 'dies.mjs')
  await writeFile(
    workerPath,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ([, { type }]) => { if (type === 'end') process.exit(1) })`,
  )
  const bodies = new Bodies({ workerPath })
  const read = () =>
    bodies.read(new Request('http://localhost', { method: 'POST', body: JSON.stringify({ messages: many }) }), chatBody)
  for (let twice = 0; twice < 2; twice++) await expect(read()).rejects.toMatchObject({ status: 500, code: 'internal' })
  await bodies.close()
  await rm(folder, { recursive: true })
})
