import { describe, expect, it } from 'vitest'
import { precisionChoices, reducible } from '../../../../../renderer/features/models/making/precisions.ts'

const eightBillion = { precision: 'F16', parameters: 8_000_000_000, bytes: 16_000_000_000 }

describe('what can be made of weights', () => {
  it('gets smaller and faster from choice to choice, or a smaller one would be no gain', () => {
    const choices = precisionChoices(eightBillion)
    const sizes = choices.map(({ bytes }) => bytes ?? 0)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    expect(choices[0]).toMatchObject({ type: null, bytes: eightBillion.bytes, speed: null })
    const speeds = choices.slice(1).map(({ speed }) => speed ?? 0)
    expect(speeds).toEqual(speeds.toSorted((a, b) => a - b))
  })

  it('is about as large as such models are', () => {
    // Llama 3.1 8B: 4.92 GB as Q4_K_M, 8.54 GB as Q8_0.
    const bytesOf = (type: string) => precisionChoices(eightBillion).find(choice => choice.type === type)?.bytes
    expect((bytesOf('Q4_K_M') ?? 0) / 4.9e9).toBeCloseTo(1, 1)
    expect((bytesOf('Q8_0') ?? 0) / 8.5e9).toBeCloseTo(1, 1)
  })

  it.each(['Q4_K_M', 'Q8_0', 'MXFP4', ''])('is nothing else where they are %j: main would refuse it', precision => {
    expect(reducible({ ...eightBillion, precision })).toBe(false)
    expect(precisionChoices({ ...eightBillion, precision }).map(({ type }) => type)).toEqual([null])
  })

  it('has no size where nobody knows how many weights there are', () => {
    const [, ...others] = precisionChoices({ ...eightBillion, parameters: 0 })
    for (const choice of others) expect(choice).toMatchObject({ bytes: null, speed: null })
  })
})
