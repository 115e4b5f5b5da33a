import type { Portions } from '../portions.ts'

/**
 * What a long work tells of itself, as something to iterate over; the work starts when the iteration does. Each value
 * comes by itself: a client may take each piece that reaches it for one line, and these are few.
 */
export class Progress<T> implements Portions<T> {
  readonly #work: (tell: (value: T) => void) => Promise<void>

  /**
   * @param work calls its argument as often as it likes; what it throws ends the iteration
   * @param outdates whether the older of two values, told one after the other, need not be read any more
   */
  constructor(
    work: (tell: (value: T) => void) => Promise<void>,
    private readonly outdates: (newer: T, older: T) => boolean = () => false,
  ) {
    this.#work = work
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[]> {
    const told: T[] = []
    let wake = () => {}
    let ended = false
    const work = this.#work(value => {
      if (told.length > 0 && this.outdates(value, told.at(-1)!)) told.pop()
      told.push(value)
      wake()
    }).finally(() => {
      ended = true
      wake()
    })
    // Whoever stops listening does not hear of a failure any more.
    work.catch(() => undefined)
    while (!ended || told.length > 0) {
      if (told.length > 0) yield [told.shift()!]
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
    await work
  }
}
