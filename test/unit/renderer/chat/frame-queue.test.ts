import { describe, expect, it } from 'vitest'
import { type FrameClock, frameQueue } from '../../../../renderer/features/chat/frame-queue.ts'

/** Frames that come when the test says so, 16 ms apart. */
class HandClock implements FrameClock {
  time = 0
  #callbacks = new Set<() => void>()

  requestFrame(callback: () => void) {
    this.#callbacks.add(callback)
    return () => this.#callbacks.delete(callback)
  }

  now = () => this.time

  async frame() {
    this.time += 16
    const due = [...this.#callbacks]
    this.#callbacks.clear()
    for (const callback of due) callback()
    await Promise.resolve()
    await Promise.resolve()
  }
}

describe('the frame queue', () => {
  it('delivers a thousand events of one frame in one go: more commits than frames would be drawn for nobody', async () => {
    const clock = new HandClock()
    const deliveries: number[][] = []
    const queue = frameQueue<number>(events => deliveries.push(events), clock)
    for (let i = 0; i < 1000; i++) queue.push(i)
    expect(deliveries).toEqual([])
    await clock.frame()
    expect(deliveries).toHaveLength(1)
    expect(deliveries[0]).toHaveLength(1000)
    await clock.frame()
    expect(deliveries).toHaveLength(1)
  })

  it('keeps the order over frames, and loses nothing that comes while it delivers', async () => {
    const clock = new HandClock()
    const seen: number[] = []
    const queue = frameQueue<number>(events => {
      seen.push(...events)
      if (seen.length < 3) queue.push(seen.length + 1)
    }, clock)
    queue.push(1)
    await clock.frame()
    await clock.frame()
    await clock.frame()
    expect(seen).toEqual([1, 2, 3])
  })

  it('leaves out frames when drawing is slow, so that half of the time stays for the person', async () => {
    const clock = new HandClock()
    let deliveries = 0
    const queue = frameQueue<number>(() => {
      deliveries += 1
      clock.time += 64
    }, clock)
    for (let i = 0; i < 100; i++) {
      queue.push(i)
      await clock.frame()
    }
    const drawing = deliveries * 64
    expect(deliveries).toBeGreaterThan(10)
    expect(drawing / clock.time).toBeLessThan(0.55)
  })

  it('delivers nothing after it was disposed, or a closed chat would write into the next one', async () => {
    const clock = new HandClock()
    const deliveries: number[][] = []
    const queue = frameQueue<number>(events => deliveries.push(events), clock)
    queue.push(1)
    queue.dispose()
    await clock.frame()
    expect(deliveries).toEqual([])
  })
})
