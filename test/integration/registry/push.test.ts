import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { linesOf, post, startServer, type TestServer, upload } from '../api/server.ts'
import { fixtures } from '../hearth.ts'
import { chunks } from '../library/ollama-folder.ts'
import { eventually, exit, lastLines, newClient, transferInProcess } from './client.ts'
import { type DebianRegistry, startRegistry } from './debian-registry.ts'
import { FaultyProxy } from './faulty-proxy.ts'

let registry: DebianRegistry
let proxy: FaultyProxy
let server: TestServer
const weights = join(fixtures, 'tiny-chat-q8_0.gguf')

beforeAll(async () => {
  ;[registry, server] = await Promise.all([startRegistry(), startServer()])
  proxy = await FaultyProxy.start(registry.host)
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await proxy?.close()
  await server?.close()
  await registry?.close()
})

/** A client with a model of its own under the name, as patient as a person's: no test here is about silence. */
async function clientWith(name: string) {
  const client = newClient(undefined, 30_000)
  const { digest } = await client.library.blobs.write(chunks(readFileSync(weights)))
  await client.library.create({ model: name, files: { 'm.gguf': digest }, system: `Text of ${name}.` })
  return { ...client, digest }
}

test('a model is pushed, told line by line as upstream does, and another can pull it', async () => {
  const [digest] = await upload(server.url, [weights])
  const model = `${registry.host}/person/pushed`
  await post(server.url, '/api/create', { model, files: { 'm.gguf': digest }, system: 'Be brief.', stream: false })
  const lines = await linesOf(await post(server.url, '/api/push', { model, insecure: true }))
  const manifest = JSON.parse(
    readFileSync(join(server.models, 'manifests', registry.host, 'person/pushed/latest'), 'utf8'),
  )
  const layer = ({ digest, size }: { digest: string; size: number }) => ({
    status: `pushing ${digest.slice(7, 19)}`,
    digest,
    total: size,
    completed: size,
  })
  expect(lastLines(lines)).toEqual([
    { status: 'retrieving manifest' },
    ...[...manifest.layers, manifest.config].map(layer),
    { status: 'pushing manifest' },
    { status: 'success' },
  ])
  const other = newClient()
  await other.pull(model)
  expect((await other.library.get(model)).system).toBe('Be brief.')
})

test('a layer of another model there is mounted, not sent', async () => {
  const name = `${proxy.host}/person/base`
  const client = await clientWith(name)
  await client.push(name)
  await client.library.create({ model: `${proxy.host}/person/derived`, from: name, system: 'Another.' })
  proxy.reset()
  await client.push(`${proxy.host}/person/derived`)
  const mounts = proxy.seen.filter(({ query }) => query.get('mount') === client.digest)
  expect(mounts.map(({ query }) => query.get('from'))).toEqual(['person/base'])
  const sent = proxy.seen
    .filter(({ method }) => method === 'PATCH')
    .map(({ headers }) => Number(headers['content-length']))
  expect(Math.max(...sent)).toBeLessThan(1000)
})

test('parts carry their range, the end the digest and the parts’ own sum', async () => {
  const name = `${proxy.host}/person/ranges`
  const client = await clientWith(name)
  await client.push(name)
  const size = readFileSync(weights).length
  const patch = proxy.seen.find(({ headers }) => headers['content-length'] === String(size))!
  expect(patch.headers).toMatchObject({ 'content-range': `0-${size - 1}`, 'x-redirect-uploads': '1' })
  const end = proxy.seen.find(({ query }) => query.get('digest') === client.digest)!
  const inner = createHash('md5').update(readFileSync(weights)).digest()
  expect(end.query.get('etag')).toBe(`${createHash('md5').update(inner).digest('hex')}-1`)
})

test('parts that are redirected go there without our token', async () => {
  const name = `${proxy.host}/person/redirected`
  const client = await clientWith(name)
  proxy.tokens = new Set()
  const elsewhere: Buffer[] = []
  proxy.fault = ({ method, host, path }) => {
    if (method === 'PATCH') {
      const headers = {
        location: `http://${proxy.otherHost}/store`,
        'docker-upload-location': `http://${proxy.host}${path}`,
      }
      return { status: 307, headers }
    }
    if (host === proxy.otherHost) elsewhere.push(Buffer.from(method))
    return host === proxy.otherHost || (method === 'PUT' && path.includes('uploads')) ? { status: 201 } : undefined
  }
  // The registry itself never got the bytes, and says so when it is given the manifest.
  await expect(client.push(name)).rejects.toThrow(/^400: .*MANIFEST_BLOB_UNKNOWN/)
  const stored = proxy.seen.filter(({ host }) => host === proxy.otherHost)
  expect(stored.length).toBeGreaterThanOrEqual(3)
  expect(stored.every(({ method, headers }) => method === 'PUT' && headers.authorization === undefined)).toBe(true)
})

test('signed in where the registry asks for it, tried again where it is busy', async () => {
  const name = `${proxy.host}/person/guarded`
  const client = await clientWith(name)
  proxy.tokens = new Set()
  let busy = 2
  proxy.fault = ({ method }) => (method === 'PATCH' && busy-- > 0 ? { status: 503 } : undefined)
  await client.push(name)
  proxy.reset()
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

test('a part whose answer was lost on the way is sent again, in an upload of its own', async () => {
  const name = `${proxy.host}/person/cut`
  const client = await clientWith(name)
  let cuts = 1
  proxy.fault = ({ method }) => (method === 'PATCH' && cuts-- > 0 ? { lost: true } : undefined)
  await client.push(name)
  expect(proxy.seen.filter(({ method }) => method === 'POST')).toHaveLength(4)
  proxy.reset()
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

// Registries close on a part they have already, and their refusal may not get through either: no try there ever ends
// well.
test('where no answer about a part gets through any more, it is sent in an upload of its own', async () => {
  const name = `${proxy.host}/person/deaf`
  const client = await clientWith(name)
  let deaf: string | undefined
  proxy.fault = ({ method, path }) => {
    if (method === 'PATCH') deaf ??= path
    return method === 'PATCH' && path === deaf ? { lost: true } : undefined
  }
  await client.push(name)
  expect(proxy.seen.filter(({ method }) => method === 'POST')).toHaveLength(4)
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

// The second cut was taken for a file that cannot be read, and ended the push.
test('a part whose connection is cut again and again arrives in the end', async () => {
  const name = `${proxy.host}/person/flaky`
  const client = await clientWith(name)
  let cuts = 3
  proxy.fault = ({ method }) => (method === 'PATCH' && cuts-- > 0 ? { cutsBody: true } : undefined)
  await client.push(name)
  expect(cuts).toBeLessThan(0)
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

test('an answer lost when all was sent, to a blob and to the manifest, makes nothing be sent again', async () => {
  const name = `${proxy.host}/person/end`
  const client = await clientWith(name)
  const lost = new Set<string>()
  proxy.fault = ({ method, path }) => {
    const kind = path.includes('/manifests/') ? 'manifest' : 'blob'
    if (method !== 'PUT' || lost.has(kind)) return undefined
    lost.add(kind)
    return { lost: true }
  }
  await client.push(name)
  expect(lost.size).toBe(2)
  expect(proxy.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(3)
  proxy.reset()
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

function replaceByFolder(path: string): void {
  rmSync(path)
  mkdirSync(path)
}

/** What another gets who pulls the model. */
async function systemAt(name: string): Promise<string | undefined> {
  const other = newClient()
  await other.pull(name)
  return (await other.library.get(name)).system
}

// What the killed one had begun there must not stand in the way of the next upload.
test('killed in the middle, the next push sends the model', async () => {
  const name = `${proxy.host}/person/killed`
  const client = await clientWith(name)
  proxy.fault = ({ method }) => (method === 'PATCH' ? { stallAfter: 0 } : undefined)
  const child = transferInProcess('push', client.folder, name)
  await eventually(() => expect(proxy.seen.some(({ method }) => method === 'PATCH')).toBe(true))
  child.kill('SIGKILL')
  await exit(child)
  proxy.reset()
  await client.push(name)
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

test('two at once, of one process and of another, do not disturb each other', async () => {
  const name = `${proxy.host}/person/twice`
  const client = await clientWith(name)
  const child = exit(transferInProcess('push', client.folder, name))
  await Promise.all([client.push(name), client.push(name)])
  expect(await child).toBe(0)
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

test('two at once of one process send each blob once, and both tell how far it is', async () => {
  const name = `${proxy.host}/person/shared`
  const client = await clientWith(name)
  await client.library.copy(name, `${name}:other`)
  await Promise.all([client.push(name), client.push(`${name}:other`)])
  expect(proxy.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(3)
  const whole = ({ digest, completed, total }: (typeof client.told)[number]) =>
    digest === client.digest && completed === total
  expect(client.told.filter(whole).length).toBeGreaterThanOrEqual(2)
})

test('when the one who sends a blob leaves, the other sends it', async () => {
  const name = `${proxy.host}/person/heir`
  const client = await clientWith(name)
  let stalls = 1
  proxy.fault = ({ method }) => (method === 'PATCH' && stalls-- > 0 ? { stallAfter: 0 } : undefined)
  const gone = new AbortController()
  const first = client.push(name, gone.signal)
  await eventually(() => expect(proxy.seen.some(({ method }) => method === 'PATCH')).toBe(true))
  const second = client.push(name)
  gone.abort()
  await expect(first).rejects.toThrow('aborted')
  await second
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

// What Debian's registry said now and then, while a push from another computer ended.
test.each(['MANIFEST_BLOB_UNKNOWN', 'DIGEST_INVALID'])('a manifest refused with %s is sent again', async code => {
  const name = `${proxy.host}/person/unsettled`
  const client = await clientWith(name)
  let refusals = 2
  const body = JSON.stringify({ errors: [{ code, message: 'blob unknown to registry' }] })
  proxy.fault = ({ method, path }) =>
    method === 'PUT' && path.includes('/manifests/') && refusals-- > 0 ? { status: 400, body } : undefined
  await client.push(name)
  expect(await systemAt(name)).toBe(`Text of ${name}.`)
})

// Sent six times more, with the waits between, before anybody heard of it; a disk's error looks like a network's.
test.each<[string, (blob: string) => void, RegExp]>([
  ['has become shorter', blob => truncateSync(blob, 1000), /sha256-.*: the file is shorter than it was$/],
  ['cannot be read', blob => replaceByFolder(blob), /sha256-.*: read: is a directory$/],
])('a blob that %s while it is sent ends the push', async (_, harm, message) => {
  const name = `${proxy.host}/person/harmed`
  const client = await clientWith(name)
  const blob = join(client.models, 'blobs', client.digest.replace(':', '-'))
  proxy.fault = ({ method }) => {
    if (method === 'POST') harm(blob)
    return undefined
  }
  await expect(client.push(name)).rejects.toThrow(message)
  expect(proxy.seen.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(1)
})

// The bytes would go to whatever the address names, and in the clear where the registry was asked encrypted.
test.each(['file:///etc/passwd', 'http://', 'javascript:1'])(
  'a place to upload to that is not safe: %s',
  async place => {
    const name = `${proxy.host}/person/astray`
    const client = await clientWith(name)
    proxy.fault = ({ method }) => (method === 'POST' ? { status: 202, headers: { location: place } } : undefined)
    await expect(client.push(name)).rejects.toThrow(`not safe: ${place}`)
    proxy.fault = ({ method }) =>
      method === 'PATCH' ? { status: 307, headers: { location: place, 'docker-upload-location': '/v2/x' } } : undefined
    await expect(client.push(name)).rejects.toThrow(`not safe: ${place}`)
  },
)

// Each part is read by the path the push began with: moved away in between, it would break off.
test('models are not moved away under a push', async () => {
  const name = `${proxy.host}/person/moved`
  const client = await clientWith(name)
  const pushing = client.push(name)
  await eventually(() => expect(proxy.seen).not.toEqual([]))
  const told = client.library.folder.changes.hold(async () => client.told.at(-1), new AbortController().signal)
  expect(await told).toEqual({ status: 'success' })
  await pushing
})

test('a client that leaves ends the upload', async () => {
  const name = `${proxy.host}/person/left`
  const client = await clientWith(name)
  proxy.fault = ({ method }) => (method === 'PATCH' ? { stallAfter: 0 } : undefined)
  const gone = new AbortController()
  const end = client.push(name, gone.signal)
  await eventually(() => expect(proxy.seen.some(({ method }) => method === 'PATCH')).toBe(true))
  gone.abort()
  await expect(end).rejects.toThrow('aborted')
})

test.each([
  [{}, 400, { error: 'model is required' }],
  [{ model: 'a b' }, 500, { error: 'unqualified name: a b' }],
  [{ model: 'http://127.0.0.1/a/b' }, 500, { error: 'insecure protocol http' }],
  [
    { name: 'nobody/has:this' },
    500,
    { error: expect.stringMatching(/^open .*manifests.*: no such file or directory$/) },
  ],
])('push %j is answered %i', async (body, status, answer) => {
  const response = await post(server.url, '/api/push', { ...body, stream: false })
  expect([response.status, await response.json()]).toEqual([status, answer])
})

test('a model that is not there is told after two steps', async () => {
  expect(await linesOf(await post(server.url, '/api/push', { model: 'nobody/has:this' }))).toEqual([
    { status: 'retrieving manifest' },
    { status: "couldn't retrieve manifest" },
    { error: expect.stringMatching(/^open .*: no such file or directory$/) },
  ])
})

test('a blob that is missing here is named', async () => {
  const name = `${proxy.host}/person/broken`
  const client = await clientWith(name)
  rmSync(join(client.models, 'blobs', client.digest.replace(':', '-')))
  await expect(client.push(name)).rejects.toThrow(/^open .*sha256-.*: no such file or directory$/)
})
