import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Pulls } from '../../../main/library/registry/pulls.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'
import { blobNames } from '../library/ollama-folder.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { eventually, newClient } from './client.ts'
import { type DebianRegistry, type PublishedModel, publish, startRegistry } from './debian-registry.ts'
import { FaultyProxy } from './faulty-proxy.ts'

let registry: DebianRegistry
let proxy: FaultyProxy
let big: PublishedModel
const weights = Buffer.alloc(40_000_000, 'weights')
const model = (name: string) => `${proxy.host}/library/${name}`
const full = { code: 'disk-full', message: 'no space left on device' }

beforeAll(async () => {
  registry = await startRegistry()
  proxy = await FaultyProxy.start(registry.host)
  big = await publish(registry.host, 'library/big', 'latest', [['model', weights]])
  await publish(registry.host, 'library/small', 'latest', [['system', 'Be brief.']])
  await publish(registry.host, 'library/small', 'next', [
    ['system', 'Be long.'],
    ['license', 'Do as you like.'],
  ])
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await proxy?.close()
  await registry?.close()
})

/** A disk for one test; closed before it, whoever works on it. */
function smallDisk(megabytes: number): SmallDisk {
  const disk = new SmallDisk(megabytes)
  onTestFinished(() => disk.unmount())
  return disk
}

const partialOf = ({ layers }: PublishedModel) => `${layers[0]!.digest.replace(':', '-')}-partial`

// A small file system of its own, which only root on Linux can mount; there it must work, or the test fails.
describe.runIf(canMount)('a pull on a disk that gets full', () => {
  test('in the middle says so and keeps what it has; the next one goes on from there', async () => {
    proxy.fault = ({ path, range }) => (path.includes('/blobs/') && range ? { slow: 10_000_000 } : undefined)
    const disk = smallDisk(64)
    const client = newClient(join(disk.path, 'home'))
    const ended = expect(client.pull(model('big'))).rejects.toMatchObject(full)
    await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThan(4_000_000))
    disk.fill()
    await ended
    const states = blobNames(client.models).filter(name => name.startsWith(`${partialOf(big)}-`))
    const completed = states
      .map(name => JSON.parse(readFileSync(join(client.models, 'blobs', name), 'utf8')).Completed)
      .reduce((sum, bytes) => sum + bytes, 0)
    expect(completed).toBeGreaterThan(4_000_000)
    expect(await client.library.list()).toEqual([])

    // Without room it does not even begin.
    proxy.reset()
    await expect(client.pull(model('big'))).rejects.toMatchObject(full)
    expect(proxy.ranges).toEqual([])

    disk.free()
    await client.pull(model('big'))
    const fetched = proxy.ranges.reduce((sum, { served }) => sum + served, 0)
    expect(fetched).toBeLessThan(weights.length - completed + 1000)
    expect(readFileSync((await client.library.get(model('big'))).modelPath!).equals(weights)).toBe(true)
    expect(blobNames(client.models).filter(name => name.includes('partial'))).toEqual([])
  })

  // On exFAT, FAT and NTFS a file has all of its room from the beginning on. Asked for a second time, a model of more
  // than half a disk ended with "no space left" at the first look at what is free, and never went on.
  test('where files have no holes takes its room once, and goes on when it was cut off', async () => {
    proxy.fault = ({ path, range }) => (path.includes('/blobs/') && range ? { slow: 4_000_000 } : undefined)
    const disk = smallDisk(56)
    const client = newClient(join(disk.path, 'home'))
    const partial = join(client.models, 'blobs', partialOf(big))
    const cut = new AbortController()
    const ended = expect(client.pull(model('big'), cut.signal)).rejects.toThrow()
    await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThan(0))
    execFileSync('fallocate', ['-l', String(weights.length), partial])
    const { bavail, bsize } = statfsSync(disk.path)
    expect(bavail * bsize).toBeLessThan(weights.length)
    // Past the first look at free space, which comes after a second, and far from the end.
    await eventually(() => expect(client.told.at(-1)?.completed).toBeGreaterThan(14_000_000))
    cut.abort()
    await ended
    proxy.reset()
    await client.pull(model('big'))
    expect(readFileSync((await client.library.get(model('big'))).modelPath!).equals(weights)).toBe(true)
  })

  // Partial files, their states, folders, the manifest: each of the writes may be the one too many.
  test('says so at whichever write it happens; the model that was there stays whole', async () => {
    const disk = smallDisk(8)
    let failures = 0
    for (let room = 0; ; room += 4096) {
      const client = newClient(join(disk.path, `home-${room}`))
      const installed = () => client.library.copy(model('small'), 'mine')
      await client.pull(model('small'))
      await installed()
      disk.leave(room)
      const failed = await client.pull(`${model('small')}:next`).catch((error: unknown) => error)
      if (failed !== undefined) {
        failures++
        expect(failed).toMatchObject(full)
        expect((await client.library.list()).map(({ system }) => system)).toEqual(['Be brief.', 'Be brief.'])
        expect(readdirSync(join(client.models, 'manifests')).filter(name => name.startsWith('.'))).toEqual([])
        disk.free()
        await client.pull(`${model('small')}:next`)
      }
      expect((await client.library.get(`${model('small')}:next`)).system).toBe('Be long.')
      expect(blobNames(client.models).filter(name => !/^sha256-[0-9a-f]{64}$/.test(name))).toEqual([])
      disk.free()
      if (failed === undefined) break
    }
    expect(failures).toBeGreaterThan(2)
  })

  test('in the window’s list stays there with its reason, and is done when the person asks again', async () => {
    const disk = smallDisk(64)
    const home = join(disk.path, 'home')
    const client = newClient(home)
    const path = join(home, 'pulls.json')
    const pulls = await Pulls.open({ registry: client.registry, path, retryAfter: 10 })
    onTestFinished(() => pulls.close())
    await client.library.folder.make()
    disk.fill()
    const name = pulls.start(model('big'), { insecure: true })
    await eventually(() => expect(pulls.list()[0]).toMatchObject({ state: 'failed', problem: full }))
    // The list may just be trying to write itself.
    await eventually(() => expect(readdirSync(home).filter(name => name.endsWith('.tmp'))).toEqual([]))
    disk.free()
    pulls.resume(name)
    await eventually(() => expect(pulls.list()[0]!.state).toBe('done'))
    await eventually(() => expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([]))
  })
})

test.runIf(canMount)('settings that do not fit any more are as they were, in the file and in memory', async () => {
  const disk = smallDisk(1)
  const settings = new SettingsStore({ home: disk.path, notices: new Notices(join(disk.path, 'notices.json')) })
  await settings.change({ language: 'en' })
  const before = readdirSync(disk.path)
  disk.fill()
  await expect(settings.change({ language: 'zh-CN' })).rejects.toMatchObject(full)
  expect(settings.get().language).toBe('en')
  disk.free()
  expect(readdirSync(disk.path)).toEqual(before)
  const again = new SettingsStore({ home: disk.path, notices: new Notices(join(disk.path, 'notices.json')) })
  expect(again.get().language).toBe('en')
})
