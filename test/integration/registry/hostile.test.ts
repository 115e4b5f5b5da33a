import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { linesOf, post, startServer, type TestServer } from '../api/server.ts'
import { blobNames } from '../library/ollama-folder.ts'
import { newClient } from './client.ts'
import { digestOf } from './debian-registry.ts'
import { type Fault, FaultyProxy, type Seen } from './faulty-proxy.ts'

/** Answers nobody should get from a registry; each ends in a clear error, with nothing half-written here. */

let proxy: FaultyProxy
let server: TestServer

beforeAll(async () => {
  // Nothing is behind it: every answer is its own.
  ;[proxy, server] = await Promise.all([FaultyProxy.start('127.0.0.1:9'), startServer()])
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

const model = () => `${proxy.host}/library/hostile`
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
const layer = (content: string, more: object = {}) => ({
  mediaType: 'application/vnd.ollama.image.system',
  digest: digestOf(content),
  size: content.length,
  ...more,
})
const manifest = (...layers: object[]) =>
  JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: layer('{}'), layers })

/** Serves a manifest, and blobs by their content. */
function serve(
  body: string | Buffer,
  blobs: readonly string[] = ['{}'],
  blob?: (seen: Seen) => Fault | undefined,
): void {
  const contents = new Map(blobs.map(content => [digestOf(content), content]))
  proxy.fault = seen => {
    if (seen.path.includes('/manifests/')) return { status: 200, body }
    const content = contents.get(seen.path.split('/').at(-1)!)
    const special = blob?.(seen)
    if (special) return special
    if (content === undefined) return { status: 404 }
    if (seen.method === 'HEAD') return { status: 200, headers: { 'content-length': String(content.length) } }
    const [first, last] = seen.range!
    return {
      status: 206,
      body: content.slice(first, last + 1),
      headers: { 'content-range': `bytes ${first}-${last}/${content.length}` },
    }
  }
}

test.each<[string, string | Buffer, RegExp]>([
  ['is cut off', manifest(layer('x')).slice(0, -40), /JSON/],
  ['is empty', '', /JSON/],
  ['is a page', '<html>Sign in</html>', /JSON/],
  ['is a list', '[]', /manifest: root/],
  ['has no config', JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [] }), /manifest: config/],
  [
    'has a digest that climbs',
    manifest(layer('x', { digest: 'sha256:../../../../etc/passwd' })),
    /invalid digest format/,
  ],
  ['has a digest too short', manifest(layer('x', { digest: 'sha256:abc' })), /invalid digest format/],
  ['has a digest too long', manifest(layer('x', { digest: `${digestOf('x')}0` })), /invalid digest format/],
  ['has another kind of digest', manifest(layer('x', { digest: `md5:${'0'.repeat(32)}` })), /invalid digest format/],
  ['has a negative size', manifest(layer('x', { size: -1 })), /manifest: layers.0.size/],
  ['has a size out of this world', manifest(layer('x', { size: 1e30 })), /manifest: layers.0.size/],
  ['has half a byte', manifest(layer('x', { size: 0.5 })), /manifest: layers.0.size/],
  ['is far too large', Buffer.alloc(17 * 1024 * 1024, ' '), /more than 16777216 bytes/],
])('a manifest that %s', async (_, body, message) => {
  serve(body)
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow(new RegExp(`^pull model manifest: .*${message.source}`))
  expect(client.told).toEqual([{ status: 'pulling manifest' }])
  await expect(client.library.list()).resolves.toEqual([])
})

test('a model for MLX is refused in upstream’s words', async () => {
  serve(manifest(layer('x', { mediaType: 'application/vnd.ollama.image.tensor' })))
  await expect(newClient().pull(model())).rejects.toThrow(
    'this model requires MLX support, but the MLX runtime is not available',
  )
})

test('a thousand layers, many of them the same, are fetched once each', async () => {
  const contents = Array.from({ length: 250 }, (_, i) => `layer ${i}`)
  serve(manifest(...Array.from({ length: 1000 }, (_, i) => layer(contents[i % 250]!))), ['{}', ...contents])
  const client = newClient()
  await client.pull(model())
  expect(blobNames(client.models)).toHaveLength(251)
  expect(proxy.ranges).toHaveLength(251)
})

test('an empty layer is an empty file', async () => {
  serve(manifest(layer('')), ['{}', ''])
  const client = newClient()
  await client.pull(model())
  expect(blobNames(client.models)).toContain(digestOf('').replace(':', '-'))
})

test.each<[string, (seen: Seen) => Fault | undefined, RegExp]>([
  ['sends less than it promised', ({ method }) => less(method), /^max retries exceeded: unexpected EOF$/],
  ['sends another range', ({ method }) => other(method), /^max retries exceeded: .*did not send the range/],
  ['promises more than any disk holds', ({ method }) => huge(method), /^no space left on device$/],
  [
    'redirects without end',
    ({ path }) => ({ status: 307, headers: { location: path } }),
    /^maximum redirects exceeded/,
  ],
  ['redirects to a file', () => ({ status: 307, headers: { location: 'file:///etc/passwd' } }), /not safe/],
  ['does not have it', () => ({ status: 404 }), /^file does not exist$/],
  ['forbids it', ({ method }) => (method === 'GET' ? { status: 403, body: 'gated' } : undefined), /^403: gated$/],
])('a blob whose registry %s', async (_, blob, message) => {
  serve(manifest(layer('content')), ['{}', 'content'], blob)
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow(message)
  expect(blobNames(client.models).filter(name => !name.includes('partial'))).toEqual([])
  expect(await client.library.list()).toEqual([])
})

const less = (method: string): Fault | undefined =>
  method === 'GET' ? { status: 206, headers: { 'content-range': 'bytes 0-6/7' }, body: '' } : undefined
const other = (method: string): Fault | undefined =>
  method === 'GET' ? { status: 206, headers: { 'content-range': 'bytes 3-6/7' }, body: 'tent' } : undefined
const huge = (method: string): Fault | undefined =>
  method === 'HEAD' ? { status: 200, headers: { 'content-length': String(2 ** 52) } } : undefined

test('where a registry tells no size, the manifest’s is taken', async () => {
  const blob = ({ method }: Seen): Fault | undefined => (method === 'HEAD' ? { status: 200 } : undefined)
  serve(manifest(layer('content')), ['{}', 'content'], blob)
  const client = newClient()
  await client.pull(model())
  expect((await client.library.get(model())).system).toBe('content')
})

test('a size the manifest is wrong about does not make a whole blob come again', async () => {
  serve(manifest(layer('content', { size: 99 })), ['{}', 'content'])
  const client = newClient()
  await client.pull(model())
  const fetched = proxy.ranges.length
  await client.pull(model())
  expect(proxy.ranges).toHaveLength(fetched)
})

test('more bytes than were asked for are not written', async () => {
  serve(manifest(layer('content')), ['{}', 'content'], ({ method, path }) =>
    method === 'GET' && path.endsWith(digestOf('content')) ? { status: 200, body: 'content and then some' } : undefined,
  )
  const client = newClient()
  await client.pull(model())
  expect((await client.library.get(model())).system).toBe('content')
})

test('an error text as long as a book is cut', async () => {
  proxy.fault = () => ({ status: 400, body: 'x'.repeat(5_000_000) })
  const error: Error = await newClient()
    .pull(model())
    .catch(error => error)
  expect(error.message).toMatch(/^pull model manifest: 400: x+$/)
  expect(error.message.length).toBeLessThan(20_000)
})

test.each([
  ['', 400, 'invalid model name'],
  ['a b', 400, 'invalid model name'],
  ['../../x', 400, 'invalid model name'],
  ['a:b:c/d/e', 400, 'invalid model name'],
  ['m:local:cloud', 400, 'invalid model name'],
  ['http://127.0.0.1/a/b', 500, 'insecure protocol http'],
  [
    '127.0.0.1:9/a/b',
    500,
    /^pull model manifest: Get "https:\/\/127\.0\.0\.1:9\/v2\/a\/b\/manifests\/latest": dial tcp 127\.0\.0\.1:9: connect: connection refused$/,
  ],
])('the API answers %j with %i', async (name, status, message) => {
  const response = await post(server.url, '/api/pull', { model: name, stream: false })
  expect([response.status, await response.json()]).toEqual([
    status,
    { error: typeof message === 'string' ? message : expect.stringMatching(message) },
  ])
})

test('a registry without TLS, not called insecure, is told in words that say so', async () => {
  const [host] = model().split('/')
  const response = await post(server.url, '/api/pull', { model: `${host}/a/b`, stream: false })
  const address = `https://${host}/v2/a/b/manifests/latest`
  const error = `pull model manifest: Get "${address}": http: server gave HTTP response to HTTPS client`
  expect([response.status, await response.json()]).toEqual([500, { error }])
})

test('a registry that knows no such model is told as upstream tells it, streamed and at once', async () => {
  proxy.fault = () => ({ status: 404 })
  const body = { model: model(), insecure: true }
  const error = 'pull model manifest: file does not exist'
  expect(await linesOf(await post(server.url, '/api/pull', body))).toEqual([{ status: 'pulling manifest' }, { error }])
  const response = await post(server.url, '/api/pull', { ...body, stream: false })
  expect([response.status, await response.json()]).toEqual([500, { error }])
  expect(readdirSync(server.models)).toContain('blobs')
})
