import type { GenerateEvent } from '../engine.ts'
import type { FromEngine } from '../protocol.ts'

type EventsMessage = Extract<FromEngine, { type: 'events' }>

/** Milliseconds within which events share a message: two pictures of most screens, less than an eye tells apart. */
const together = 32

/**
 * The way of all answers' events out of the thread that computes. A message wakes three threads one after the other, up
 * to the client's, each of which may take a core from the threads that compute: so what comes quicker than it can be
 * seen shares one; an answer's first words and its end wait for nobody. The thread has no timers while it computes: it
 * asks between two batches whether what waits can wait for the next.
 */
export class Outbox {
  readonly #post: (message: EventsMessage) => void
  readonly #now: () => number
  readonly #events = new Map<number, GenerateEvent[]>()
  /** Answers of which words have come. */
  readonly #begun = new Set<number>()
  #sentAt = Number.NEGATIVE_INFINITY

  constructor(post: (message: EventsMessage) => void, now: () => number = () => performance.now()) {
    this.#post = post
    this.#now = now
  }

  add(id: number, event: GenerateEvent): void {
    const events = this.#events.get(id)
    if (events) events.push(event)
    else this.#events.set(id, [event])
    const begins = event.type === 'text' && !this.#begun.has(id)
    if (begins) this.#begun.add(id)
    if (event.type === 'end') this.#begun.delete(id)
    if (begins || event.type === 'end') this.#sentAt = Number.NEGATIVE_INFINITY
  }

  /** Drops what was not sent of an answer. */
  drop(id: number): void {
    this.#events.delete(id)
    this.#begun.delete(id)
  }

  /** @param next milliseconds the next batch takes: what would then have waited too long goes now */
  flush(next: number): void {
    if (this.#events.size === 0) return
    const now = this.#now()
    if (now + next - this.#sentAt < together) return
    this.#sentAt = now
    this.#post({ type: 'events', answers: Array.from(this.#events, ([id, events]) => ({ id, events })) })
    this.#events.clear()
  }
}
