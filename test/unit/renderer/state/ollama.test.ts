// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { CallProblem } from '../../../../renderer/state/bridge.ts'
import { bridgeFetch, ollama } from '../../../../renderer/state/ollama.ts'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const started = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise(resolve => setTimeout(resolve, 5))
}

describe('the Ollama client over the bridge', () => {
  let hearth: FakeHearth

  beforeEach(() => {
    hearth = installHearth()
  })

  const answer = (status: number, chunks: string[]) => {
    hearth.emit('api.request', { type: 'head', status, headers: { 'content-type': 'application/json' } })
    for (const chunk of chunks) hearth.emit('api.request', { type: 'body', chunk: bytes(chunk) })
    hearth.emit('api.request', { type: 'end' })
  }

  it('asks for a path, not for a host, and reads the answer', async () => {
    const list = ollama.list()
    await started()
    expect(hearth.streams[0]?.input).toMatchObject({ method: 'GET', path: '/api/tags', body: undefined })
    answer(200, ['{"models":[{"name":"a', ':latest"}]}'])
    expect((await list).models[0]?.name).toBe('a:latest')
    expect(hearth.streams[0]?.ended).toBe(true)
  })

  it('sends a body as bytes and streams the answer as it comes, also when a character is cut in two', async () => {
    const stream = ollama.chat({ model: 'm', messages: [{ role: 'user', content: '你好' }], stream: true })
    await started()
    const { body } = hearth.streams[0]!.input as { body: Uint8Array }
    expect(JSON.parse(new TextDecoder().decode(body))).toMatchObject({ model: 'm', messages: [{ content: '你好' }] })
    const line = bytes('{"message":{"content":"你"},"done":false}\n{"message":{"content":""},"done":true}\n')
    hearth.emit('api.request', { type: 'head', status: 200, headers: {} })
    hearth.emit('api.request', { type: 'body', chunk: line.slice(0, 25) })
    hearth.emit('api.request', { type: 'body', chunk: line.slice(25) })
    hearth.emit('api.request', { type: 'end' })
    const words: string[] = []
    for await (const part of await stream) words.push(part.message.content)
    expect(words).toEqual(['你', ''])
  })

  it('ends the request when the client aborts: a model must not go on writing for nobody', async () => {
    const controller = new AbortController()
    const response = bridgeFetch('http://x/api/tags', { signal: controller.signal })
    await started()
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    expect(hearth.streams[0]?.ended).toBe(true)
  })

  it('ends the request when the reader of the body turns away', async () => {
    const pending = bridgeFetch('http://x/api/tags')
    await started()
    hearth.emit('api.request', { type: 'head', status: 200, headers: {} })
    const response = await pending
    await response.body?.cancel()
    expect(hearth.streams[0]?.ended).toBe(true)
  })

  it('does not start a request that is aborted already', async () => {
    await expect(bridgeFetch('http://x/api/tags', { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(hearth.streams).toHaveLength(0)
  })

  it('passes on the API’s errors as the client’s own', async () => {
    const show = ollama.show({ model: 'gone' })
    await started()
    answer(404, ['{"error":"model \'gone\' not found"}'])
    await expect(show).rejects.toMatchObject({ message: "model 'gone' not found", status_code: 404 })
  })

  it('fails with main’s problem when the request itself fails, before or within the answer', async () => {
    const before = bridgeFetch('http://x/api/tags')
    await started()
    hearth.emit('api.request', { type: 'failed', problem: problem('internal') })
    await expect(before).rejects.toBeInstanceOf(CallProblem)

    const within = bridgeFetch('http://x/api/tags')
    await started()
    hearth.emit('api.request', { type: 'head', status: 200, headers: {} })
    hearth.emit('api.request', { type: 'failed', problem: problem('engine-crashed') })
    await expect((await within).body?.getReader().read()).rejects.toBeInstanceOf(CallProblem)
  })

  it('makes a response without a body where there must be none', async () => {
    const head = bridgeFetch('http://x/', { method: 'HEAD' })
    await started()
    answer(200, [])
    expect((await head).body).toBeNull()
  })

  it('refuses a method the API does not have', async () => {
    await expect(bridgeFetch('http://x/', { method: 'PUT' })).rejects.toThrow('PUT')
  })
})
