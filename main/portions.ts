/**
 * Values that come faster than they can be handed on one by one. A portion is what was there together, one value at
 * least: each step through asynchronous iterators takes turns of the queue of microtasks, for a portion once.
 */
export type Portions<T> = AsyncIterable<readonly T[]>

/** The values one by one. */
export async function* eachOf<T>(portions: Portions<T>): AsyncGenerator<T> {
  for await (const portion of portions) for (const value of portion) yield value
}

/** What the values become, each none, one or several, in portions as they came. */
export async function* eachBecomes<T, U>(
  portions: Portions<T>,
  become: (value: T) => Iterable<U>,
): AsyncGenerator<readonly U[]> {
  for await (const portion of portions) {
    const all: U[] = []
    try {
      for (const value of portion) for (const result of become(value)) all.push(result)
    } finally {
      // Also when one of them fails: what came before it was made.
      if (all.length > 0) yield all
    }
  }
}
