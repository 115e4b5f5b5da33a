import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Notices } from '../../../main/settings/notices.ts'
import type { NoticeContent } from '../../../preload/contract.ts'

const portTaken: NoticeContent = { code: 'port-taken', values: { wanted: 11434 } }
const databaseSetAside = (path: string): NoticeContent => ({
  code: 'database-set-aside',
  values: { path, at: 0, conversations: 2, messages: 3 },
})

test('a window that opens late still sees what was told before', () => {
  const notices = new Notices()
  notices.add(portTaken)
  const seen: unknown[] = []
  notices.watch(all => seen.push(all.map(notice => [notice.code, notice.values])))
  expect(seen).toEqual([[['port-taken', { wanted: 11434 }]]])
})

test('a trouble that repeats shows once, with its newest values', () => {
  const notices = new Notices()
  notices.add({ code: 'disk-full', values: { path: '/old' } })
  notices.add(portTaken)
  notices.add({ code: 'disk-full', values: { path: '/new' } })
  let last: unknown
  notices.watch(all => {
    last = all.map(({ code, values }) => ({ code, values }))
  })
  expect(last).toEqual([portTaken, { code: 'disk-full', values: { path: '/new' } }])
})

test('dismissing tells every window, and twice is no error', () => {
  const notices = new Notices()
  const id = notices.add(portTaken)
  const counts: number[] = []
  notices.watch(all => counts.push(all.length))
  notices.watch(all => counts.push(all.length))
  notices.dismiss(id)
  notices.dismiss(id)
  expect(counts).toEqual([1, 1, 0, 0])
})

test('after letting go nothing is told, also when one listener watched twice', () => {
  const notices = new Notices()
  let calls = 0
  const listener = () => {
    calls += 1
  }
  const end = notices.watch(listener)
  notices.watch(listener)
  end()
  notices.add(portTaken)
  expect(calls).toBe(3)
})

describe('a file that was set aside', () => {
  let folder: string
  let path: string
  let aside: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-notices-'))
    path = join(folder, 'home', 'notices.json')
    aside = join(folder, 'aside.db')
    writeFileSync(aside, '')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const told = (notices: Notices) => {
    let all: unknown[] = []
    notices.watch(now => {
      all = now.map(({ code, values }) => [code, 'path' in values && values.path])
    })()
    return all
  }

  test('is told at every start until it was dismissed', async () => {
    const serving = new Notices(path)
    serving.add(databaseSetAside(aside))
    serving.add({ code: 'disk-full', values: { path: '/full' } })
    await serving.written()
    const window = new Notices(path)
    expect(told(window)).toEqual([['database-set-aside', aside]])
    window.watch(([notice]) => notice && window.dismiss(notice.id))
    await window.written()
    expect(told(new Notices(path))).toEqual([])
  })

  test('does not hide an earlier one', async () => {
    const earlier = join(folder, 'earlier.db')
    writeFileSync(earlier, '')
    const notices = new Notices(path)
    notices.add(databaseSetAside(earlier))
    notices.add(databaseSetAside(aside))
    notices.add(databaseSetAside(aside))
    await notices.written()
    const both = [
      ['database-set-aside', earlier],
      ['database-set-aside', aside],
    ]
    expect([told(notices), told(new Notices(path))]).toEqual([both, both])
  })

  test('is not told any more once the person deleted it', async () => {
    const notices = new Notices(path)
    notices.add({ code: 'settings-set-aside', values: { path: aside } })
    await notices.written()
    rmSync(aside)
    expect(told(new Notices(path))).toEqual([])
  })

  test('is told also when its numbers were kept as texts', () => {
    const values = { path: aside, at: '1', conversations: '2', messages: '3' }
    const kept = join(folder, 'notices.json')
    writeFileSync(kept, JSON.stringify([{ code: 'database-set-aside', values }]))
    expect(told(new Notices(kept))).toEqual([['database-set-aside', aside]])
  })

  test('told by another process is kept, too', async () => {
    const [one, other] = [new Notices(path), new Notices(path)]
    one.add(databaseSetAside(aside))
    await one.written()
    other.add({ code: 'settings-set-aside', values: { path: aside } })
    await other.written()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(2)
  })

  test.each(['', '{', '{}', 'null', '[null, 1, {"code":"x"}]', '[{"code":"disk-full","values":{"path":"/"}}]'])(
    'and a list of them that reads %j keeps no start from going on',
    async text => {
      const broken = join(folder, 'broken.json')
      writeFileSync(broken, text)
      const notices = new Notices(broken)
      expect(told(notices)).toEqual([])
      notices.add({ code: 'settings-set-aside', values: { path: aside } })
      await notices.written()
      expect(told(new Notices(broken))).toEqual([['settings-set-aside', aside]])
    },
  )

  test('is told also where nothing can be written', async () => {
    const notices = new Notices(join(aside, 'notices.json'))
    notices.add({ code: 'settings-set-aside', values: { path: aside } })
    await notices.written()
    expect(told(notices)).toEqual([['settings-set-aside', aside]])
  })
})
