/** A value that changes faster than it is read: the reader sees the newest one, never a backlog. */
export class LatestValue<T> implements AsyncIterable<T> {
  #value: { current: T } | undefined
  #ended = false
  #wake: (() => void) | undefined

  set(value: T): void {
    this.#value = { current: value }
    this.#wake?.()
  }

  /** Ends the iteration after the value that is still unread. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const value = this.#value
      this.#value = undefined
      if (value) yield value.current
      else if (this.#ended) return
      else {
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
      }
    }
  }
}
