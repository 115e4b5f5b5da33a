import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, createApi } from '../../../main/api/app.ts'
import { Bodies } from '../../../main/api/bodies/bodies.ts'
import { type Span, scanValue } from '../../../main/go/json/scan.ts'
import { any, decodeGoJson } from '../../../main/go/json/types.ts'
import { Library } from '../../../main/library/library.ts'
import { Registry } from '../../../main/library/registry/registry.ts'
import { randomBody, randomFrom } from './random-bodies.ts'
import { ScriptedInference, telling } from './scripted.ts'

let folder: string
let api: Api

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-fuzz-'))
  const inference = new ScriptedInference(telling({ type: 'done', reason: 'stop' }))
  const library = new Library({ modelsFolder: folder })
  const registry = new Registry({ library, userHome: folder, hashWorker: '', receiveWorker: '', version: '0.0.0' })
  api = createApi({ library, registry, inference, bodies: new Bodies(), version: '0.0.0' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const endpoints: [string, string][] = [
  ['POST', '/api/chat'],
  ['POST', '/api/generate'],
  ['POST', '/api/show'],
  ['POST', '/api/create'],
  ['POST', '/api/copy'],
  ['DELETE', '/api/delete'],
]
// Any other outcome is a crash, a hang, or a page that no client can read.
test('30,000 random bodies give JSON or one of the answers without a body', async () => {
  const random = randomFrom(20260821)
  const statuses = new Map<number, number>()
  for (let round = 0; round < 30_000; round++) {
    const [method, path] = endpoints[round % endpoints.length]!
    const sent = randomBody(random)
    const response = await api.fetch(new Request(`http://localhost${path}`, { method, body: sent }))
    const text = await response.text()
    const told = `${method} ${path} ${JSON.stringify(sent.toString('latin1'))}: ${response.status} ${text}`
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    if (response.status === 200 && text === '') continue
    const lines = response.headers.get('content-type') === 'application/x-ndjson' ? text.trimEnd().split('\n') : [text]
    for (const line of lines) {
      const value = parsed(line)
      expect(value, told).toBeTypeOf('object')
      if (response.status >= 400) expect((value as { error: unknown }).error, told).toBeTypeOf('string')
      // 500 is for what the file system or an engine did, never for what a client sent; options are the exception.
      if (response.status === 500) expect(text, told).toMatch(/no such file or directory|option "/)
    }
  }
  // Both ends must be reached, or the bodies are too wild or too tame to find anything.
  expect(statuses.get(200)).toBeGreaterThan(1000)
  expect(statuses.get(400)).toBeGreaterThan(10_000)
  expect([...statuses.keys()].filter(status => ![200, 400, 403, 404, 500].includes(status))).toEqual([])
})

// Two readers of one grammar: where they differ, one of them is wrong. Ours only stops after the first value.
test('what the decoder takes for JSON is what JSON.parse does, on 30,000 bodies', () => {
  const random = randomFrom(7)
  let agreed = 0
  for (let round = 0; round < 30_000; round++) {
    // Broken UTF-8 is mended first: both readers see the same text.
    const text = randomBody(random).toString()
    const bytes = Buffer.from(text)
    const whole = parsed(text)
    let span: Span | undefined
    try {
      span = scanValue(bytes)
    } catch {
      expect(whole, text).toBeUndefined()
      continue
    }
    if (!span) {
      expect(text.trim(), text).toBe('')
      continue
    }
    const first = parsed(bytes.toString('utf8', span.start, span.end))
    expect(first, text).not.toBeUndefined()
    if (whole !== undefined) expect(first, text).toEqual(whole)
    // A number beyond all doubles is infinite to one and an error to the other.
    if (/[eE]\d{3}/.test(text)) continue
    expect(decodeGoJson(any, bytes), text).toEqual(first ?? undefined)
    agreed++
  }
  expect(agreed).toBeGreaterThan(10_000)
})

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
