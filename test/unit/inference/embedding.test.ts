import { describe, expect, test } from 'vitest'
import { type Engine, longestToken } from '../../../main/engine/engine.ts'
import { cut, normalised } from '../../../main/inference/embedding.ts'

const length = (vector: Iterable<number>) => Math.hypot(...vector)

describe('a vector', () => {
  test('is brought to length 1, in the direction it had', () => {
    expect([...normalised([3, 0, -4])]).toEqual([Math.fround(0.6), 0, Math.fround(-0.8)])
  })

  test('of which only the first dimensions are wanted is cut and brought to length 1 again', () => {
    const cut = normalised([3, 4, 12], 2)
    expect(cut).toHaveLength(2)
    expect(cut[0]).toBeCloseTo(0.6, 6)
    expect(length(cut)).toBeCloseTo(1, 6)
  })

  test.each([0, 3, 4, -1])('keeps its three dimensions when %i are wanted', dimensions => {
    expect(normalised([1, 2, 2], dimensions)).toHaveLength(3)
  })

  test('of zeros, or so short that its squares vanish, is no division by zero', () => {
    expect([...normalised([0, 0])]).toEqual([0, 0])
    expect([...normalised([1e-30, 0])].every(Number.isFinite)).toBe(true)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e39])('with %f is refused', value => {
    expect(() => normalised([1, value])).toThrow('embedding contains NaN or Inf values')
  })
})

test('a huge text is read no further than its tokens can fit', async () => {
  let read = 0
  const tokenize = async (text: string) => {
    read += text.length
    return Array.from(text.matchAll(/.{8}/g), (_, token) => token)
  }
  const engine = { info: { contextSize: 12 }, tokenize } as unknown as Engine
  expect(await cut(engine)('eight ch'.repeat(1e6))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(read).toBe(10 * longestToken)
})
