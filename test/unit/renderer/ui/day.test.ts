import { describe, expect, it } from 'vitest'
import { addDays, addMonths, dayByKey, isDay, readDay, weekday, weeksAround } from '../../../../renderer/ui/date/day.ts'
import { fc } from '../../../properties.ts'

describe('a day', () => {
  it.each([
    ['2026-11-18', '2026-11-18'],
    [' 2026/1/2 ', '2026-01-02'],
    ['2026年11月18日', '2026-11-18'],
    ['18.11.2026', '2026-11-18'],
    ['29.2.2024', '2024-02-29'],
    // Two countries read two days.
    ['5/6/2026', undefined],
    ['2026-02-30', undefined],
    ['2026-13-01', undefined],
    ['tomorrow', undefined],
    ['', undefined],
  ])('typed as %j is %s', (typed, day) => {
    expect(readDay(typed)).toBe(day)
  })

  it('is left and found again by days, whatever month or leap year lies between', () => {
    const days = fc.date({ min: new Date('1100-01-01'), max: new Date('9000-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(days, fc.integer({ min: -800, max: 800 }), (date, count) => {
        const day = date.toISOString().slice(0, 10)
        expect(addDays(addDays(day, count), -count)).toBe(day)
        const there = addMonths(day, count)
        expect(isDay(there)).toBe(true)
        expect(Number(there.slice(8))).toBeLessThanOrEqual(Number(day.slice(8)))
        const weeks = weeksAround(day)
        expect(weeks.flat()).toContain(day)
        expect(weeks.map(week => weekday(String(week[0])))).toEqual([0, 0, 0, 0, 0, 0])
      }),
    )
  })

  it.each([
    ['ArrowUp', false, '2026-11-11'],
    ['Home', false, '2026-11-16'],
    ['End', false, '2026-11-22'],
    ['PageDown', true, '2027-11-18'],
    ['Enter', false, undefined],
  ])('is left by %s, with Shift %s, to %s', (key, shift, day) => {
    expect(dayByKey('2026-11-18', key, shift)).toBe(day)
  })

  it('of the end of a month is the end of a shorter one', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(addMonths('9999-12-31', 1)).toBe('9999-12-31')
  })
})
