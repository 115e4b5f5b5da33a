import { describe, expect, test } from 'vitest'
import { normalised } from '../../../main/inference/embedding.ts'

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
