import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Queue } from '../../../main/forms/queue.ts'
import type { FormSession } from '../../../main/forms/session.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

// The app stayed without a window for as long as the disk refused, be it for ever.
test('a queue says that it is held up once its database has taken nothing for long, and not any more when it does', async () => {
  let refuses = true
  let refused = 0
  const write = async () => {
    if (!refuses) return
    refused += 1
    throw new Error('read-only')
  }
  const session = { store: { database: { write } } } as unknown as FormSession
  const events = { changed: () => {}, grown: () => {}, stuck: () => {} }
  const queue = new Queue(session, { chat: () => expect.unreachable() }, events, () => expect.unreachable())
  queue.wake()
  await vi.waitFor(() => expect(refused).toBeGreaterThan(0))
  vi.advanceTimersByTime(9 * 60_000)
  expect(queue.isHeldUp).toBe(false)
  vi.advanceTimersByTime(2 * 60_000)
  expect(queue.isHeldUp).toBe(true)
  refuses = false
  await vi.waitFor(() => expect(queue.isHeldUp).toBe(false))
})
