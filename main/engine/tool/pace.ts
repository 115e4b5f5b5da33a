/** Milliseconds between two messages: often enough for a moving bar. */
const interval = 100

/** Progress at a bearable pace: what comes too fast is left out, but for the end. */
export class Pace {
  readonly #post: (done: number, total: number) => void
  #posted = Number.NEGATIVE_INFINITY
  #last: readonly [done: number, total: number] = [0, 0]

  constructor(post: (done: number, total: number) => void) {
    this.#post = post
  }

  tell(done: number, total: number): void {
    this.#last = [done, total]
    if (done >= total) this.#posted = Number.NEGATIVE_INFINITY
    this.again()
  }

  /** Says the last again: the work goes on. */
  again(): void {
    const now = performance.now()
    if (now - this.#posted < interval) return
    this.#posted = now
    this.#post(...this.#last)
  }
}
