import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PacedListeners } from '../../main/listeners.ts'

let count = 0
const listeners = () => new PacedListeners(() => count, 250)

beforeEach(() => {
  count = 0
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

// A download changes thousands of times a second; a window told of each would draw nothing else.
test('small changes are told of once a pace, as things stand then', () => {
  const heard: number[] = []
  const paced = listeners()
  paced.add(now => heard.push(now))
  for (count = 1; count < 100; count++) paced.soon()
  expect(heard).toEqual([0])
  vi.advanceTimersByTime(250)
  expect(heard).toEqual([0, 100])
})

test('what is told at once takes the small changes along, and they are not told again', () => {
  const heard: number[] = []
  const paced = listeners()
  paced.add(now => heard.push(now))
  count = 1
  paced.soon()
  count = 2
  paced.tell()
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([0, 2])
})

test('nobody is told after the end, and no timer keeps the process', () => {
  const heard: number[] = []
  const paced = listeners()
  paced.add(now => heard.push(now))
  paced.soon()
  paced.close()
  paced.soon()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([0])
})
