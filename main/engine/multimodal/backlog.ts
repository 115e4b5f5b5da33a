import type { GenerateEvent } from '../engine.ts'
import type { FromEngine } from '../protocol.ts'
import { AnswerOutbox } from './answer-outbox.ts'

/**
 * Events of one answer that the reader is not ready for. The binding cannot be paused, so what it makes ahead waits
 * here: at most the answer itself.
 */
export class Backlog {
  readonly #outbox: AnswerOutbox
  readonly #onSent: () => void
  #waiting: GenerateEvent[] = []
  #full = false

  /** @param onSent called when the last event is on its way */
  constructor(post: (message: FromEngine) => void, id: number, onSent: () => void) {
    this.#onSent = onSent
    this.#outbox = new AnswerOutbox(post, id, full => {
      this.#full = full
      if (!full) this.#catchUp()
    })
  }

  add(event: GenerateEvent): void {
    this.#waiting.push(event)
    this.#catchUp()
  }

  /** The reader took so many events. */
  taken(events: number): void {
    this.#outbox.taken(events)
  }

  /** The answer failed: what its reader has room for goes before the word of that. */
  fail(): void {
    this.#outbox.flush()
    this.dispose()
  }

  /** Drops what was not sent. */
  dispose(): void {
    this.#waiting = []
    this.#outbox.dispose()
  }

  #catchUp(): void {
    while (!this.#full) {
      const event = this.#waiting.shift()
      if (!event) return
      this.#outbox.add(event)
      if (event.type === 'end') this.#onSent()
    }
  }
}
