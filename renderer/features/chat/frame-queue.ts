/** What the queue needs of the browser; a test holds time in its hand with another. */
export interface FrameClock {
  requestFrame(callback: () => void): () => void
  now(): number
}

/** A frame, or a quarter of a second: a hidden window gets no frames, and must not pile up events without end. */
const browserClock: FrameClock = {
  requestFrame(callback) {
    const once = () => {
      cancel()
      callback()
    }
    const frame = requestAnimationFrame(once)
    const timer = setTimeout(once, 250)
    const cancel = () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
    return cancel
  },
  now: () => performance.now(),
}

/** Of each frame's time, drawing may take this many milliseconds before the next drawing waits. */
const drawingBudget = 10

/**
 * Gathers events and hands them over together, at most once a frame. When drawing takes long, frames are left out in
 * proportion, so that typing and scrolling stay quick beside an answer that is costly to draw.
 * @param deliver takes the events and has drawn them when the microtasks it queued are done
 */
export function frameQueue<Event>(deliver: (events: Event[]) => void, clock: FrameClock = browserClock) {
  let waiting: Event[] = []
  let cancel: (() => void) | undefined
  let restUntil = 0

  const flush = () => {
    cancel = undefined
    const start = clock.now()
    if (start < restUntil) {
      cancel = clock.requestFrame(flush)
      return
    }
    const events = waiting
    waiting = []
    deliver(events)
    // React draws in a microtask that is queued by now; ours comes after it.
    queueMicrotask(() => {
      const end = clock.now()
      const cost = end - start
      restUntil = cost > drawingBudget ? end + cost : 0
    })
  }

  return {
    push(event: Event): void {
      waiting.push(event)
      cancel ??= clock.requestFrame(flush)
    },
    /** Drops what waits; nothing is delivered after this. */
    dispose(): void {
      cancel?.()
      cancel = undefined
      waiting = []
    },
  }
}
