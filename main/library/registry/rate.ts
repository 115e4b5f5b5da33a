/** Over how many milliseconds a speed is taken: shorter jumps about, longer tells of the past. */
const windowMs = 5_000

/** How fast a count of bytes grows. */
export class Rate {
  #samples: { readonly at: number; readonly bytes: number }[] = []

  constructor(private readonly now: () => number = () => performance.now()) {}

  see(bytes: number): void {
    const at = this.now()
    this.#samples.push({ at, bytes })
    // The oldest sample kept lies just outside the window.
    while (this.#samples.length > 2 && at - this.#samples[1]!.at > windowMs) this.#samples.shift()
  }

  reset(): void {
    this.#samples = []
  }

  /** Bytes; 0 until there is something to compare with. */
  get perSecond(): number {
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    if (!first || !last || last.bytes <= first.bytes) return 0
    return ((last.bytes - first.bytes) / Math.max(1, this.now() - first.at)) * 1000
  }
}
