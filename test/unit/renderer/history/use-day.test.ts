// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDay } from '../../../../renderer/features/history/use-day.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const dayOf = (time: number) => new Date(time).getDate()

// Closed in the evening and opened in the morning, it called yesterday's chats today's until the sleep was made up for.
test.each([
  ['has slept over midnight', () => vi.setSystemTime(new Date(2026, 4, 5, 8))],
  ['was awake over midnight', () => vi.advanceTimersByTime(2 * 3_600_000)],
])('a new day has begun for a window that %s', (_, pass) => {
  vi.setSystemTime(new Date(2026, 4, 4, 22))
  const { result } = renderHook(useDay)
  act(() => vi.advanceTimersByTime(3_600_000))
  expect(dayOf(result.current)).toBe(4)
  act(() => {
    pass()
    vi.advanceTimersByTime(60_000)
  })
  expect(dayOf(result.current)).toBe(5)
})
