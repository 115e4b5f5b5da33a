import type { GenerateEvent } from './engine.ts'
import { acknowledgeEvery } from './protocol.ts'

/**
 * The events of one answer between the message that brought them and the reader who takes them. What was taken is
 * acknowledged, and the engine stops ahead of a reader who does not come: the queue never outgrows the event window.
 */
export class EventStream {
  readonly #acknowledge: (events: number) => void
  #events: GenerateEvent[] = []
  #next = 0
  #taken = 0
  #failure: { error: unknown } | undefined
  #wake: (() => void) | undefined

  /** @param acknowledge called with the number of events read since the last call */
  constructor(acknowledge: (events: number) => void) {
    this.#acknowledge = acknowledge
  }

  push(events: readonly GenerateEvent[]): void {
    this.#events.push(...events)
    this.#wake?.()
  }

  /** Ends the stream after what has arrived. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake?.()
  }

  /** Ends the stream now; events not yet read are dropped. */
  abort(error: unknown): void {
    this.#events = []
    this.#next = 0
    this.#failure = { error }
    this.#wake?.()
  }

  /** The next event, as soon as there is one. */
  async take(): Promise<GenerateEvent> {
    for (;;) {
      const event = this.#events[this.#next]
      if (event) {
        this.#next++
        this.#count()
        return event
      }
      if (this.#failure) throw this.#failure.error
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }

  #count(): void {
    if (this.#next === this.#events.length) {
      this.#events = []
      this.#next = 0
    }
    if (++this.#taken < acknowledgeEvery) return
    this.#acknowledge(this.#taken)
    this.#taken = 0
  }
}
