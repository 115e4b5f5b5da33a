import { expect, test } from 'vitest'
import { eachBecomes, eachOf } from '../../main/portions.ts'

async function* given<T>(...portions: readonly (readonly T[])[]) {
  yield* portions
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const value of values) found.push(value)
  return found
}

test('values come one by one in their order', async () => {
  expect(await all(eachOf(given([1, 2], [3])))).toEqual([1, 2, 3])
})

// An empty portion would be a write of nothing, or the end of a stream to who takes it for one.
test('a portion of which nothing becomes is left out', async () => {
  const odd = eachBecomes(given([1, 2], [4], [3, 5]), value => (value % 2 ? [value, value] : []))
  expect(await all(odd)).toEqual([
    [1, 1],
    [3, 3, 5, 5],
  ])
})

// A model's words before a call that cannot be read would be lost with it.
test('what came before a failure is given before it', async () => {
  const made = eachBecomes(given(['a', 'b', 'c']), function* (value) {
    yield value
    if (value === 'b') throw new Error('unreadable')
  })
  const found: (readonly string[])[] = []
  const read = async () => {
    for await (const portion of made) found.push(portion)
  }
  await expect(read()).rejects.toThrow('unreadable')
  expect(found).toEqual([['a', 'b']])
})
