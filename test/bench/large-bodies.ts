import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { startServer } from '../integration/api/server.ts'

/**
 * How long large bodies hold main: the longest time in which its event loop did not come round, while a client in a
 * thread of its own sends one. Run with `npm run bench:bodies`; figures in docs/benchmarks.md.
 */

/** Makes a body where it does not hold the event loop that is measured. */
const client = `
const { workerData, parentPort } = require('node:worker_threads')
const chat = messages => JSON.stringify({ model: 'hearth-demo', stream: false, think: false, options: { num_predict: 1 }, messages })
const bodies = {
  small: () => chat([{ role: 'user', content: 'hi' }]),
  messages: () => chat(Array.from({ length: 500000 }, () => ({ role: 'user', content: 'hi' }))),
  picture: () => chat([{ role: 'user', content: 'hi', images: [Buffer.alloc(30e6, 7).toString('base64')] }]),
  text: () => chat([{ role: "user", content: "é\\n".repeat(10e6) }]),
  pieces: () => JSON.stringify({ model: 'nobody', messages: Array.from({ length: 2000 }, () => ({})), options: { stop: Array.from({ length: 1900000 }, () => 1) } }),
  refused: () => '['.repeat(20e6),
  embed: () => JSON.stringify({ model: 'nobody', input: Array.from({ length: 1000000 }, () => 'a text') }),
}
const path = workerData.name === 'embed' ? '/api/embed' : '/api/chat'
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

const server = await startServer()
await (await fetch(`${server.url}/api/chat`, { method: 'POST', body: '{"model":"hearth-demo"}' })).text()
process.stdout.write('| body | bytes | answer | seconds | main held at most |\n|---|---|---|---|---|\n')
for (const name of ['small', 'messages', 'picture', 'text', 'pieces', 'refused', 'embed', 'messages']) {
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
