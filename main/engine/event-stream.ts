import type { GenerateEvent } from './engine.ts'
import { acknowledgeEvery, eventWindow } from './protocol.ts'

/**
 * The events of one answer between the message that brought them and the reader who takes them. What was taken is
 * acknowledged, and the engine stops ahead of a reader who does not come: the queue never outgrows the event window.
 * A reader who lets it wait too long is given up, as the engine's slot waits with it.
 */
export class EventStream {
  readonly #acknowledge: (events: number) => void
  readonly #patience: number
  readonly #onGivenUp: () => void
  #timer: NodeJS.Timeout | undefined
  #events: GenerateEvent[] = []
  #taken = 0
  #failure: { error: unknown } | undefined
  #wake: (() => void) | undefined

  /**
   * @param acknowledge called with the number of events read since the last call
   * @param patience milliseconds a reader may take nothing while the engine waits for it
   * @param onGivenUp called once they have passed
   */
  constructor(acknowledge: (events: number) => void, patience: number, onGivenUp: () => void) {
    this.#acknowledge = acknowledge
    this.#patience = patience
    this.#onGivenUp = onGivenUp
  }

  push(events: readonly GenerateEvent[]): void {
    this.#events.push(...events)
    this.#watch()
    this.#wake?.()
  }

  /** Stops waiting for the reader. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Ends the stream after what has arrived. */
  fail(error: unknown): void {
    this.close()
    this.#failure ??= { error }
    this.#wake?.()
  }

  /** Ends the stream now; events not yet read are dropped. */
  abort(error: unknown): void {
    this.close()
    this.#events = []
    this.#failure = { error }
    this.#wake?.()
  }

  /** Events that have come since, as soon as there is one: no more than who reads slowly can take in its time. */
  async take(): Promise<readonly GenerateEvent[]> {
    for (;;) {
      const events = this.#events.splice(0, acknowledgeEvery)
      if (events.length > 0) {
        this.#count(events.length)
        this.#watch()
        return events
      }
      if (this.#failure) throw this.#failure.error
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }

  /** Counts anew whenever some are taken: who reads slowly reads. */
  #watch(): void {
    this.close()
    const ahead = this.#events.length + this.#taken
    const isOver = this.#failure !== undefined || this.#events.at(-1)?.type === 'end'
    if (ahead >= eventWindow && !isOver) this.#timer = setTimeout(this.#onGivenUp, this.#patience)
  }

  #count(events: number): void {
    this.#taken += events
    if (this.#taken < acknowledgeEvery) return
    this.#acknowledge(this.#taken)
    this.#taken = 0
  }
}
