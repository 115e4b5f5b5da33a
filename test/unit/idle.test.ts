import { expect, it } from 'vitest'
import { idle } from '../../main/idle.ts'

// A server that ends under the feet of a person whose model is being loaded.
it('is idle no sooner than nothing has been needed for the whole time', async () => {
  const busy = 30
  const needed = { until: busy, asked: 0 }
  // Two and a half times the time itself, all of it needed.
  await idle(async () => ++needed.asked <= needed.until, 60)
  expect(needed.asked).toBeGreaterThan(busy + 1)
})
