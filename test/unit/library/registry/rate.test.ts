import { expect, test } from 'vitest'
import { Rate } from '../../../../main/library/registry/rate.ts'

test('a speed is that of the last seconds, and falls when nothing comes', () => {
  let now = 0
  const rate = new Rate(() => now)
  expect(rate.perSecond).toBe(0)
  // A slow minute, then ten fast seconds: only the latter count.
  for (; now < 60_000; now += 1000) rate.see(now)
  for (let bytes = 60_000; now <= 70_000; now += 500, bytes += 50_000) rate.see(bytes)
  now = 70_000
  expect(rate.perSecond).toBeCloseTo(100_000, -4)
  now += 60_000
  expect(rate.perSecond).toBeLessThan(10_000)
  rate.reset()
  expect(rate.perSecond).toBe(0)
})
