/** Runs pieces of work one after the other, in the order they were asked for. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    // The next one waits for this one's end, however it ends; the caller gets the error.
    this.#last = result.catch(() => undefined)
    return result
  }
}

/** A mutex per key, there as long as somebody holds it or waits for it. */
export class KeyedMutex {
  readonly #mutexes = new Map<string, { mutex: Mutex; users: number }>()

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const entry = this.#mutexes.get(key) ?? { mutex: new Mutex(), users: 0 }
    this.#mutexes.set(key, entry)
    entry.users++
    try {
      return await entry.mutex.run(work)
    } finally {
      entry.users--
      if (entry.users === 0) this.#mutexes.delete(key)
    }
  }

  /** Holds several keys at once; always taken in the same order, so two callers cannot wait for each other. */
  runAll<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const [first, ...rest] = [...new Set(keys)].sort()
    if (first === undefined) return work()
    return this.run(first, () => this.runAll(rest, work))
  }
}
