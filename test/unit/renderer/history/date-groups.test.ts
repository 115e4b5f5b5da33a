import { describe, expect, it } from 'vitest'
import { groupByDate } from '../../../../renderer/features/history/date-groups.ts'
import { aConversation } from '../fake-hearth.ts'

/** A Thursday; the month's first day was a Sunday. */
const now = new Date(2026, 10, 19, 9, 30).getTime()
const at = (...date: [number, number, number, number?, number?]) => {
  const time = new Date(...date).getTime()
  return aConversation({ id: String(time), updatedAt: time })
}
const kinds = (...conversations: ReturnType<typeof at>[]) =>
  groupByDate(conversations, now).map(group => `${group.kind} ${group.conversations.length}`)

describe('grouping by date', () => {
  it('cuts at midnight of the person’s time zone, not after 24 hours', () => {
    expect(kinds(at(2026, 10, 19, 0, 0), at(2026, 10, 18, 23, 59), at(2026, 10, 18, 0, 0))).toEqual([
      'today 1',
      'yesterday 2',
    ])
  })

  it('lets the week begin on Monday', () => {
    expect(kinds(at(2026, 10, 17), at(2026, 10, 16), at(2026, 10, 15, 23, 59))).toEqual(['thisWeek 2', 'thisMonth 1'])
  })

  it('names older ones by their month, and keeps the same month of two years apart', () => {
    const groups = groupByDate([at(2026, 9, 31), at(2026, 9, 1), at(2026, 8, 30), at(2025, 8, 30)], now)
    expect(groups.map(group => [group.kind, group.conversations.length])).toEqual([
      ['month', 2],
      ['month', 1],
      ['month', 1],
    ])
  })

  it('counts times from the future as today: a clock may have been set back', () => {
    expect(kinds(at(2026, 11, 24))).toEqual(['today 1'])
  })

  it('makes no group for nothing', () => {
    expect(groupByDate([], now)).toEqual([])
  })

  it('says yesterday on the first day of a week, a month and a year', () => {
    const newYear = new Date(2024, 0, 1, 12).getTime()
    const eve = aConversation({ id: 'eve', updatedAt: new Date(2023, 11, 31, 23).getTime() })
    expect(groupByDate([eve], newYear)[0]?.kind).toBe('yesterday')
  })
})
