import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { blobNames, chunks, eachInTemporaryFolder, fixture, sha256 } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let library: Library
beforeEach(() => {
  library = new Library({ modelsFolder: folder.path })
})

const problem = (status: number, message: string) =>
  expect.objectContaining({ name: 'Problem', code: 'invalid-request', status, message })
const name = (content: Buffer | string) => `sha256-${sha256(content)}`
const lora = fixture('tiny-pirate-lora.gguf')

describe('a blob', () => {
  it('is stored under its digest, whole, for everyone to read', async () => {
    expect(await library.blobs.write(chunks(lora, 1000), { expected: `sha256:${sha256(lora)}` })).toEqual({
      digest: `sha256:${sha256(lora)}`,
      size: lora.length,
      existed: false,
    })
    expect(blobNames(folder.path)).toEqual([name(lora)])
    const path = join(folder.path, 'blobs', name(lora))
    expect(sha256(readFileSync(path))).toBe(sha256(lora))
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  it('may be empty', async () => {
    expect(await library.blobs.write(chunks(Buffer.alloc(0)))).toMatchObject({ size: 0, existed: false })
    expect(blobNames(folder.path)).toEqual([name('')])
  })

  it('may come as web streams and requests bring it', async () => {
    const body = new Response(lora).body!
    await library.blobs.write(body)
    expect(blobNames(folder.path)).toEqual([name(lora)])
  })

  // One piece of a gigabyte comes through the window's door; hashing it at once would freeze everything.
  it('may come in one huge piece without holding up the event loop', async () => {
    const huge = Buffer.alloc(64 * 2 ** 20, 7)
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    async function* whole() {
      yield huge
    }
    await library.blobs.write(whole())
    clearInterval(timer)
    expect(turns).toBeGreaterThan(16)
    expect(blobNames(folder.path)).toEqual([`sha256-${sha256(huge)}`])
  })

  it('that is there already is not stored twice, and is made young again', async () => {
    await library.blobs.write(chunks(lora))
    const path = join(folder.path, 'blobs', name(lora))
    const { ino } = statSync(path)
    const old = new Date('2020-01-01')
    const { utimesSync } = await import('node:fs')
    utimesSync(path, old, old)
    expect(await library.blobs.write(chunks(lora))).toMatchObject({ existed: true })
    expect(statSync(path).ino).toBe(ino)
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000)
    expect(blobNames(folder.path)).toEqual([name(lora)])
  })

  it('whose name lies about its bytes is mended by the true ones', async () => {
    mkdirSync(join(folder.path, 'blobs'), { recursive: true })
    writeFileSync(join(folder.path, 'blobs', name(lora)), lora.subarray(0, 10))
    expect(await library.blobs.write(chunks(lora))).toMatchObject({ existed: false })
    expect(sha256(readFileSync(join(folder.path, 'blobs', name(lora))))).toBe(sha256(lora))
  })

  it('with another digest than claimed is kept under its own, and the sender is told', async () => {
    const claimed = `sha256:${'a'.repeat(64)}`
    await expect(library.blobs.write(chunks(lora), { expected: claimed })).rejects.toEqual(
      problem(400, `digest mismatch, expected "${claimed}", got "sha256:${sha256(lora)}"`),
    )
    expect(blobNames(folder.path)).toEqual([name(lora)])
  })

  it.each([
    '',
    'abc',
    'sha256:abc',
    `sha512:${'a'.repeat(64)}`,
    `sha256:${'g'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}\n`,
    `sha256:../../${'a'.repeat(58)}`,
  ])('cannot have the digest %j', async digest => {
    const refusal = problem(400, 'invalid digest format')
    await expect(library.blobs.has(digest)).rejects.toEqual(refusal)
    await expect(library.blobs.offer(digest)).rejects.toEqual(refusal)
    await expect(library.blobs.write(chunks(lora), { expected: digest })).rejects.toEqual(refusal)
  })

  it('is found by either form of its digest, in any case', async () => {
    await library.blobs.write(chunks(lora))
    for (const form of [`sha256:${sha256(lora)}`, `sha256-${sha256(lora)}`, `sha256:${sha256(lora).toUpperCase()}`]) {
      expect(await library.blobs.has(form)).toBe(true)
    }
    expect(await library.blobs.has(`sha256:${'b'.repeat(64)}`)).toBe(false)
  })

  it('is no folder and no link that leads out', async () => {
    const outside = join(folder.path, 'outside')
    writeFileSync(outside, 'x')
    mkdirSync(join(folder.path, 'blobs', `sha256-${'c'.repeat(64)}`), { recursive: true })
    symlinkSync(outside, join(folder.path, 'blobs', name('x')))
    expect(await library.blobs.has(`sha256:${'c'.repeat(64)}`)).toBe(false)
    expect(await library.blobs.has(`sha256:${sha256('x')}`)).toBe(false)
    // Written again, the true bytes take the link's place; what it pointed at is not touched.
    await library.blobs.write(chunks(Buffer.from('x')))
    expect(statSync(join(folder.path, 'blobs', name('x'))).isFile()).toBe(true)
    expect(readFileSync(outside, 'utf8')).toBe('x')
  })
})

describe('an upload that ends early', () => {
  it('leaves nothing when the sender breaks off', async () => {
    async function* broken() {
      yield lora.subarray(0, 1000)
      throw new Error('connection reset')
    }
    await expect(library.blobs.write(broken())).rejects.toThrow('connection reset')
    expect(blobNames(folder.path)).toEqual([])
  })

  it('leaves nothing when it is cancelled while the sender is silent', async () => {
    const cancel = new AbortController()
    let ended = false
    async function* silent() {
      try {
        yield lora.subarray(0, 1000)
        await pause(60_000, undefined, { signal: cancel.signal })
      } finally {
        ended = true
      }
    }
    const writing = library.blobs.write(silent(), { signal: cancel.signal })
    await vi.waitFor(() => expect(blobNames(folder.path)).toHaveLength(1))
    cancel.abort()
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' })
    expect(blobNames(folder.path)).toEqual([])
    await vi.waitFor(() => expect(ended).toBe(true))
  })

  it('does not begin when it is cancelled before', async () => {
    await expect(library.blobs.write(chunks(lora), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(blobNames(folder.path)).toEqual([])
  })
})

describe('uploads at the same time', () => {
  it('of the same bytes end in one blob', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => library.blobs.write(chunks(lora, 4096))))
    expect(results.filter(({ existed }) => !existed)).toHaveLength(1)
    expect(blobNames(folder.path)).toEqual([name(lora)])
  })
})
