import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf, post, startServer, type TestServer } from '../api/server.ts'
import { fixtures } from '../hearth.ts'
import { blobNames } from '../library/ollama-folder.ts'
import { lastLines } from './client.ts'
import { type DebianRegistry, type Descriptor, publish, startRegistry } from './debian-registry.ts'

let registry: DebianRegistry
let server: TestServer
const weights = readFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'))

beforeAll(async () => {
  ;[registry, server] = await Promise.all([startRegistry(), startServer()])
})
afterAll(async () => {
  await server?.close()
  await registry?.close()
})

const pull = async (model: string) =>
  linesOf(await post(server.url, '/api/pull', { model: `${registry.host}/${model}`, insecure: true }))

/** A layer's last line. */
const pulled = ({ digest, size }: Descriptor) => ({
  status: `pulling ${digest.slice(7, 19)}`,
  digest,
  total: size,
  completed: size,
})

test('a model is pulled, told line by line as upstream does, and answers', async () => {
  const { bytes, layers, config } = await publish(registry.host, 'library/tiny', 'latest', [
    ['model', weights],
    ['params', JSON.stringify({ temperature: 0, num_predict: 8 })],
  ])
  const lines = await pull('library/tiny')
  const steps = lastLines(lines)
  expect(steps).toEqual([
    { status: 'pulling manifest' },
    ...[...layers, config].map(pulled),
    { status: 'verifying sha256 digest' },
    { status: 'writing manifest' },
    { status: 'success' },
  ])
  // The manifest is kept byte for byte: the model's digest is made of it.
  const stored = join(server.models, 'manifests', registry.host, 'library', 'tiny', 'latest')
  expect(readFileSync(stored)).toEqual(bytes)
  expect(blobNames(server.models).filter(name => name.includes('partial'))).toEqual([])
  const body = { model: `${registry.host}/library/tiny`, prompt: 'What is the capital of France?', stream: false }
  expect(await (await post(server.url, '/api/generate', body)).json()).toMatchObject({ done: true })
  // Once more: nothing is fetched, each layer is told once as there.
  expect(await pull('library/tiny')).toEqual(steps)
})

test('an update removes what only the old one needed, and says so', async () => {
  const old = await publish(registry.host, 'library/updated', 'latest', [
    ['system', 'old'],
    ['license', 'kept'],
  ])
  await pull('library/updated')
  await publish(registry.host, 'library/updated', 'latest', [
    ['system', 'new'],
    ['license', 'kept'],
  ])
  expect((await pull('library/updated')).slice(-3)).toEqual([
    { status: 'writing manifest' },
    { status: 'removing unused layers' },
    { status: 'success' },
  ])
  const names = blobNames(server.models)
  expect(old.layers.map(({ digest }) => names.includes(digest.replace(':', '-')))).toEqual([false, true])
})
