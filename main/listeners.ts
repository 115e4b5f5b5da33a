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
