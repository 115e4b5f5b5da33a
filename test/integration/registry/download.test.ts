import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { blobNames } from '../library/ollama-folder.ts'
import { eventually, exit, newClient, stallMs, transferInProcess } from './client.ts'
import { type DebianRegistry, type Descriptor, publish, startRegistry } from './debian-registry.ts'
import { type Fault, FaultyProxy, type Seen } from './faulty-proxy.ts'

let registry: DebianRegistry
let proxy: FaultyProxy
let big: Descriptor
let small: Descriptor
/** Three parts: 16 MB, 16 MB, 8 MB. */
const bytes = pseudoRandom(40_000_000)
const model = () => `${proxy.host}/library/tiny`

beforeAll(async () => {
  registry = await startRegistry()
  proxy = await FaultyProxy.start(registry.host)
  const { layers } = await publish(registry.host, 'library/tiny', 'latest', [
    ['model', bytes],
    ['system', 'Be brief.'],
  ])
  ;[big, small] = layers as [Descriptor, Descriptor]
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await proxy?.close()
  await registry?.close()
})

/** Bytes no compression and no hole in a file can stand for. */
function pseudoRandom(length: number): Buffer {
  const block = createHash('shake256', { outputLength: 1_000_000 }).update('seed').digest()
  return Buffer.concat(
    Array.from({ length: length / block.length }, (_, i) => Buffer.from(block.map(byte => byte ^ i))),
  )
}

const isBig = ({ path, method }: Seen) => method === 'GET' && path.endsWith(big.digest)

/** Spoils the first answers with bytes of the large blob, one fault each. */
function spoil(...faults: Fault[]): void {
  proxy.fault = seen => (isBig(seen) ? faults.shift() : undefined)
}

function expectWhole(models: string): void {
  expect(blobNames(models).filter(name => name.includes('partial'))).toEqual([])
  expect(readFileSync(join(models, 'blobs', big.digest.replace(':', '-'))).equals(bytes)).toBe(true)
}

const starts = () => proxy.ranges.filter(isBig).map(({ range }) => range![0])

test('a connection that is cut goes on at the byte where it was cut', async () => {
  spoil({ cutAfter: 3_000_000 }, { cutAfter: 5_000_000 })
  const client = newClient()
  await client.pull(model())
  expectWhole(client.models)
  const again = starts().filter(start => start % 16_000_000 !== 0)
  expect(again).toHaveLength(2)
  for (const start of again) expect(start % 16_000_000).toBeGreaterThan(0)
})

// Each part more was a request that cost the registry 10 ms, and 4 ms in which nothing came.
test('a fast server is asked for several parts at once; cut off among them, it goes on at the byte where it was cut', async () => {
  proxy.fault = seen => (isBig(seen) && seen.range![0] === 0 ? { cutAfter: 20_000_000 } : undefined)
  const client = newClient(undefined, undefined, () => Number.POSITIVE_INFINITY)
  await client.pull(model())
  expectWhole(client.models)
  const [first, second, ...others] = proxy.ranges.filter(isBig).map(({ range }) => range!)
  expect([first, second![1], others]).toEqual([[0, 39_999_999], 39_999_999, []])
  // Some of what was sent last may be lost with its connection.
  expect(second![0]).toBeGreaterThan(0)
  expect(second![0]).toBeLessThanOrEqual(20_000_000)
})

test('of several parts asked for at once, those that came are not asked for again after an end in their middle', async () => {
  proxy.fault = seen => (isBig(seen) ? { slow: 20_000_000, from: 18_000_000 } : undefined)
  const folder = mkdtempSync(join(tmpdir(), 'hearth-run-'))
  const client = newClient(folder, undefined, () => Number.POSITIVE_INFINITY)
  const gone = new AbortController()
  const end = client.pull(model(), gone.signal).catch(error => error)
  const state = (n: number) =>
    JSON.parse(readFileSync(join(client.models, 'blobs', `${big.digest.replace(':', '-')}-partial-${n}`), 'utf8'))
  await eventually(() => expect(state(1).Completed).toBe(16_000_000))
  // What a kill would leave: the run is not over.
  expect(state(2).Completed).toBeLessThan(8_000_000)
  gone.abort()
  expect((await end).name).toBe('AbortError')
  proxy.reset()
  await client.pull(model())
  expectWhole(client.models)
  expect(starts().every(start => start >= 32_000_000)).toBe(true)
})

test('a silent connection is given up, and what it brought is kept', async () => {
  spoil({ stallAfter: 2_000_000 })
  const client = newClient(undefined, stallMs)
  await client.pull(model())
  expectWhole(client.models)
  expect(starts().map(start => start % 16_000_000)).toContain(2_000_000)
})

test('from a server that knows no ranges a large blob comes in one stream, anew when that is cut', async () => {
  let requests = 0
  proxy.fault = seen => {
    if (!isBig(seen)) return undefined
    return { rangeless: true, cutAfter: ++requests < 7 ? 20_000_000 : undefined }
  }
  const client = newClient()
  await client.pull(model())
  expectWhole(client.models)
})

// The first part was hashed and then written over: its digest would have let the other bytes through.
test('a server that stops sending parts is held to what it sends in the end', async () => {
  const isFirstPart = ({ range }: Seen) => range![1] < 16_000_000
  proxy.fault = seen => (isBig(seen) && !isFirstPart(seen) ? { rangeless: true, wrongByteAt: 1_234_567 } : undefined)
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow('digest mismatch')
  expect(blobNames(client.models)).toEqual([])
  proxy.fault = seen => (isBig(seen) && !isFirstPart(seen) ? { rangeless: true } : undefined)
  await client.pull(model())
  expectWhole(client.models)
})

test('what one who was killed left of a blob that is whole goes with the next pull', async () => {
  const client = newClient()
  await client.pull(model())
  const blob = join(client.models, 'blobs', big.digest.replace(':', '-'))
  writeFileSync(`${blob}-partial-0`, '{"N":0,"Offset":0,"Size":40000000,"Completed":40000000}')
  writeFileSync(`${blob}-lock`, '')
  await client.pull(model())
  expect(blobNames(client.models).filter(name => /-(partial|lock)/.test(name))).toEqual([])
})

test.each([429, 500, 503])('a registry that says %d is asked again', async status => {
  const seen = new Set<string>()
  // Every address answers so once, the manifest's too.
  proxy.fault = ({ method, path }) => {
    const key = `${method} ${path}`
    if (seen.has(key)) return undefined
    seen.add(key)
    return { status, headers: { 'retry-after': '0' } }
  }
  const client = newClient()
  await client.pull(model())
  expectWhole(client.models)
})

test('one that goes on failing is given up with its words, and what is there stays for the next time', async () => {
  proxy.fault = seen => (isBig(seen) && seen.range![0] >= 16_000_000 ? { status: 500, body: 'tired' } : undefined)
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow('max retries exceeded: 500: tired')
  proxy.reset()
  await client.pull(model())
  expectWhole(client.models)
  expect(starts()).not.toContain(0)
})

test('a wrong byte is found, its file removed, the person told; the next pull begins afresh', async () => {
  spoil({ wrongByteAt: 1_234_567 })
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow(
    new RegExp(`^digest mismatch, file must be downloaded again: want ${big.digest}, got sha256:[0-9a-f]{64}$`),
  )
  expect(client.told.at(-1)).toEqual({ status: 'verifying sha256 digest' })
  expect(blobNames(client.models)).toEqual([])
  await client.pull(model())
  expectWhole(client.models)
})

test('a blob that has become shorter is told, and begun afresh', async () => {
  spoil({ status: 416, body: 'no such range' })
  const client = newClient()
  await expect(client.pull(model())).rejects.toThrow('416: no such range')
  expect(blobNames(client.models)).toEqual([])
  await client.pull(model())
  expectWhole(client.models)
})

test('redirected to another host, parts are fetched there, without our token; a stale address is asked for anew', async () => {
  proxy.tokens = new Set()
  let stale = true
  proxy.fault = seen => {
    if (!isBig(seen)) return undefined
    if (seen.host === proxy.host) {
      return { status: 307, headers: { location: `http://${proxy.otherHost}${seen.path}?signature=x` } }
    }
    if (!stale || seen.range![0] === 0) return undefined
    stale = false
    return { status: 403, body: 'expired' }
  }
  const client = newClient()
  await client.pull(model())
  expectWhole(client.models)
  const there = proxy.seen.filter(({ host }) => host === proxy.otherHost)
  expect(there.length).toBeGreaterThan(3)
  expect(there.map(({ headers }) => headers.authorization)).toEqual(there.map(() => undefined))
})

test('a registry that asks who we are gets a signature of the key that is made for it, and its token back', async () => {
  proxy.tokens = new Set()
  const client = newClient()
  await client.pull(model())
  expectWhole(client.models)
  const asked = proxy.seen.filter(({ path }) => path === '/token')
  expect(asked).toHaveLength(1)
  expect([...asked[0]!.query.keys()]).toEqual(['nonce', 'scope', 'scope', 'service', 'ts'])
  expect(readFileSync(join(client.folder, '.ollama', 'id_ed25519.pub'), 'utf8')).toMatch(/^ssh-ed25519 AAAA\S+\n$/)
})

test('a token that does not help is said, once and for all', async () => {
  proxy.fault = ({ path }) =>
    path === '/token'
      ? { status: 200, body: '{"token":"x"}' }
      : {
          status: 401,
          headers: { 'www-authenticate': `Bearer realm="http://${proxy.host}/token",service="s",scope="a"` },
        }
  await expect(newClient().pull(model())).rejects.toThrow('pull model manifest: unauthorized: access denied')
  expect(proxy.seen).toHaveLength(3)
})

// A cancelled pull hung for as long as a silent peer is borne with.
test('whoever leaves while the token is on its way does not wait for it', async () => {
  const challenge = { 'www-authenticate': `Bearer realm="http://${proxy.host}/token",service="s",scope="a"` }
  proxy.fault = ({ path }) => (path === '/token' ? { stallAfter: 0 } : { status: 401, headers: challenge })
  const client = newClient(undefined, 3_600_000)
  const gone = new AbortController()
  const end = client.pull(model(), gone.signal)
  await eventually(() => expect(proxy.seen.some(({ path }) => path === '/token')).toBe(true))
  gone.abort()
  await expect(end).rejects.toThrow('aborted')
})

test('a realm on another host learns nothing of us', async () => {
  const realm = `http://${proxy.otherHost}/token`
  proxy.fault = () => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="s",scope="a"` },
  })
  await expect(newClient().pull(model())).rejects.toThrow(
    `realm host "${proxy.otherHost}" does not match original host "${proxy.host}"`,
  )
  expect(proxy.seen.filter(({ host }) => host !== proxy.host)).toEqual([])
})

test('two who want the same blob share its download; it goes on for the second when the first leaves', async () => {
  proxy.fault = seen => (isBig(seen) ? { slow: 40_000_000 } : undefined)
  const client = newClient()
  const first = new AbortController()
  const left = client.pull(model(), first.signal).catch(error => error)
  const second = client.pull(model())
  await eventually(() => expect(starts()).toHaveLength(3))
  first.abort()
  expect((await left).name).toBe('AbortError')
  await second
  expectWhole(client.models)
  expect(starts().sort((a, b) => a - b)).toEqual([0, 16_000_000, 32_000_000])
})

test('the last to leave ends the download; the next goes on where it stopped', async () => {
  proxy.fault = seen => (isBig(seen) ? { slow: 8_000_000 } : undefined)
  const client = newClient()
  const gone = new AbortController()
  const ends = [client.pull(model(), gone.signal), client.pull(model(), gone.signal)]
  await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThan(4_000_000))
  gone.abort()
  const aborted = expect.objectContaining({
    status: 'rejected',
    reason: expect.objectContaining({ name: 'AbortError' }),
  })
  expect(await Promise.allSettled(ends)).toEqual([aborted, aborted])
  const done = client.told.at(-1)!.completed!
  proxy.reset()
  await client.pull(model())
  expectWhole(client.models)
  const fetched = proxy.ranges.filter(isBig).reduce((sum, { range }) => sum + range![1] - range![0] + 1, 0)
  expect(fetched).toBeLessThanOrEqual(bytes.length - done)
})

const pullInProcess = (folder: string) => transferInProcess('pull', folder, model())

test('killed in the middle, it goes on where it stopped, and fetches no finished part twice', async () => {
  // The first part comes at full speed, the others slowly.
  proxy.fault = seen => (isBig(seen) && seen.range![0] > 0 ? { slow: 4_000_000 } : undefined)
  const folder = mkdtempSync(join(tmpdir(), 'hearth-killed-'))
  const child = pullInProcess(folder)
  const state = () => readFileSync(join(folder, 'models', 'blobs', `${big.digest.replace(':', '-')}-partial-0`), 'utf8')
  await eventually(() => expect(JSON.parse(state()).Completed).toBe(16_000_000))
  child.kill('SIGKILL')
  await exit(child)
  proxy.reset()
  const client = newClient(folder)
  await client.pull(model())
  expectWhole(client.models)
  expect(starts()).not.toContain(0)
})

test('two processes want one blob: one fetches it, the other waits, and wrong bytes would not reach it', async () => {
  const begun = new Set<number>()
  proxy.fault = seen => {
    if (!isBig(seen)) return undefined
    const isSecond = begun.has(seen.range![0])
    begun.add(seen.range![0])
    // What comes late could be written over a file that was checked already.
    return isSecond ? { wrongByteAt: 10 } : { slow: 8_000_000 }
  }
  const folder = mkdtempSync(join(tmpdir(), 'hearth-both-'))
  const client = newClient(folder)
  const child = exit(pullInProcess(folder))
  await eventually(() => expect(starts()).toHaveLength(3))
  // Nor does one who takes the model off a list take it from under the other's hands.
  await client.registry.discard([big.digest])
  await client.pull(model())
  expect(await child).toBe(0)
  expectWhole(client.models)
  expect(starts()).toHaveLength(3)
  // The one who waits tells how far the other is, and leaves no lock behind.
  const told = client.told.filter(({ digest, completed = 0 }) => digest === big.digest && completed < bytes.length)
  expect(told.some(({ completed = 0, total }) => completed > 0 && total === bytes.length)).toBe(true)
  expect(blobNames(client.models).filter(name => name.endsWith('-lock'))).toEqual([])
})

test('killed while another process waits for its blob, it is taken over where it was', async () => {
  proxy.fault = seen => (isBig(seen) && seen.range![0] > 0 ? { slow: 4_000_000 } : undefined)
  const folder = mkdtempSync(join(tmpdir(), 'hearth-heir-'))
  const client = newClient(folder)
  const child = pullInProcess(folder)
  await eventually(() => expect(starts()).toHaveLength(3))
  const end = client.pull(model())
  await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThanOrEqual(16_000_000))
  child.kill('SIGKILL')
  proxy.fault = () => undefined
  await end
  expectWhole(client.models)
  expect(starts().filter(start => start === 0)).toHaveLength(1)
})

test('what an Ollama began is finished: its parts are of other sizes', async () => {
  const client = newClient()
  const partial = join(client.models, 'blobs', `${big.digest.replace(':', '-')}-partial`)
  mkdirSync(join(client.models, 'blobs'), { recursive: true })
  writeFileSync(partial, bytes.subarray(0, 25_000_000))
  truncateSync(partial, bytes.length)
  writeFileSync(`${partial}-0`, '{"N":0,"Offset":0,"Size":30000000,"Completed":25000000}\n')
  writeFileSync(`${partial}-1`, '{"N":1,"Offset":30000000,"Size":10000000,"Completed":0}\n')
  await client.pull(model())
  expectWhole(client.models)
  expect(proxy.ranges.filter(isBig).map(({ range }) => range)).toEqual(
    expect.arrayContaining([
      [25_000_000, 29_999_999],
      [30_000_000, 39_999_999],
    ]),
  )
})

/** What a kill or a power cut left: the first two parts are finished, so their states say. */
function leave(models: string, left: Buffer): void {
  const partial = join(models, 'blobs', `${big.digest.replace(':', '-')}-partial`)
  mkdirSync(join(models, 'blobs'), { recursive: true })
  writeFileSync(partial, left)
  truncateSync(partial, bytes.length)
  const state = (n: number, size: number, completed: number) =>
    writeFileSync(`${partial}-${n}`, JSON.stringify({ N: n, Offset: n * 16_000_000, Size: size, Completed: completed }))
  state(0, 16_000_000, 16_000_000)
  state(1, 16_000_000, 16_000_000)
  state(2, 8_000_000, 0)
}

// The first pull after a power cut failed, and all of the blob was fetched again.
test('a state that speaks of bytes the disk never got costs no more than the rest of its part', async () => {
  const client = newClient()
  leave(client.models, Buffer.from(bytes.subarray(0, 32_000_000)).fill(0, 21_000_000, 23_000_000))
  await client.pull(model())
  expectWhole(client.models)
  const [last, again] = proxy.ranges.filter(isBig).map(({ range }) => range!)
  expect(last).toEqual([32_000_000, 39_999_999])
  expect(again![0]).toBeGreaterThan(20_990_000)
  expect(again![0]).toBeLessThanOrEqual(21_000_000)
  expect(again![1]).toBe(31_999_999)
  expect(proxy.ranges.filter(isBig)).toHaveLength(2)
})

test('killed while that is mended, the next pull does not trust the state either', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-doubt-'))
  const client = newClient(folder)
  leave(client.models, Buffer.from(bytes.subarray(0, 32_000_000)).fill(0, 1_000_000, 2_000_000))
  proxy.fault = seen => (isBig(seen) && seen.range![0] < 16_000_000 ? { slow: 4_000_000 } : undefined)
  const child = pullInProcess(folder)
  await eventually(() => expect(starts().some(start => start < 16_000_000)).toBe(true))
  child.kill('SIGKILL')
  await exit(child)
  proxy.reset()
  await client.pull(model())
  expectWhole(client.models)
  expect(starts()).toHaveLength(1)
})

test('wrong bytes that a state vouches for are found, removed and told; so is a lie beside a wrong answer', async () => {
  const client = newClient()
  leave(client.models, Buffer.from(bytes.subarray(0, 32_000_000)).fill('x', 21_000_000, 23_000_000))
  await expect(client.pull(model())).rejects.toThrow('digest mismatch')
  expect(blobNames(client.models)).toEqual([])
  leave(client.models, Buffer.from(bytes.subarray(0, 32_000_000)).fill(0, 21_000_000, 23_000_000))
  proxy.fault = seen => (isBig(seen) ? { wrongByteAt: 10 } : undefined)
  await expect(client.pull(model())).rejects.toThrow('digest mismatch')
  expect(blobNames(client.models)).toEqual([])
  proxy.reset()
  await client.pull(model())
  expectWhole(client.models)
})

test('what is begun here, an Ollama can finish: its parts cover the whole blob', async () => {
  proxy.fault = seen => (isBig(seen) ? { slow: 8_000_000 } : undefined)
  const client = newClient()
  const gone = new AbortController()
  const end = client.pull(model(), gone.signal).catch(() => undefined)
  await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThan(2_000_000))
  gone.abort()
  await end
  const states = blobNames(client.models).filter(name => /-partial-\d+$/.test(name))
  const parts = states.map(name => JSON.parse(readFileSync(join(client.models, 'blobs', name), 'utf8')))
  // Upstream takes the sum of all sizes for the blob's, and never asks the registry again.
  expect(parts.reduce((sum, { Size }) => sum + Size, 0)).toBe(bytes.length)
  for (const part of parts) expect(Object.keys(part)).toEqual(['N', 'Offset', 'Size', 'Completed'])
})

test('parts that nobody has begun yet have their states as well, and what contradicts them is gone', async () => {
  proxy.fault = seen => (isBig(seen) ? { slow: 8_000_000 } : undefined)
  const client = newClient()
  const partial = join(client.models, 'blobs', `${big.digest.replace(':', '-')}-partial`)
  mkdirSync(join(client.models, 'blobs'), { recursive: true })
  writeFileSync(partial, '')
  truncateSync(partial, bytes.length)
  const state = (n: number, offset: number) =>
    writeFileSync(`${partial}-${n}`, `{"N":${n},"Offset":${offset},"Size":1000000,"Completed":0}`)
  // Gaps between them make more parts than are fetched at first; the last lies over another.
  for (let n = 0; n < 8; n++) state(n, (2 * n + 1) * 1_000_000)
  state(8, 1_500_000)
  const gone = new AbortController()
  const end = client.pull(model(), gone.signal).catch(() => undefined)
  await eventually(() => expect(starts().length).toBeGreaterThan(0))
  gone.abort()
  await end
  const states = blobNames(client.models).filter(name => /-partial-\d+$/.test(name))
  const parts = states.map(name => JSON.parse(readFileSync(join(client.models, 'blobs', name), 'utf8')))
  let at = 0
  for (const { Offset, Size } of parts.sort((a, b) => a.Offset - b.Offset)) {
    expect(Offset).toBe(at)
    at += Size
  }
  expect(at).toBe(bytes.length)
})

test.each([
  ['is empty', ''],
  ['is no JSON', '{"N":0,'],
  ['claims more than its size', '{"N":0,"Offset":0,"Size":16000000,"Completed":17000000}'],
  ['lies behind the end', '{"N":0,"Offset":99000000,"Size":16000000,"Completed":16000000}'],
  ['has a size out of this world', '{"N":0,"Offset":0,"Size":1e30,"Completed":1e30}'],
])('a state that %s is not believed', async (_, state) => {
  const client = newClient()
  const partial = join(client.models, 'blobs', `${big.digest.replace(':', '-')}-partial`)
  mkdirSync(join(client.models, 'blobs'), { recursive: true })
  writeFileSync(partial, '')
  truncateSync(partial, bytes.length)
  writeFileSync(`${partial}-0`, state)
  await client.pull(model())
  expectWhole(client.models)
})

// The bytes of a stranger went into whatever file a link was laid to.
test('links in the place of a begun download and its states are not written through', async () => {
  const client = newClient()
  leave(client.models, bytes.subarray(0, 32_000_000))
  const partial = join(client.models, 'blobs', `${big.digest.replace(':', '-')}-partial`)
  const outside = [partial, `${partial}-1`].map((path, i) => {
    const target = join(client.folder, `outside-${i}`)
    renameSync(path, target)
    symlinkSync(target, path)
    return { target, before: readFileSync(target) }
  })
  await client.pull(model())
  expectWhole(client.models)
  for (const { target, before } of outside) expect(readFileSync(target).equals(before)).toBe(true)
})

test('a file of the wrong size under a blob’s name is replaced', async () => {
  const client = newClient()
  mkdirSync(join(client.models, 'blobs'), { recursive: true })
  writeFileSync(join(client.models, 'blobs', small.digest.replace(':', '-')), 'half')
  await client.pull(model())
  expect(readFileSync(join(client.models, 'blobs', small.digest.replace(':', '-')), 'utf8')).toBe('Be brief.')
})
