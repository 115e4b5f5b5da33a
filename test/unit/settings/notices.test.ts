import { expect, test } from 'vitest'
import { Notices } from '../../../main/settings/notices.ts'

test('a window that opens late still sees what was told before', () => {
  const notices = new Notices()
  notices.add('port-taken', { port: '11434' })
  const seen: unknown[] = []
  notices.watch(all => seen.push(all.map(notice => [notice.code, notice.values])))
  expect(seen).toEqual([[['port-taken', { port: '11434' }]]])
})

test('a trouble that repeats shows once, with its newest values', () => {
  const notices = new Notices()
  notices.add('disk-full', { path: '/old' })
  notices.add('demo-model-missing')
  notices.add('disk-full', { path: '/new' })
  let last: unknown
  notices.watch(all => {
    last = all.map(notice => [notice.code, notice.values.path])
  })
  expect(last).toEqual([
    ['demo-model-missing', undefined],
    ['disk-full', '/new'],
  ])
})

test('dismissing tells every window, and twice is no error', () => {
  const notices = new Notices()
  const id = notices.add('port-taken')
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
  notices.add('port-taken')
  expect(calls).toBe(3)
})
