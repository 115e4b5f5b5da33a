import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type Pull, Pulls } from '../../../main/library/registry/pulls.ts'
import { blobNames, putBlob, putModel, sha256 } from '../library/ollama-folder.ts'
import { eventually, newClient } from './client.ts'
import { type DebianRegistry, publish, startRegistry } from './debian-registry.ts'
import { FaultyProxy } from './faulty-proxy.ts'

let registry: DebianRegistry
let proxy: FaultyProxy
const bytes = Buffer.alloc(2_000_000, 'weights')
const models = ['one', 'two', 'three']

beforeAll(async () => {
  registry = await startRegistry()
  proxy = await FaultyProxy.start(registry.host)
  for (const name of models) {
    await publish(registry.host, `library/${name}`, 'latest', [
      ['model', Buffer.concat([bytes, Buffer.from(name)])],
      ['system', `Text of ${name}.`],
    ])
  }
})
beforeEach(() => proxy.reset())
afterAll(async () => {
  await proxy?.close()
  await registry?.close()
})

const nameOf = (model: string) => `${proxy.host}/library/${model}:latest`

async function openPulls(folder = mkdtempSync(join(tmpdir(), 'hearth-pulls-')), patience?: number) {
  const client = newClient(folder)
  const path = join(folder, 'pulls.json')
  const pulls = await Pulls.open({ registry: client.registry, path, retryAfter: 50, patience })
  onTestFinished(() => pulls.close())
  const state = (model: string) => pulls.list().find(pull => pull.model === nameOf(model))?.state
  return { ...client, pulls, state }
}

/** Bytes of weights come so slowly that the test decides when they are all there. */
const slowly = () => {
  proxy.fault = ({ method, path }) => (method === 'GET' && path.includes('/blobs/') ? { slow: 500_000 } : undefined)
}

test('two run, the third waits its turn; each tells how far it is, then that it is done', async () => {
  slowly()
  const { pulls, state } = await openPulls()
  const seen: Pull[][] = []
  onTestFinished(pulls.watch(list => void seen.push([...list])))
  for (const model of models) expect(pulls.start(nameOf(model), { insecure: true })).toBe(nameOf(model))
  expect(pulls.list().map(pull => pull.state)).toEqual(['running', 'running', 'waiting'])
  expect(pulls.underWay()).toHaveLength(3)
  await eventually(() => {
    expect(seen.at(-1)![0]).toMatchObject({ state: 'running', total: expect.any(Number) })
    expect(seen.at(-1)![0]!.speed).toBeGreaterThan(0)
    expect(seen.at(-1)![0]!.secondsLeft).toBeGreaterThan(0)
  })
  proxy.reset()
  await eventually(() => expect(models.map(state)).toEqual(['done', 'done', 'done']))
  for (const { completed, total } of pulls.list()) expect(completed).toBe(total)
  expect(pulls.underWay()).toEqual([])
  expect(seen[0]).toEqual([])
})

test('paused, it holds what it has and nothing comes; resumed, it goes on there', async () => {
  slowly()
  const { pulls, state, models: folder } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  await pulls.pause(nameOf('one'))
  const { completed } = pulls.list()[0]!
  expect(state('one')).toBe('paused')
  expect(pulls.underWay()).toEqual([])
  expect(blobNames(folder).filter(name => name.endsWith('-partial'))).toHaveLength(1)
  proxy.reset()
  pulls.resume(nameOf('one'))
  await eventually(() => expect(state('one')).toBe('done'))
  expect(proxy.ranges[0]!.range![0]).toBeGreaterThanOrEqual(completed)
})

test('after a restart what ran goes on, what was paused stays so, and both know how far they were', async () => {
  slowly()
  const before = await openPulls()
  before.pulls.start(nameOf('one'), { insecure: true })
  before.pulls.start(nameOf('two'), { insecure: true })
  const least = () => Math.min(...before.pulls.list().map(pull => pull.completed))
  await eventually(() => expect(least()).toBeGreaterThan(200_000))
  await before.pulls.pause(nameOf('two'))
  await before.pulls.close()
  const [, paused] = before.pulls.list()
  const after = await openPulls(before.folder)
  expect(after.pulls.list()[1]).toMatchObject({ state: 'paused', total: paused!.total })
  expect(after.pulls.list()[1]!.completed).toBeGreaterThanOrEqual(paused!.completed)
  proxy.reset()
  await eventually(() => expect(after.state('one')).toBe('done'))
  expect(after.state('two')).toBe('paused')
})

test('taken off the list, its bytes go; those that another model needs stay', async () => {
  const { pulls, models: folder } = await openPulls()
  const text = 'Text of one.'
  putModel(folder, { path: 'registry.ollama.ai/library/own/latest', layers: [['system', text]] })
  slowly()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  await pulls.remove(nameOf('one'))
  expect(pulls.list()).toEqual([])
  expect(blobNames(folder)).toHaveLength(2)
  expect(blobNames(folder)).toContain(`sha256-${sha256(text)}`)
  await eventually(() => expect(JSON.parse(readFileSync(join(folder, '../pulls.json'), 'utf8'))).toEqual([]))
})

// Ollama takes no lock: its download would have come to its end without its file, or its model without a layer.
test.each([
  ['fetches one of its layers', true],
  ['has just brought one', false],
])('taken off the list while an Ollama %s, what is whole and what it is at stay', async (_, fetches) => {
  slowly()
  const { pulls, models: folder } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  await pulls.pause(nameOf('one'))
  const brought = putBlob(folder, 'any', 'Text of one.').digest.replace(':', '-')
  const before = blobNames(folder)
  const [partial] = before.filter(name => name.endsWith('-partial'))
  let isOver = false
  const writing = fetches ? writeAgainAndAgain(join(folder, 'blobs', partial!), () => isOver) : undefined
  await pulls.remove(nameOf('one'))
  isOver = true
  await writing
  expect(blobNames(folder)).toEqual(fetches ? before : [brought])
})

/** As one who downloads does. */
async function writeAgainAndAgain(path: string, isOver: () => boolean): Promise<void> {
  const file = await open(path, 'r+')
  while (!isOver()) {
    await file.write('x', 0)
    await setImmediate()
  }
  await file.close()
}

test('the window and a client of the API share one download, and the one goes on without the other', async () => {
  slowly()
  const { pulls, pull, state } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  const client = pull(nameOf('one'))
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  await pulls.pause(nameOf('one'))
  expect(state('one')).toBe('paused')
  await client
  const weights = proxy.ranges.filter(({ range }) => range![1] > 1_000_000)
  expect(weights).toHaveLength(1)
})

test('a network that is gone for a while is waited for; a model that is not there is not', async () => {
  let away = true
  proxy.fault = () => (away ? { status: 503 } : undefined)
  const { pulls, state } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(state('one')).toBe('failed'))
  expect(pulls.list()[0]!.problem).toMatchObject({ code: 'registry' })
  expect(pulls.underWay()).toHaveLength(1)
  away = false
  await eventually(() => expect(state('one')).toBe('done'))
  pulls.start(nameOf('none'), { insecure: true })
  await eventually(() => expect(state('none')).toBe('failed'))
  const { problem } = pulls.list()[1]!
  expect(problem).toMatchObject({ code: 'not-found', message: 'pull model manifest: file does not exist' })
  const asked = proxy.seen.length
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(proxy.seen).toHaveLength(asked)
})

// It waited for a person's hand, who had thought that putting the disk back was enough.
test('a disk that is away is waited for, but nothing to stay for', async () => {
  const { pulls, state, library, models: folder } = await openPulls()
  await library.folder.make()
  renameSync(folder, `${folder}-unplugged`)
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(state('one')).toBe('failed'))
  expect(pulls.list()[0]!.problem).toMatchObject({ code: 'models-away' })
  expect(pulls.underWay()).toEqual([])
  renameSync(`${folder}-unplugged`, folder)
  await eventually(() => expect(state('one')).toBe('done'))
})

// It failed in the file system's words, and waited for a person's hand.
test('a disk that goes in the middle of a pull is waited for', async () => {
  slowly()
  const { pulls, state, models: folder } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  renameSync(folder, `${folder}-unplugged`)
  proxy.reset()
  await eventually(() => expect(pulls.list()[0]).toMatchObject({ state: 'failed', problem: { code: 'models-away' } }))
  renameSync(`${folder}-unplugged`, folder)
  await eventually(() => expect(state('one')).toBe('done'))
})

// It was gone from the list, and the person told that nothing was changed.
test.each(['is away', 'is being moved'])('taken off the list while the folder %s, it is off the list', async which => {
  slowly()
  const { pulls, library, models: folder } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(200_000))
  await pulls.pause(nameOf('one'))
  const remove = async () => {
    await pulls.remove(nameOf('one'))
    expect(pulls.list()).toEqual([])
  }
  if (which === 'is being moved') return library.folder.changes.hold(remove, new AbortController().signal)
  renameSync(folder, `${folder}-unplugged`)
  await remove()
  expect(blobNames(`${folder}-unplugged`)).toHaveLength(2)
})

// Hearth stayed for ever without a window, for a registry that was gone for good.
test('one that has brought nothing for too long is tried again, but nothing to stay for', async () => {
  proxy.fault = () => ({ status: 503 })
  const { pulls, state } = await openPulls(undefined, 0)
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => {
    expect(state('one')).toBe('failed')
    expect(pulls.underWay()).toEqual([])
  })
  proxy.reset()
  await eventually(() => expect(state('one')).toBe('done'))
})

// Bytes that come into a folder while it is copied would be missing in the copy.
test('held, nothing runs and nothing starts; let go, what ran goes on with the bytes it had', async () => {
  slowly()
  const { pulls, state } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(0))
  const letGo = await pulls.hold()
  pulls.start(nameOf('two'), { insecure: true })
  const { completed } = pulls.list()[0]!
  const asked = proxy.seen.length
  await new Promise(resolve => setTimeout(resolve, 200))
  expect([state('one'), state('two')]).toEqual(['waiting', 'waiting'])
  expect(proxy.seen).toHaveLength(asked)
  expect(pulls.list()[0]!.completed).toBe(completed)
  proxy.reset()
  letGo()
  await eventually(() => expect([state('one'), state('two')]).toEqual(['done', 'done']))
})

// What waits for the end of one hold may begin within another.
test('held twice, they wait for both, and count what is in the folder that is in use then', async () => {
  slowly()
  const { pulls, state, library, folder } = await openPulls()
  pulls.start(nameOf('one'), { insecure: true })
  await eventually(() => expect(pulls.list()[0]!.completed).toBeGreaterThan(0))
  await pulls.pause(nameOf('one'))
  const [first, second] = [await pulls.hold(), await pulls.hold()]
  const other = join(folder, 'other')
  mkdirSync(join(other, 'blobs'), { recursive: true })
  library.folder.moveTo(other)
  first()
  first()
  await eventually(() => expect(pulls.list()[0]!.completed).toBe(0))
  pulls.resume(nameOf('one'))
  expect(state('one')).toBe('waiting')
  proxy.reset()
  second()
  await eventually(() => expect(state('one')).toBe('done'))
  expect(blobNames(other)).not.toEqual([])
})

test.each([['nothing'], ['[1, {"model": "../x", "insecure": true, "paused": false, "layers": []}]'], ['{}']])(
  'a list that says %s is an empty one',
  async text => {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-pulls-'))
    writeFileSync(join(folder, 'pulls.json'), text)
    expect((await openPulls(folder)).pulls.list()).toEqual([])
  },
)
