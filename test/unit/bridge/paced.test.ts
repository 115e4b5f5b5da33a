import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paced } from '../../../main/bridge/paced.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

// It would stand still in front of the person for as long as the clock is set back.
test('a job goes on telling of its steps when the clock is set back', async () => {
  const progress = paced(
    (async function* () {
      yield { done: 1, total: 3 }
      vi.setSystemTime(Date.now() - 3_600_000)
      yield { done: 2, total: 3 }
      vi.advanceTimersByTime(100)
      yield { done: 3, total: 3 }
    })(),
  )
  expect((await progress.next()).value).toMatchObject({ done: 1 })
  expect((await progress.next()).value).toMatchObject({ done: 3 })
})
