import type { GenerateEvent } from '../engine.ts'
import { eventWindow, type FromEngine } from '../protocol.ts'

/** Milliseconds within which events share a message. */
const together = 2

/**
 * The way out for one answer's events: the first leaves at once, those that come quicker than about two milliseconds
 * share a message, and when the reader falls a whole window behind the answer is asked to pause. "At once" is when this
 * turn of the event loop is done.
 */
export class AnswerOutbox {
  readonly #send: (events: GenerateEvent[]) => void
  readonly #onFull: (full: boolean) => void
  readonly #now: () => number
  #events: GenerateEvent[] = []
  #soon: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #sentAt = Number.NEGATIVE_INFINITY
  #ahead = 0

  /** @param onFull told true when the reader is a window behind, false when it has read on */
  constructor(
    post: (message: FromEngine) => void,
    id: number,
    onFull: (full: boolean) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#send = events => post({ type: 'events', answers: [{ id, events }] })
    this.#onFull = onFull
    this.#now = now
  }

  add(event: GenerateEvent): void {
    this.#events.push(event)
    if (++this.#ahead === eventWindow) this.#onFull(true)
    if (event.type === 'end' || this.#now() - this.#sentAt >= together) {
      this.#soon ??= setImmediate(() => this.flush())
    } else this.#timer ??= setTimeout(() => this.flush(), together)
  }

  /** The reader took so many events. */
  taken(events: number): void {
    const wasFull = this.#ahead >= eventWindow
    this.#ahead -= events
    if (wasFull && this.#ahead < eventWindow) this.#onFull(false)
  }

  /** Drops what was not sent. */
  dispose(): void {
    this.#unschedule()
    this.#events = []
  }

  /** Sends what waits now. */
  flush(): void {
    this.#unschedule()
    if (this.#events.length === 0) return
    this.#sentAt = this.#now()
    this.#send(this.#events)
    this.#events = []
  }

  #unschedule(): void {
    clearImmediate(this.#soon)
    clearTimeout(this.#timer)
    this.#soon = undefined
    this.#timer = undefined
  }
}
