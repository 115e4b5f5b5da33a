import { expect, test } from 'vitest'
import type { Kept } from '../../../main/backups/about.ts'
import { outlived } from '../../../main/backups/retention.ts'

const hour = 60 * 60 * 1_000
const now = new Date(2026, 10, 21, 12).getTime()
const plenty = Number.POSITIVE_INFINITY

const backup = (ago: number, reason: Kept['reason'] = 'daily', bytes = 1): Kept => ({
  id: `${ago} ${reason}`,
  at: now - ago * hour,
  reason,
  bytes,
  chats: 1,
  forms: null,
  files: ['conversations.db'],
})
const ids = (backups: readonly Kept[]) => backups.map(({ id }) => id)
const leftOf = (kept: readonly Kept[], limit = plenty) => {
  const gone = new Set(outlived(kept, now, limit))
  return kept.filter(one => !gone.has(one))
}

test('a year of daily backups leaves seven days and four weeks', () => {
  const left = leftOf(Array.from({ length: 365 }, (_, day) => backup(day * 24)))
  // The newest of this week and the last is among the days; two weeks more go further back.
  expect(left.slice(0, 7)).toEqual(Array.from({ length: 7 }, (_, day) => backup(day * 24)))
  expect(left).toHaveLength(9)
  expect(Math.max(...left.map(({ at }) => now - at))).toBeLessThan(28 * 24 * hour)
})

test('days without a backup do not count: who was away for a month loses none of the old ones', () => {
  const away = 60 * 24
  const old = Array.from({ length: 6 }, (_, day) => backup(away + day * 24))
  expect(leftOf([backup(0), ...old])).toEqual([backup(0), ...old])
})

test('of the last day all stay, so that going back can be undone, and the undoing', () => {
  const kept = [backup(1, 'before-going-back'), backup(2, 'before-going-back'), backup(3, 'asked'), backup(4)]
  expect(outlived(kept, now, plenty)).toEqual([])
})

test('of an earlier day the last stays', () => {
  const kept = [backup(0), backup(40, 'asked'), backup(41), backup(42)]
  expect(ids(outlived(kept, now, plenty))).toEqual(['41 daily', '42 daily'])
})

test('the copy of before the newest update stays beyond all days', () => {
  const year = 365 * 24
  const days = Array.from({ length: 40 }, (_, day) => backup(day * 24))
  const left = leftOf([...days, backup(year, 'migration'), backup(2 * year, 'migration')])
  expect(ids(left).filter(id => id.includes('migration'))).toEqual([`${year} migration`])
})

test('where room is short the oldest go, but never the newest two', () => {
  const kept = Array.from({ length: 5 }, (_, day) => backup(day * 24, 'daily', 100))
  expect(leftOf(kept, 350)).toEqual(kept.slice(0, 3))
  expect(leftOf(kept, 10)).toEqual(kept.slice(0, 2))
})
