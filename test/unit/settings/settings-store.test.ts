import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'
import type { Notice, Settings } from '../../../preload/contract.ts'
import { defaultSettings as defaults } from '../../../preload/contract-app.ts'

let home: string
let file: string
let notices: Notices
let told: Notice[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-settings-'))
  file = join(home, 'settings.json')
  notices = new Notices()
  notices.watch(all => {
    told = all
  })
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

const open = () => new SettingsStore({ home, notices, now: () => Date.UTC(2026, 10, 21, 7, 13) })
const onDisk = () => JSON.parse(readFileSync(file, 'utf8'))

test('the first start has defaults, writes nothing and tells nothing', () => {
  expect(open().get()).toEqual(defaults)
  expect(readdirSync(home)).toEqual([])
  expect(told).toEqual([])
})

test('a change is there after a restart', async () => {
  expect(await open().change({ theme: 'dark', model: 'hearth-demo' })).toEqual({
    ...defaults,
    theme: 'dark',
    model: 'hearth-demo',
  })
  expect(open().get()).toEqual({ ...defaults, theme: 'dark', model: 'hearth-demo' })
  expect(readdirSync(home)).toEqual(['settings.json'])
})

test('a wrong field falls back alone and does not drag the others with it', () => {
  writeFileSync(file, JSON.stringify({ theme: 'dark', language: 7, model: null, sidebarCollapsed: true }))
  expect(open().get()).toEqual({ ...defaults, theme: 'dark', sidebarCollapsed: true })
  expect(told).toEqual([])
})

test('what a newer version wrote survives a change made by this one', async () => {
  writeFileSync(file, JSON.stringify({ theme: 'sepia', shortcuts: { send: 'Enter' }, model: 'llama3.2' }))
  await open().change({ sidebarCollapsed: true })
  expect(onDisk()).toEqual({ theme: 'sepia', shortcuts: { send: 'Enter' }, model: 'llama3.2', sidebarCollapsed: true })
})

test('a field given as undefined is left as it was', async () => {
  const store = open()
  await store.change({ theme: 'dark' })
  await store.change({ theme: undefined, model: 'a' })
  expect(onDisk()).toEqual({ theme: 'dark', model: 'a' })
})

test.each([
  ['a file of NULs, as a power cut leaves', '\0'.repeat(200)],
  ['an empty file', ''],
  ['a file cut in the middle', '{"theme": "da'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a word', '"dark"'],
])('%s is set aside whole, with a notice that says where, and the app starts', (_name, text) => {
  writeFileSync(file, text)
  expect(open().get()).toEqual(defaults)
  const aside = join(home, 'settings-set-aside-2026-11-21T07-13-00-000Z.json')
  expect(told.map(notice => [notice.code, notice.values])).toEqual([['settings-set-aside', { path: aside }]])
  expect(readFileSync(aside, 'utf8')).toBe(text)
  expect(existsSync(file)).toBe(false)
})

test('a byte order mark, as Notepad writes, is no damage', () => {
  writeFileSync(file, '\uFEFF{"theme":"light"}')
  expect(open().get().theme).toBe('light')
  expect(told).toEqual([])
})

test('a folder in the place of the file does not stop the start, and a change says that it failed', async () => {
  mkdirSync(file)
  const store = open()
  expect(store.get()).toEqual(defaults)
  await expect(store.change({ theme: 'dark' })).rejects.toMatchObject({ name: 'Problem' })
  expect(store.get().theme).toBe('system')
  expect(readdirSync(home)).toEqual(['settings.json'])
})

test('changes made at once are all kept, in order, and each is told once', async () => {
  const store = open()
  const seen: Settings[] = []
  store.watch(settings => seen.push(settings))
  await Promise.all([store.change({ theme: 'dark' }), store.change({ model: 'a' }), store.change({ model: 'b' })])
  expect(onDisk()).toEqual({ theme: 'dark', model: 'b' })
  expect(seen.map(({ theme, model }) => `${theme}/${model}`)).toEqual(['system/', 'dark/', 'dark/a', 'dark/b'])
})

// The window shows a choice before it is saved; quitting in the next moment lost it.
test('who ends the program can wait for what is still being written', async () => {
  const settings = new SettingsStore({ home, notices })
  void settings.change({ language: 'zh-CN' })
  await settings.written()
  expect(new SettingsStore({ home, notices }).get().language).toBe('zh-CN')
})

test('two processes do not undo each other’s changes', async () => {
  const window = open()
  const server = open()
  await window.change({ theme: 'dark' })
  await server.change({ model: 'llama3.2' })
  expect(onDisk()).toEqual({ theme: 'dark', model: 'llama3.2' })
})

test('after letting go nothing is told', async () => {
  const store = open()
  let calls = 0
  store.watch(() => {
    calls += 1
  })()
  await store.change({ theme: 'dark' })
  expect(calls).toBe(1)
})

test('a write that fails keeps the old settings whole, leaves no rubbish, and does not block the next', async () => {
  const store = open()
  await store.change({ theme: 'dark' })
  // The home is replaced by a file: nothing can be created in it.
  renameSync(home, `${home}-away`)
  writeFileSync(home, '')
  await expect(store.change({ theme: 'light' })).rejects.toMatchObject({ name: 'Problem' })
  rmSync(home)
  renameSync(`${home}-away`, home)
  expect(store.get().theme).toBe('dark')
  expect(onDisk()).toEqual({ theme: 'dark' })
  expect((await store.change({ theme: 'light' })).theme).toBe('light')
  expect(readdirSync(home)).toEqual(['settings.json'])
})
