import { describe, expect, it } from 'vitest'
import { cast } from '../../../../../main/engine/tool/safetensors/tensors/element-type.ts'

const bytesOf = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const halvesOf = (bytes: Uint8Array) => [...new Uint16Array(bytes.buffer)]
const singlesOf = (bytes: Uint8Array) => [...new Float32Array(bytes.buffer)]

/** A half by the definition, apart from infinities and what is no number. */
const value = (half: number) => {
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023]
  return (half >> 15 ? -1 : 1) * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24)
}
const finite = Array.from({ length: 0x1_0000 }, (_, half) => half).filter(half => ((half >> 10) & 31) < 31)

describe('half precision', () => {
  it('is read as what it stands for and written back the same, each of its numbers', () => {
    const halves = Uint16Array.from(finite)
    const singles = cast(new Uint8Array(halves.buffer), 'F16', 'F32')
    expect(singlesOf(singles)).toEqual(finite.map(value))
    expect(halvesOf(cast(singles, 'F32', 'F16'))).toEqual(finite)
  })

  // A rounding that always goes down, or up, shifts every weight of a model the same way.
  it('takes the nearest, the even one of two as near', () => {
    const positive = finite.filter(half => half < 0x7bff)
    const middle = positive.map(half => (value(half) + value(half + 1)) / 2)
    const even = positive.map(half => half + (half & 1))
    expect(halvesOf(cast(bytesOf(...middle), 'F32', 'F16'))).toEqual(even)
    const below = positive.map(half => value(half) + (value(half + 1) - value(half)) * 0.498)
    expect(halvesOf(cast(bytesOf(...below), 'F32', 'F16'))).toEqual(positive)
  })

  it('keeps infinities, what is no number, and the sign of nothing', () => {
    const given = bytesOf(Infinity, -Infinity, 65_504, 65_519, 65_520, 1e30, -0, 1e-30)
    expect(halvesOf(cast(given, 'F32', 'F16'))).toEqual([0x7c00, 0xfc00, 0x7bff, 0x7bff, 0x7c00, 0x7c00, 0x8000, 0])
    expect(singlesOf(cast(cast(bytesOf(Number.NaN, -Infinity), 'F32', 'F16'), 'F16', 'F32'))).toEqual([NaN, -Infinity])
  })
})

describe('brain floats', () => {
  it('are the upper half of a single, the nearest', () => {
    const nearest = cast(bytesOf(1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, Infinity), 'F32', 'BF16')
    // Ties go to the even one: down from 1 + 2^-8, up from 1 + 3 * 2^-8.
    expect(halvesOf(nearest)).toEqual([0x3f80, 0xc020, 0x3f80, 0x3f82, 0x7f80])
    expect(singlesOf(cast(nearest, 'BF16', 'F32'))).toEqual([1, -2.5, 1, 1 + 2 ** -6, Infinity])
    expect(singlesOf(cast(cast(bytesOf(Number.NaN), 'F32', 'BF16'), 'BF16', 'F32'))).toEqual([NaN])
  })
})
