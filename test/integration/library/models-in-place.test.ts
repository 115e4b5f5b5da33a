import { chmodSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FolderInUse } from '../../../main/library/moving/folder-in-use.ts'
import type { ModelsMoveOptions } from '../../../main/library/moving/models-move.ts'
import { MoveJournal } from '../../../main/library/moving/move-journal.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { ended, isJournalled, openMove } from './moving.ts'
import { eachInTemporaryFolder, putModel, snapshot } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let home: string
let own: string
/** The home of an Ollama that runs as a user of its own. */
let service: string
let models: string

beforeEach(() => {
  home = join(folder.path, 'home')
  own = join(folder.path, 'own')
  service = join(folder.path, 'ollama')
  models = join(service, '.ollama', 'models')
  putModel(own, { path: 'registry.ollama.ai/library/mine/latest' })
  putModel(models, { path: 'registry.ollama.ai/library/theirs/latest' })
})

function opened(over: Partial<ModelsMoveOptions> = {}) {
  const all = openMove(home, own, { homes: [own, service], ...over })
  onTestFinished(async () => {
    await all.move.close()
    all.inUse.release()
  })
  return all
}

it('finds the models of another folder, and takes them as they are, with nothing copied or removed', async () => {
  const before = [snapshot(own), snapshot(models)]
  const onSwitched = vi.fn()
  const release = vi.fn()
  const { move, library, settings } = opened({ onSwitched, pulls: { hold: async () => release } })
  const other = { path: models, access: 'all', models: 1, bytes: expect.any(Number) }
  expect(await move.others()).toEqual([other])
  await move.use(service)
  expect(await ended(move)).toMatchObject({ state: 'done', inPlace: true, from: own, to: models, problem: null })
  expect((await library.list()).map(({ name }) => name.model)).toEqual(['theirs'])
  expect([snapshot(own), snapshot(models)]).toEqual(before)
  expect([onSwitched, release].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  // So does the next start; and there is a way back.
  expect(settings.get().modelsFolder).toBe(models)
  expect(opened().root).toBe(models)
  expect(await move.others()).toMatchObject([{ path: own }])
  await move.use(own)
  await ended(move)
  expect((await library.list()).map(({ name }) => name.model)).toEqual(['mine'])
})

// The settings would say then that the move had never come to its end, and the copies on the disk would go.
it('leaves what an earlier move could not clear away where it is, on both sides', async () => {
  const disk = join(folder.path, 'disk')
  const first = opened()
  await first.move.start(disk)
  await ended(first.move)
  await first.move.close()
  // As if an engine had kept the old files open; then the disk is away.
  putModel(own, { path: 'registry.ollama.ai/library/mine/latest' })
  await new MoveJournal(home).write({ from: own, to: disk })
  renameSync(disk, join(folder.path, 'away'))
  const { move } = opened()
  await move.use(own)
  await ended(move)
  expect(isJournalled(home)).toBe(false)
  renameSync(join(folder.path, 'away'), disk)
  const before = [snapshot(own), snapshot(disk)]
  await opened().move.close()
  expect([snapshot(own), snapshot(disk)]).toEqual(before)
})

it('waits for work on models, and can be called off until then', async () => {
  const { move, library, settings } = opened()
  let end = () => {}
  const making = library.folder.changes.run(
    () =>
      new Promise<void>(resolve => {
        end = resolve
      }),
  )
  await move.use(models)
  expect(move.place().move).toMatchObject({ state: 'waiting', inPlace: true })
  await move.cancel()
  expect(move.place()).toMatchObject({ path: own, move: { state: 'cancelled' } })
  await move.use(models)
  end()
  await making
  expect(await ended(move)).toMatchObject({ state: 'done' })
  expect(settings.get().modelsFolder).toBe(models)
})

it('goes on with the folder in use where that is the one', async () => {
  symlinkSync(own, join(folder.path, 'link'))
  const { move, settings } = opened()
  await move.use(join(folder.path, 'link'))
  expect(await ended(move)).toMatchObject({ state: 'done', from: own, to: own })
  expect(settings.get().modelsFolder).toBe(null)
})

it('keeps the folder in use where the settings cannot be written', async () => {
  const { move, library } = opened({
    remember: async () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    },
  })
  await move.use(models)
  expect(await ended(move)).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
  expect(library.folder.root).toBe(own)
})

describe('refuses, and changes nothing,', () => {
  const refused = async (code: string, chosen: string, over: Partial<ModelsMoveOptions> = {}) => {
    const { move, settings } = opened(over)
    await expect(move.use(chosen)).rejects.toMatchObject({ code })
    expect(settings.get().modelsFolder).toBe(null)
    expect(move.place()).toMatchObject({ path: own, move: null })
  }

  it('a folder without models, be there others of that name', async () => {
    const project = join(folder.path, 'project')
    mkdirSync(join(project, 'manifests'), { recursive: true })
    writeFileSync(join(project, 'manifests', 'deployment.yaml'), 'kind: Deployment')
    await refused('no-models-there', project)
    await refused('no-models-there', join(folder.path, 'nowhere'))
  })

  it('when OLLAMA_MODELS says where the models lie, and finds none then', async () => {
    await refused('models-folder-fixed', models, { fixed: true })
    expect(await opened({ fixed: true }).move.others()).toEqual([])
  })

  it('one that another Hearth is moving away', async () => {
    const other = FolderInUse.share(home, models)
    other.becomeAlone(models)
    const { move, settings } = opened()
    await move.use(models)
    expect(await ended(move)).toMatchObject({ state: 'failed', problem: { code: 'models-moving' } })
    expect(settings.get().modelsFolder).toBe(null)
    other.release()
  })
})

/** Root may look into every folder: does work as the user `nobody` instead. */
async function asNobody<T>(work: () => T | Promise<T>): Promise<T> {
  process.seteuid!(65_534)
  try {
    return await work()
  } finally {
    process.seteuid!(0)
  }
}

const canBeNobody =
  process.getuid?.() === 0 &&
  (await asNobody(() => readdirSync(tmpdir())).then(
    () => true,
    () => false,
  ))

it.runIf(canBeNobody)('finds a folder whose Ollama lets nobody look around in its home', async () => {
  // As systemd lays it out for a service with a user of the moment.
  const kept = join(folder.path, 'private')
  mkdirSync(join(kept, 'ollama'), { recursive: true })
  chmodSync(kept, 0o700)
  const link = join(folder.path, 'link')
  symlinkSync(join(kept, 'ollama'), link)
  chmodSync(folder.path, 0o755)
  const { move } = opened({ homes: [service, link] })
  const others = () => asNobody(() => move.others())
  const shut = { access: 'none', models: 0 }
  chmodSync(service, 0o700)
  expect(await others()).toMatchObject([
    { path: service, ...shut },
    { path: link, ...shut },
  ])
  // What the settings tell an administrator to do.
  chmodSync(service, 0o711)
  expect(await others()).toMatchObject([
    { path: models, models: 1 },
    { path: link, ...shut },
  ])
})

it.runIf(canMount)('says of a folder that may only be read that nothing can be added', async () => {
  const disk = new SmallDisk(16)
  onTestFinished(() => {
    disk.readOnly(false)
    disk.unmount()
  })
  const root = join(disk.path, 'models')
  putModel(root, { path: 'registry.ollama.ai/library/small/latest' })
  disk.readOnly(true)
  const { move, library } = opened({ homes: [root] })
  expect(await move.others()).toMatchObject([{ path: root, access: 'read', models: 1 }])
  await move.use(root)
  await ended(move)
  expect(move.place()).toMatchObject({ path: root, writable: false })
  const refusal = { code: 'models-read-only', message: `open ${root}: permission denied` }
  await expect(library.folder.make()).rejects.toMatchObject(refusal)
  await expect(library.create({ model: 'other', from: 'small', system: 'Be kind.' })).rejects.toMatchObject(refusal)
  await expect(library.copy('small', 'other')).rejects.toMatchObject(refusal)
  await expect(library.remove('small')).rejects.toMatchObject(refusal)
  expect((await library.list()).map(({ name }) => name.model)).toEqual(['small'])
})
