/** Values as they would come one at a time. */
export async function* singly<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<readonly T[]> {
  for await (const value of values) yield [value]
}
