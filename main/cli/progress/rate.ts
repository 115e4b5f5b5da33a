/** Milliseconds back to which a rate looks: long enough to be calm, short enough to follow the network. */
const rateWindow = 10_000

/** Bytes a second, over the last ten seconds. */
export class Rate {
  readonly #samples: { readonly at: number; readonly completed: number }[] = []

  /** @param at milliseconds */
  add(completed: number, at: number): void {
    this.#samples.push({ completed, at })
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > rateWindow) this.#samples.shift()
  }

  /** @returns undefined until something has come in over some time */
  get bytesPerSecond(): number | undefined {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.at === first.at || last.completed <= first.completed) return undefined
    return ((last.completed - first.completed) / (last.at - first.at)) * 1000
  }
}
