import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noticeSentence } from '../../../main/settings/notice-sentence.ts'
import type { Notice } from '../../../preload/contract.ts'
import { createChanged } from './changed-model.ts'
import { post, startServer, type TestServer } from './server.ts'

/** What clients and the person are told when a model does not fit; each engine may take 1 GiB of memory. */

let server: TestServer
const asked = 2 ** 18
const capital = {
  model: 'large',
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  stream: false,
}

beforeAll(async () => {
  server = await startServer({ OLLAMA_CONTEXT_LENGTH: String(asked) }, engine =>
    execFileSync('prlimit', ['--pid', String(engine.pid), `--data=${2 ** 30}`]),
  )
  // A context for which no memory is enough: 1.2 GiB.
  await createChanged(server, 'large', 'llama.context_length', (bytes, at) => bytes.writeUInt32LE(asked, at + 4))
})
afterAll(() => server.close())

async function running() {
  const { models } = (await (await fetch(`${server.url}/api/ps`)).json()) as {
    models: { name: string; context_length: number; size: number; size_vram: number }[]
  }
  return models
}

test('a default context is shortened: the question is answered, and /api/ps and a notice tell the truth', async () => {
  const response = await post(server.url, '/api/chat', { ...capital, options: { temperature: 0, num_gpu: 0 } })
  expect(await response.json()).toMatchObject({ message: { content: expect.stringContaining('Paris') } })
  const [model] = await running()
  expect(model).toMatchObject({ name: 'large:latest', size_vram: 0 })
  expect(model!.context_length).toBeGreaterThan(2048)
  expect(model!.context_length).toBeLessThan(asked)
  expect(model!.size).toBeLessThan(2 ** 30)
  let told: readonly Notice[] = []
  server.hearth.notices.watch(notices => {
    told = notices
  })()
  expect(told).toMatchObject([
    {
      code: 'model-stepped-down',
      values: {
        model: 'large:latest',
        reason: 'context',
        askedContext: asked,
        context: model!.context_length,
      },
    },
  ])
  expect(noticeSentence(told[0]!)).toContain(
    `large:latest was loaded with a context of ${model!.context_length} tokens (asked for: ${asked})`,
  )
})

test('a context that a request names is not: it fails in upstream’s words, and the next question is answered', async () => {
  const response = await post(server.url, '/api/chat', { ...capital, options: { num_ctx: asked, num_gpu: 0 } })
  expect(response.status).toBe(500)
  expect(await response.text()).toMatch(
    /^{"error":"model requires more system memory \(1\.2 GiB\) than is available \(0\.\d GiB\)"}$/,
  )
  const small = await post(server.url, '/api/chat', { ...capital, options: { num_ctx: 4096, num_gpu: 0 } })
  expect(small.status).toBe(200)
  expect(await running()).toMatchObject([{ context_length: 4096 }])
})
