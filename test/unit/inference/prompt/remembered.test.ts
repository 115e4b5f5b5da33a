import { expect, test, vi } from 'vitest'
import { remembered } from '../../../../main/inference/prompt/remembered.ts'

test('the templates used last are remembered, what threw is not', () => {
  const find = vi.fn((source: string) => {
    if (source === 'broken') throw new Error('broken')
    return source.length
  })
  const lengthOf = remembered(find)
  for (let number = 0; number < 64; number += 1) lengthOf(`template ${number}`)
  lengthOf('template 0')
  lengthOf('one more')
  expect(find).toHaveBeenCalledTimes(65)
  expect([lengthOf('template 0'), find.mock.calls.length]).toEqual([10, 65])
  lengthOf('template 1')
  expect(find).toHaveBeenCalledTimes(66)
  expect(() => lengthOf('broken')).toThrow('broken')
  expect(() => lengthOf('broken')).toThrow('broken')
  expect(find).toHaveBeenCalledTimes(68)
})

// A request brings its own, of any length: sixty-four of them would stay for good.
test('what is longer than any model’s template is not kept', () => {
  const find = vi.fn(() => 'found')
  const found = remembered(find)
  const long = 'x'.repeat(1_000_000)
  expect([found(long), found(long)]).toEqual(['found', 'found'])
  expect(find).toHaveBeenCalledTimes(2)
})
