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
import { ScriptedInference, telling } from './scripted.ts'

let folder: string
let api: Api

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-fuzz-'))
  const inference = new ScriptedInference(telling({ type: 'done', reason: 'stop' }))
  const library = new Library({ modelsFolder: folder })
  const registry = new Registry({ library, userHome: folder, hashWorker: '', version: '0.0.0' })
  api = createApi({ library, registry, inference, bodies: new Bodies(), version: '0.0.0' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Numbers below 1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const endpoints: [string, string][] = [
  ['POST', '/api/chat'],
  ['POST', '/api/generate'],
  ['POST', '/api/show'],
  ['POST', '/api/create'],
  ['POST', '/api/copy'],
  ['DELETE', '/api/delete'],
]
const keys = [
  ...['model', 'name', 'prompt', 'messages', 'role', 'content', 'images', 'tool_calls', 'function', 'arguments'],
  ...['tools', 'parameters', 'properties', 'type', 'options', 'keep_alive', 'think', 'format', 'stream', 'context'],
  ...['top_logprobs', 'files', 'from', 'license', 'info', 'source', 'destination', 'MODEL', '__proto__', 'x', ''],
]
const scalars = [
  ...['null', 'true', 'false', '0', '-1', '1.5', '1e3', '1e999', '-0', '9007199254740993', '99999999999999999999'],
  ...['""', '"a"', '"5m"', '"\\ud800"', '"\\u0000"', '"../../x"', '"sha256:00"', '"aGk="', '"data:x"', '"<script>"'],
]

/** Bodies that are nearly right: a tree of the fields' own names, then bytes cut out, put in and turned. */
function body(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const value = (depth: number): string => {
    const kind = random()
    if (depth > 5 || kind < 0.5) return pick(scalars)
    const count = Math.floor(random() * 4)
    if (kind < 0.65) return `[${Array.from({ length: count }, () => value(depth + 1)).join(',')}]`
    return `{${Array.from({ length: count }, () => `"${pick(keys)}":${value(depth + 1)}`).join(',')}}`
  }
  const fields = Array.from({ length: Math.floor(random() * 6) }, () => `"${pick(keys)}":${value(0)}`)
  const bytes = [...Buffer.from(random() < 0.9 ? `{${fields.join(',')}}` : value(0))]
  while (random() < 0.5) {
    const at = Math.floor(random() * bytes.length)
    const change = random()
    if (change < 0.3) bytes.splice(at, Math.ceil(random() * 5))
    else if (change < 0.6) bytes.splice(at, 0, Math.floor(random() * 256))
    else if (change < 0.9) bytes[at] = pick([...Buffer.from('{}[]",:\\0e.-tfn \n')])
    else bytes.length = at
  }
  return Buffer.from(bytes)
}

// Any other outcome is a crash, a hang, or a page that no client can read.
test('30,000 random bodies give JSON or one of the answers without a body', { timeout: 120_000 }, async () => {
  const random = randomFrom(20260821)
  const statuses = new Map<number, number>()
  for (let round = 0; round < 30_000; round++) {
    const [method, path] = endpoints[round % endpoints.length]!
    const sent = body(random)
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
test('what the decoder takes for JSON is what JSON.parse does, on 30,000 bodies', { timeout: 120_000 }, () => {
  const random = randomFrom(7)
  let agreed = 0
  for (let round = 0; round < 30_000; round++) {
    // Broken UTF-8 is mended first: both readers see the same text.
    const text = body(random).toString()
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
