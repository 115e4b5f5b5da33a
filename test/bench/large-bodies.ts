import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { fixtures, post, startServer, upload } from '../integration/api/server.ts'
import { withTemplate } from '../integration/api/with-template.ts'

/**
 * How long one request holds main, by a large body or by a template that computes: the longest time in which its event
 * loop did not come round, while a client in a thread of its own sends it. Run with `npm run bench:bodies`; figures in
 * docs/benchmarks.md.
 */

/** Makes a body where it does not hold the event loop that is measured. */
const client = `
const { workerData, parentPort } = require('node:worker_threads')
const asked = (rest, model = 'hearth-demo') =>
  JSON.stringify({ model, stream: false, think: false, options: { num_predict: 1 }, ...rest })
const question = { role: 'user', content: 'hi' }
const chat = (messages, model) => asked({ messages }, model)
const tool = index => ({
  type: 'function',
  function: {
    name: 'tool_' + index,
    description: 'Does one thing of many',
    parameters: { type: 'object', required: ['city'], properties: { city: { type: 'string', description: 'A name' } } },
  },
})
const bodies = {
  small: () => chat([question]),
  tools: () => asked({ messages: [question], tools: Array.from({ length: 30000 }, (_, index) => tool(index)) }),
  '200k': () => chat(Array.from({ length: 200000 }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: 'hi' }))),
  go: () => asked({ prompt: 'hi', template: '{{range 9000000000}}{{end}}' }),
  jinja: () => chat([question], 'hostile'),
  messages: () => chat(Array.from({ length: 500000 }, () => ({ role: 'user', content: 'hi' }))),
  picture: () => chat([{ role: 'user', content: 'hi', images: [Buffer.alloc(30e6, 7).toString('base64')] }]),
  text: () => chat([{ role: "user", content: "é\\n".repeat(10e6) }]),
  pieces: () => JSON.stringify({ model: 'nobody', messages: Array.from({ length: 2000 }, () => ({})), options: { stop: Array.from({ length: 1900000 }, () => 1) } }),
  refused: () => '['.repeat(20e6),
  embed: () => JSON.stringify({ model: 'nobody', input: Array.from({ length: 1000000 }, () => 'a text') }),
}
const path = { embed: '/api/embed', go: '/api/generate' }[workerData.name] ?? '/api/chat'
const body = bodies[workerData.name]()
parentPort.postMessage({ size: body.length })
parentPort.once('message', async () => {
  const response = await fetch(workerData.url + path, { method: 'POST', body })
  parentPort.postMessage({ status: response.status, text: (await response.text()).slice(0, 80) })
})
`

/**
 * Milliseconds that this thread was computing: on a busy machine it is held up by others as well, which is not what is
 * measured. Linux alone tells; elsewhere the clock has to do.
 */
function computed(): number {
  if (process.platform !== 'linux') return performance.now()
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** Loops for as long as it is let. */
const hostile = '{%- for a in range(4000) -%}{%- for b in range(4000) -%}{%- endfor -%}{%- endfor -%}'

const server = await startServer()
const [digest] = await upload(server.url, [
  await withTemplate(join(fixtures, 'tiny-chat-q8_0.gguf'), server.models, hostile),
])
await post(server.url, '/api/create', { model: 'hostile', files: { 'model.gguf': digest }, stream: false })
await (await fetch(`${server.url}/api/chat`, { method: 'POST', body: '{"model":"hearth-demo"}' })).text()
process.stdout.write('| body | bytes | answer | seconds | main held at most |\n|---|---|---|---|---|\n')
const rows = 'small messages 200k tools text go jinja picture pieces refused embed small'.split(' ')
for (const name of rows) {
  const worker = new Worker(client, { eval: true, workerData: { name, url: server.url } })
  const said = () =>
    new Promise<{ size: number; status: number; text: string }>(resolve => worker.once('message', resolve))
  const { size } = await said()
  let held = 0
  let last = computed()
  const timer = setInterval(() => {
    const now = computed()
    held = Math.max(held, now - last)
    last = now
  }, 1)
  const began = performance.now()
  worker.postMessage('send')
  const { status } = await said()
  clearInterval(timer)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(`| ${name} | ${(size / 1e6).toFixed(1)} MB | ${status} | ${seconds} | ${held.toFixed(0)} ms |\n`)
  await worker.terminate()
}
await server.close()
