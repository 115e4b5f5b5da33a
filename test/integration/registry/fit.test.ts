import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readHeader } from '../../../main/gguf/header.ts'
import { factsOf } from '../../../main/library/gguf/facts.ts'
import { mistral3 } from '../engine/ollama-models.ts'
import { fixtures, startHearth, type TestHearth } from '../hearth.ts'
import { blobNames } from '../library/ollama-folder.ts'
import { type DebianRegistry, publish, startRegistry } from './debian-registry.ts'
import { FaultyProxy } from './faulty-proxy.ts'

let registry: DebianRegistry
let proxy: FaultyProxy
let hearth: TestHearth
const fixture = join(fixtures, 'tiny-chat-f16.gguf')
const weights = readFileSync(fixture)

beforeAll(async () => {
  ;[registry, hearth] = await Promise.all([startRegistry(), startHearth()])
  proxy = await FaultyProxy.start(registry.host)
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await hearth?.end()
  await proxy?.close()
  await registry?.close()
})

const check = (model: string) => hearth.hearth.fitting.check(`${proxy.host}/library/${model}`, { insecure: true })
const fetched = () => proxy.ranges.reduce((sum, { range }) => sum + (range ? range[1] - range[0] + 1 : Infinity), 0)

test('a model is looked at by the beginning of its file, and nothing of it stays', async () => {
  // Weights of 40 MB that nobody may fetch to answer a question.
  const large = Buffer.concat([weights, Buffer.alloc(40_000_000)])
  await publish(registry.host, 'library/large', 'latest', [['model', large]])
  const before = blobNames(hearth.models)
  const fit = await check('large')
  expect(fit).toMatchObject({ verdict: 'well', exact: true })
  expect(fit.download).toBeGreaterThan(large.length)
  expect(fit.needed).toBeGreaterThan(weights.length)
  expect(fit.contextSize).toBe((await factsOf(fixture, await readHeader(fixture))).contextLength)
  expect(fetched()).toBeLessThan(3_000_000)
  expect(blobNames(hearth.models)).toEqual(before)
})

test('what is here already needs no download', async () => {
  const demo = readFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'))
  await publish(registry.host, 'library/known', 'latest', [['model', demo]])
  expect((await check('known')).download).toBeLessThan(1000)
  expect(proxy.ranges).toEqual([])
})

test.each([
  ['a design nobody knows', () => Buffer.from(weights.toString('latin1').replaceAll('llama', 'zebra'), 'latin1')],
  ['an encoder for pictures among the weights', () => withEncoder(weights)],
])('a model that runs nowhere is told as one: %s', async (name, content) => {
  const model = name.replaceAll(' ', '-')
  await publish(registry.host, `library/${model}`, 'latest', [['model', content()]])
  expect(await check(model)).toMatchObject({ verdict: 'unsupported' })
})

// Most of the models with eyes at Ollama's registry: told as impossible, people would pass them by.
test('a model made for Ollama’s own engine is judged by what it becomes, its encoder and its second form included', async () => {
  const own = await mistral3()
  await publish(registry.host, 'library/own', 'latest', [['model', own]])
  await publish(registry.host, 'library/plain', 'latest', [
    ['model', readFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'))],
  ])
  const [fit, plain] = [await check('own'), await check('plain')]
  expect(fit).toMatchObject({ verdict: 'well', exact: true, contextSize: plain.contextSize })
  expect(fit.needed).toBeGreaterThan(plain.needed)
})

test.each([
  ['a model that is not there', undefined, 'not-found'],
  ['a file that is none', Buffer.from('this is no model'), 'broken-model-file'],
  ['a header that claims more than the file has', cutOff(weights), 'broken-model-file'],
] as const)('%s is a problem of its own', async (name, content, code) => {
  const model = name.replaceAll(' ', '-')
  if (content) await publish(registry.host, `library/${model}`, 'latest', [['model', content]])
  await expect(check(model)).rejects.toMatchObject({ code })
})

test('a registry that breaks off is told in its words, and may be asked again', async () => {
  await publish(registry.host, 'library/cut', 'latest', [['model', weights]])
  proxy.fault = ({ path }) => (path.includes('/blobs/') ? { status: 503 } : undefined)
  await expect(check('cut')).rejects.toMatchObject({ code: 'registry' })
  proxy.reset()
  expect(await check('cut')).toMatchObject({ verdict: 'well' })
})

/** The same file with a key of Ollama's former engine, in the place of one that nobody reads. */
function withEncoder(gguf: Buffer): Buffer {
  const text = gguf.toString('latin1')
  const count = gguf.readBigUInt64LE(16)
  const key = 'llama.vision.block_count'
  const entry = Buffer.alloc(8 + key.length + 8)
  entry.writeBigUInt64LE(BigInt(key.length))
  entry.write(key, 8)
  entry.writeUInt32LE(4, 8 + key.length)
  entry.writeUInt32LE(12, 12 + key.length)
  const head = Buffer.from(text.slice(0, 24), 'latin1')
  head.writeBigUInt64LE(count + 1n, 16)
  // Room at the end: the data section may begin a step later.
  return Buffer.concat([head, entry, gguf.subarray(24), Buffer.alloc(64)])
}

/** Cut off in the middle of its header. */
function cutOff(gguf: Buffer): Buffer {
  return gguf.subarray(0, 5000)
}
