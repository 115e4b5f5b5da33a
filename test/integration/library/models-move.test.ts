import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { Makings } from '../../../main/library/making/makings.ts'
import { FolderInUse } from '../../../main/library/moving/folder-in-use.ts'
import type { ModelsMoveOptions } from '../../../main/library/moving/models-move.ts'
import { fixtures } from '../hearth.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { ended, isJournalled, openMove } from './moving.ts'
import { chunks, eachInTemporaryFolder, expectWhole, putModel, snapshot } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
const partial = `sha256-${'a'.repeat(64)}-partial`
let home: string
let from: string
let to: string

/** A folder of two models that share nothing, an interrupted download, a lock, and somebody's notes. */
beforeEach(() => {
  home = join(folder.path, 'home')
  from = join(folder.path, 'models')
  to = join(folder.path, 'elsewhere')
  const modified = new Date('2024-05-01T10:00:00Z')
  putModel(from, {
    path: 'registry.ollama.ai/library/big/latest',
    modified,
    layers: [['model', Buffer.alloc(5_000_000, 'big')]],
  })
  putModel(from, { path: 'registry.ollama.ai/library/small/latest' })
  writeFileSync(join(from, 'blobs', partial), 'half')
  writeFileSync(join(from, 'blobs', `sha256-${'a'.repeat(64)}-lock`), '')
})

function opened(over: Partial<ModelsMoveOptions> = {}) {
  const all = openMove(home, from, over)
  onTestFinished(async () => {
    await all.move.close()
    all.inUse.release()
  })
  return all
}

/** What a folder has of the models: all but locks. */
const models = (root: string) =>
  Object.fromEntries(Object.entries(snapshot(root)).filter(([name]) => !name.endsWith('-lock')))

it('moves everything, byte for byte and with its times, and leaves nothing but what is not of the models', async () => {
  writeFileSync(join(from, 'notes.txt'), 'mine')
  const { 'notes.txt': _, ...before } = models(from)
  const { move, library, settings } = opened()
  const listed = (await library.list()).map(({ name, modifiedAt }) => ({ name, modifiedAt }))
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done', problem: null })
  expect(models(to)).toEqual(before)
  expectWhole(to)
  expect(models(from)).toEqual({ 'notes.txt': expect.any(String) })
  expect(settings.get().modelsFolder).toBe(to)
  expect(move.place().path).toBe(to)
  // The same app goes on with it, and so does the next start.
  expect((await library.list()).map(({ name, modifiedAt }) => ({ name, modifiedAt }))).toEqual(listed)
  expect((await library.get('big')).modelPath).toContain(to)
  expect(isJournalled(home)).toBe(false)
  expect(opened().root).toBe(to)
})

it('takes a folder of its own in one that has other things in it', async () => {
  mkdirSync(to)
  writeFileSync(join(to, 'holiday.txt'), 'Rome')
  const { move } = opened()
  await move.start(to)
  await ended(move)
  expect(move.place().path).toBe(join(to, 'hearth-models'))
  expectWhole(join(to, 'hearth-models'))
})

describe('refuses, and changes nothing,', () => {
  const refused = async (code: string, chosen: string, over: Partial<ModelsMoveOptions> = {}) => {
    const before = models(from)
    const { move, root, settings } = opened(over)
    await expect(move.start(chosen)).rejects.toMatchObject({ code })
    expect(models(from)).toEqual(before)
    expect(settings.get().modelsFolder).toBe(null)
    expect(move.place()).toMatchObject({ path: root, move: null })
  }

  it('a folder in the folder itself, by whatever way', async () => {
    await refused('folder-not-usable', join(from, 'blobs', 'deeper'))
    symlinkSync(from, join(folder.path, 'link'))
    await refused('folder-not-usable', join(folder.path, 'link', 'deeper'))
  })

  it('a folder of its own that is taken', async () => {
    mkdirSync(join(to, 'hearth-models'), { recursive: true })
    writeFileSync(join(to, 'hearth-models', 'x'), 'x')
    await refused('folder-not-empty', to)
  })

  it('a file', async () => {
    writeFileSync(to, 'x')
    await refused('folder-not-usable', to)
  })

  it('when OLLAMA_MODELS says where the models lie', () => refused('models-folder-fixed', to, { fixed: true }))

  // Copied, and left where they were: the disk that was too small is as full as before.
  it.runIf(canMount)('a folder that may only be read', async () => {
    const disk = new SmallDisk(16)
    onTestFinished(() => {
      disk.readOnly(false)
      disk.unmount()
    })
    from = join(disk.path, 'models')
    putModel(from, { path: 'registry.ollama.ai/library/small/latest' })
    disk.readOnly(true)
    await refused('models-not-ours', to)
  })

  // Its manifests may need blobs that Hearth would take away.
  it('a folder of a later Ollama', async () => {
    mkdirSync(join(from, 'manifests-v2'))
    await refused('folder-not-usable', to)
  })

  // The other Hearth would look for its models where there are none.
  it('while another Hearth uses the folder, and can move it afterwards', async () => {
    symlinkSync(from, join(folder.path, 'link'))
    const other = FolderInUse.share(home, join(folder.path, 'link'))
    const before = models(from)
    const { move } = opened()
    await expect(move.start(to)).rejects.toMatchObject({ code: 'models-in-use' })
    expect(models(from)).toEqual(before)
    other.release()
    await move.start(to)
    expect(await ended(move)).toMatchObject({ state: 'done' })
  })
})

it('lets no other Hearth start while it moves', async () => {
  let letGo = () => {}
  const held = new Promise<void>(resolve => {
    letGo = resolve
  })
  const { move } = opened({ pulls: { hold: () => held.then(() => () => undefined) } })
  await move.start(to)
  expect(() => FolderInUse.share(home, from)).toThrowError(expect.objectContaining({ code: 'models-moving' }))
  letGo()
  await ended(move)
  FolderInUse.share(home, to).release()
})

it('waits for a change under way, refuses new ones, and reading goes on', async () => {
  const { move, library } = opened()
  let finish: (() => void) | undefined
  const slow = async function* () {
    yield Buffer.from('first')
    await new Promise<void>(resolve => {
      finish = resolve
    })
    yield Buffer.from('second')
  }
  const writing = library.blobs.write(slow())
  await vi.waitFor(() => expect(finish).toBeDefined())
  await move.start(to)
  await breath()
  expect(move.place().move?.state).toBe('waiting')
  // A restart for an update would undo it.
  expect(move.isUndecided).toBe(true)
  const moving = { code: 'models-moving', status: 503 }
  await expect(library.remove('small')).rejects.toMatchObject(moving)
  await expect(library.copy('small', 'other')).rejects.toMatchObject(moving)
  await expect(library.blobs.write(chunks(Buffer.from('x')))).rejects.toMatchObject(moving)
  expect(await library.list()).toHaveLength(2)
  finish?.()
  const { digest } = await writing
  expect(await ended(move)).toMatchObject({ state: 'done' })
  // What was still coming when the move was asked for came along.
  expect(await library.blobs.has(digest)).toBe(true)
  await library.remove('small')
})

// Its files are one change and the model another: refused between the two, what took minutes would be for nothing.
it('waits for a model that is being made', async () => {
  const made = { adapter: null, projector: null, quantize: null, parameters: {}, messages: [] } as const
  const texts = { system: '', template: '', license: '' }
  let start = () => {}
  const hold = async () => {
    start()
    await breath()
    return () => undefined
  }
  const { move, library } = opened({ pulls: { hold } })
  const makings = new Makings(library, home)
  const { token } = await makings.choices.offer(join(fixtures, 'tiny-embed.gguf'))
  start = () => void makings.start({ model: 'made', ...made, ...texts, base: { kind: 'files', token } })
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(makings.list()).toMatchObject([{ state: 'done', problem: null }])
  expect((await library.get('made')).modelPath).toContain(to)
  await makings.close()
})

describe('leaves the old folder in use, and nothing in the new one,', () => {
  const expectUnmoved = (before: Record<string, string>) => {
    expect(models(from)).toEqual(before)
    expect(existsSync(to) ? readdirSync(to) : []).toEqual([])
    expect(isJournalled(home)).toBe(false)
  }

  it('when it is cancelled while it copies', async () => {
    const before = models(from)
    const { move, library } = opened()
    const stop = move.watch(({ move: now }) => {
      if (now?.state === 'copying') void move.cancel()
    })
    await move.start(to)
    expect(await ended(move)).toMatchObject({ state: 'cancelled', problem: null })
    stop()
    expectUnmoved(before)
    await library.remove('small')
  })

  it('when it is cancelled while it waits', async () => {
    const before = models(from)
    const { move, library } = opened()
    let finish = () => {}
    const change = library.folder.changes.run(
      () =>
        new Promise<void>(resolve => {
          finish = resolve
        }),
    )
    await move.start(to)
    await move.cancel()
    expect(move.place().move?.state).toBe('cancelled')
    expectUnmoved(before)
    finish()
    await change
  })

  // The disk of the settings is another one, and may be full by itself.
  it('when the settings cannot be written', async () => {
    const before = models(from)
    let fail = true
    const { move, settings } = opened({
      remember: async path => {
        if (path !== null && fail) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
        await settings.change({ modelsFolder: path })
      },
    })
    await move.start(to)
    expect(await ended(move)).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
    expectUnmoved(before)
    fail = false
    await move.start(to)
    expect(await ended(move)).toMatchObject({ state: 'done' })
  })

  describe.runIf(canMount)('on a small disk', () => {
    const disk = (megabytes: number) => {
      const small = new SmallDisk(megabytes)
      onTestFinished(() => small.unmount())
      to = join(small.path, 'models')
      return small
    }

    it('that has no room: said before a byte is copied', async () => {
      disk(18)
      const before = models(from)
      const { move } = opened()
      await expect(move.start(to)).rejects.toMatchObject({ code: 'disk-full' })
      expect(existsSync(to)).toBe(false)
      expect(models(from)).toEqual(before)
    })

    it('that another program fills in the middle', async () => {
      const small = disk(32)
      const before = models(from)
      const { move, library } = opened()
      const stop = move.watch(({ move: now }) => {
        if (now?.state === 'copying') small.fill()
      })
      await move.start(to)
      expect(await ended(move)).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
      stop()
      expectUnmoved(before)
      expect(await library.list()).toHaveLength(2)
    })
  })
})

// A program that knows nothing of the move, as Ollama, may write into the old folder all the while.
it('removes nothing from the old folder that is not in the new one, but for what can be made again', async () => {
  let late = ''
  // A second form of a model, gigabytes that nobody would find there again.
  mkdirSync(join(from, 'translated'))
  writeFileSync(join(from, 'translated', 'second-form.gguf'), 'x')
  const { move } = opened({
    onSwitched: async () => {
      putModel(from, { path: 'registry.ollama.ai/library/late/latest' })
      writeFileSync(join(from, 'manifests/registry.ollama.ai/library/small/latest'), '{"changed":true}')
      late = 'written'
    },
  })
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(late).toBe('written')
  expect(existsSync(join(from, 'translated'))).toBe(false)
  expect(existsSync(join(from, 'manifests/registry.ollama.ai/library/late/latest'))).toBe(true)
  expect(existsSync(join(from, 'manifests/registry.ollama.ai/library/small/latest'))).toBe(true)
  expect(existsSync(join(from, 'manifests/registry.ollama.ai/library/big/latest'))).toBe(false)
  expectWhole(to)
})

// An answer may still wait for its model by the old path.
it('keeps the old files until no model is busy any more', async () => {
  let busy = true
  const { move } = opened({ isBusy: () => busy })
  await move.start(to)
  await vi.waitFor(() => expect(move.place().move?.state).toBe('removing'))
  expectWhole(from)
  expectWhole(to)
  busy = false
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(existsSync(join(from, 'manifests'))).toBe(false)
})

it('leaves the rest to the next start when the app ends while old files are still needed', async () => {
  const first = openMove(home, from, { isBusy: () => true })
  await first.move.start(to)
  await vi.waitFor(() => expect(first.move.place().move?.state).toBe('removing'))
  expect(first.move.isUndecided).toBe(false)
  await first.move.close()
  first.inUse.release()
  expectWhole(from)
  const next = opened()
  expect(next.root).toBe(to)
  await vi.waitFor(() => expect(isJournalled(home)).toBe(false))
  expect(existsSync(join(from, 'manifests'))).toBe(false)
  expectWhole(to)
})

// At each moment one whole folder is in use; the next start knows which, and puts the other in order.
it.each([
  ['begun', 'old'],
  ['half copied', 'old'],
  ['all copied', 'old'],
  ['switched', 'new'],
  ['removing', 'new'],
])('killed when it has %s, the %s folder is in use and whole', async (moment, which) => {
  const before = models(from)
  const args = ['--import', 'tsx', 'test/integration/library/move-child.ts', home, from, to, moment]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
  expect(isJournalled(home)).toBe(true)
  const { root, library } = opened()
  expect(root).toBe(which === 'old' ? from : to)
  expect(models(root)).toMatchObject(before)
  expectWhole(root)
  expect(await library.list()).toHaveLength(2)
  await vi.waitFor(() => expect(isJournalled(home)).toBe(false))
  expect(models(root)).toEqual(before)
  const other = which === 'old' ? to : from
  expect(existsSync(other) ? models(other) : {}).toEqual({})
})

// The variable names the folder that the settings have left: it is in use again.
it('clears no folder that OLLAMA_MODELS has brought back into use', async () => {
  const first = openMove(home, from, { isBusy: () => true })
  await first.move.start(to)
  await vi.waitFor(() => expect(first.move.place().move?.state).toBe('removing'))
  await first.move.close()
  first.inUse.release()
  const before = models(from)
  const link = join(folder.path, 'link')
  symlinkSync(from, link)
  const { move } = opened({ library: new Library({ modelsFolder: link }), fixed: true })
  // Which waits until what is left of earlier moves has been looked at.
  await expect(move.start(join(from, 'inside'))).rejects.toMatchObject({ code: 'models-folder-fixed' })
  expect(models(from)).toEqual(before)
  expect(isJournalled(home)).toBe(true)
})

// Its start has nothing to put in order: the journal it finds is of a move that goes on.
it('loses nothing to a Hearth that OLLAMA_MODELS sends elsewhere, started in the middle', async () => {
  const { move, settings } = opened({
    remember: async path => {
      const other = openMove(home, join(folder.path, 'third'), { fixed: true })
      await expect(other.move.start(to)).rejects.toMatchObject({ code: 'models-folder-fixed' })
      await other.move.close()
      other.inUse.release()
      await settings.change({ modelsFolder: path })
    },
  })
  const before = models(from)
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(models(to)).toEqual(before)
})

// Nothing is there twice while the one cannot be seen; without the journal the rest would stay for good.
it('knows what is left to remove until the disk of the new folder is back', async () => {
  const first = openMove(home, from, { isBusy: () => true })
  await first.move.start(to)
  await vi.waitFor(() => expect(first.move.place().move?.state).toBe('removing'))
  await first.move.close()
  first.inUse.release()
  renameSync(to, `${to}-away`)
  const { move } = opened()
  await expect(move.start(join(to, 'inside'))).rejects.toMatchObject({ code: 'folder-not-usable' })
  renameSync(`${to}-away`, to)
  opened()
  await vi.waitFor(() => expect(isJournalled(home)).toBe(false))
  expect(models(from)).toEqual({})
  expectWhole(to)
})

// What could not be read at the start may be readable by now.
it('moves once what kept it from clearing up has gone', async () => {
  mkdirSync(join(home, 'models-move.json'), { recursive: true })
  const { move } = opened()
  await expect(move.start(to)).rejects.toMatchObject({ code: 'internal' })
  rmSync(join(home, 'models-move.json'), { recursive: true })
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done' })
})

it('a journal that says nothing removes nothing', async () => {
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'models-move.json'), '{"from": 1')
  const before = models(from)
  const { move } = opened()
  await move.start(to)
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(models(to)).toEqual(before)
})

// A folder that is both, over a link made later, must not lose its only files.
it('never takes a file for its own copy', async () => {
  const before = models(from)
  rmSync(to, { recursive: true, force: true })
  symlinkSync(from, to)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'models-move.json'), JSON.stringify({ from, to }))
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ modelsFolder: to }))
  opened()
  await vi.waitFor(() => expect(isJournalled(home)).toBe(false))
  expect(models(from)).toEqual(before)
  expect(statSync(join(from, 'blobs', partial)).size).toBe(4)
})
