/** Those who want to hear of something that changes. None may throw: they are called in the middle of other work. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>()

  get size(): number {
    return this.#listeners.size
  }

  /**
   * @param now how things stand, which the new one is told at once; changes alone where it is left out
   * @returns ends it
   */
  add(listener: (event: Event) => void, now?: Event): () => void {
    // One function may be added twice, and each is ended by itself.
    const own = (event: Event) => listener(event)
    this.#listeners.add(own)
    if (now !== undefined) own(now)
    return () => void this.#listeners.delete(own)
  }

  tell(event: Event): void {
    for (const listener of this.#listeners) listener(event)
  }

  clear(): void {
    this.#listeners.clear()
  }
}

/** Those who want to hear of what changes all the time: of how things stand, at most so often. */
export class PacedListeners<Event> {
  readonly #listeners = new Listeners<Event>()
  readonly #now: () => Event
  readonly #pace: number
  #timer: NodeJS.Timeout | undefined

  /**
   * @param now how things stand
   * @param pace milliseconds between two tellings of small changes
   */
  constructor(now: () => Event, pace: number) {
    this.#now = now
    this.#pace = pace
  }

  /** Calls at once with how things stand. @returns ends it */
  add(listener: (event: Event) => void): () => void {
    return this.#listeners.add(listener, this.#now())
  }

  /** Something small has changed: it is told with what else changes meanwhile. */
  soon(): void {
    if (this.#listeners.size > 0) this.#timer ??= setTimeout(() => this.tell(), this.#pace)
  }

  tell(): void {
    this.#stop()
    this.#listeners.tell(this.#now())
  }

  /** Nobody is told any more. */
  close(): void {
    this.#stop()
    this.#listeners.clear()
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
