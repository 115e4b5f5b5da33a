import { expect, test } from 'vitest'
import { goTime, wallClock } from '../../../../main/go/json/time.ts'

test.each([
  [0n, '1970-01-01T00:00:00Z'],
  [1_700_000_000_000_000_000n, '2023-11-14T22:13:20Z'],
  [1_700_000_000_123_000_000n, '2023-11-14T22:13:20.123Z'],
  [1_700_000_000_123_456_789n, '2023-11-14T22:13:20.123456789Z'],
  [1_700_000_000_000_000_001n, '2023-11-14T22:13:20.000000001Z'],
])('%d is %s', (nanoseconds, text) => {
  expect(goTime(nanoseconds)).toBe(text)
})

test('local time carries its offset and names the same moment', () => {
  const zone = process.env.TZ
  try {
    for (const [place, offset] of [
      ['America/New_York', '-05:00'],
      ['Asia/Kolkata', '+05:30'],
      ['UTC', 'Z'],
    ]) {
      process.env.TZ = place
      const text = goTime(1_700_000_000_500_000_000n, true)
      expect(text.endsWith(`:20.5${offset}`)).toBe(true)
      expect(Date.parse(text)).toBe(1_700_000_000_500)
    }
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})

test('the clock agrees with the wall, never runs backwards in one burst, and is finer than a millisecond', () => {
  const before = Date.now()
  const readings = Array.from({ length: 2000 }, wallClock)
  const last = Number(readings.at(-1)! / 1_000_000n)
  expect(last).toBeGreaterThan(before - 50)
  expect(last).toBeLessThan(Date.now() + 50)
  expect(readings.every((value, index) => index === 0 || value >= readings[index - 1]!)).toBe(true)
  expect(readings.some(value => value % 1_000_000n !== 0n)).toBe(true)
})
