import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { chunks, eachInTemporaryFolder, fixture, sha256, snapshot } from './ollama-folder.ts'
import { splitFixture } from './split-fixture.ts'

const folder = eachInTemporaryFolder()
const chatFile = fixture('tiny-chat-q8_0.gguf')
const files = { 'm.gguf': `sha256:${sha256(chatFile)}` }
const full = expect.objectContaining({
  name: 'Problem',
  code: 'disk-full',
  status: 500,
  message: 'no space left on device',
})

// A small file system of its own, which only root on Linux can mount; there it must work, or the test fails.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('on a full disk', () => {
  let disk: string
  let library: Library
  const ballast = () => join(disk, 'ballast')
  const free = () => {
    const { bavail, bsize } = statfsSync(disk)
    return bavail * bsize
  }
  /** Leaves about this many bytes free. */
  const leave = (bytes: number) => {
    rmSync(ballast(), { force: true })
    const size = Math.max(0, free() - bytes)
    writeFileSync(ballast(), Buffer.alloc(size))
  }

  beforeEach(() => {
    disk = join(folder.path, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,nr_inodes=200', 'tmpfs', disk])
    library = new Library({ modelsFolder: join(disk, 'models') })
  })
  afterEach(() => {
    // Lazily: a file whose write failed may just be on its way to be closed.
    execFileSync('umount', ['-l', disk])
  })

  it('an upload says so, leaves nothing, and works once there is room', async () => {
    await library.blobs.write(chunks(Buffer.from('before')))
    const before = snapshot(join(disk, 'models'))
    leave(1_000_000)
    await expect(library.blobs.write(chunks(chatFile))).rejects.toEqual(full)
    expect(snapshot(join(disk, 'models'))).toEqual(before)
    rmSync(ballast())
    await library.blobs.write(chunks(chatFile))
    expect(await library.blobs.has(files['m.gguf'])).toBe(true)
  })

  // Between the first byte and the manifest lie a dozen writes; each of them may be the one too many.
  it('a create says so at whichever write it happens, and the folder is as before', async () => {
    await library.blobs.write(chunks(chatFile))
    await library.create({ model: 'old', files, system: 'old' })
    const models = join(disk, 'models')
    const before = snapshot(models)
    const request = {
      model: 'old',
      files,
      system: 's'.repeat(30_000),
      template: 't'.repeat(20_000),
      license: ['l'.repeat(10_000), 'm'.repeat(10_000)],
      messages: [{ role: 'user', content: 'c'.repeat(10_000) }],
    }
    let failures = 0
    for (let room = 0; room < 140_000; room += 4096) {
      leave(room)
      const error = await library.create(request).then(
        () => undefined,
        (problem: unknown) => problem,
      )
      if (error === undefined) break
      expect(error).toEqual(full)
      expect(snapshot(models)).toEqual(before)
      expect((await library.get('old')).system).toBe('old')
      failures++
    }
    expect(failures).toBeGreaterThan(10)
    rmSync(ballast())
    await library.create(request)
    expect((await library.get('old')).system).toBe(request.system)
  })

  // Putting shards together writes the whole model once more, outside the upload: a half-written blob would remain.
  it('putting split files together says so wherever it happens, leaves nothing, and works once there is room', async () => {
    const shards = await splitFixture('tiny-chat-q8_0.gguf', 2)
    const names = ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf']
    const uploaded = await Promise.all(shards.map(shard => library.blobs.write(chunks(shard))))
    const request = { model: 'm', files: Object.fromEntries(uploaded.map(({ digest }, i) => [names[i]!, digest])) }
    const models = join(disk, 'models')
    const before = snapshot(models)
    for (const room of [0, 4096, 200_000, chatFile.length / 2, chatFile.length - 100_000]) {
      leave(room)
      await expect(library.create(request)).rejects.toEqual(full)
      expect(snapshot(models)).toEqual(before)
    }
    rmSync(ballast())
    await library.create(request)
    expect(sha256(readFileSync((await library.get('m')).modelPath!))).toBe(sha256(chatFile))
  })

  it('a copy says so and leaves nothing', async () => {
    await library.blobs.write(chunks(chatFile))
    await library.create({ model: 'm', files })
    const before = snapshot(join(disk, 'models'))
    leave(0)
    await expect(library.copy('m', 'other/place:v1')).rejects.toEqual(full)
    expect(snapshot(join(disk, 'models'))).toEqual(before)
  })

  it('a model can still be deleted, which is what makes room', async () => {
    await library.blobs.write(chunks(chatFile))
    await library.create({ model: 'm', files })
    leave(0)
    await library.remove('m')
    expect(free()).toBeGreaterThan(chatFile.length)
  })

  it('without a single inode left, it is said the same way', async () => {
    await library.blobs.write(chunks(chatFile))
    mkdirSync(join(disk, 'many'))
    for (let i = 0; i < 300; i++) {
      try {
        writeFileSync(join(disk, 'many', String(i)), '')
      } catch {
        break
      }
    }
    await expect(library.create({ model: 'm', files })).rejects.toEqual(full)
    await expect(library.blobs.write(chunks(Buffer.from('x')))).rejects.toEqual(full)
  })
})

// The same where nothing can be mounted: the operating system's own call fails, at each of the writes in turn.
describe('when a write fails for want of space', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each(['appendFile', 'writeFile', 'sync'] as const)('nothing half-written remains: %s', async call => {
    const library = new Library({ modelsFolder: join(folder.path, 'models') })
    await library.blobs.write(chunks(chatFile))
    const models = join(folder.path, 'models')
    const before = snapshot(models)
    const handle = await open(join(models, 'blobs', `sha256-${sha256(chatFile)}`))
    const prototype = Object.getPrototypeOf(handle)
    await handle.close()
    const spy = vi.spyOn(prototype, call).mockImplementation(() => {
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
    })
    await expect(library.create({ model: 'm', files, system: 'text' })).rejects.toEqual(full)
    expect(spy).toHaveBeenCalled()
    spy.mockRestore()
    expect(snapshot(models)).toEqual(before)
    await library.create({ model: 'm', files, system: 'text' })
    expect(readFileSync(join(models, 'blobs', `sha256-${sha256('text')}`), 'utf8')).toBe('text')
  })
})
