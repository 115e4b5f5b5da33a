import { describe, expect, it } from 'vitest'
import { nativeSampling } from '../../../../main/engine/multimodal/sampling.ts'

const options = {
  temperature: 0.8,
  topK: 40,
  topP: 0.9,
  minP: 0.05,
  typicalP: 0.7,
  repeatPenalty: 1.1,
  repeatLastN: 64,
  presencePenalty: 0.2,
  frequencyPenalty: 0.3,
  seed: 42,
}

describe('nativeSampling', () => {
  it('hands every option on, and switches off what the binding would do by itself', () => {
    expect(nativeSampling(options, 2048)).toEqual({
      temperature: 0.8,
      top_k: 40,
      top_p: 0.9,
      min_p: 0.05,
      typical_p: 0.7,
      penalty_last_n: 64,
      penalty_repeat: 1.1,
      penalty_freq: 0.3,
      penalty_present: 0.2,
      seed: 42,
      xtc_probability: 0,
      dry_multiplier: 0,
    })
  })

  it('counts seeds modulo 2^32 and draws one where none is given', () => {
    const seed = (value: number | undefined) => nativeSampling({ ...options, seed: value }, 2048).seed
    expect(seed(2 ** 32 + 5)).toBe(5)
    // The binding reads a signed number: these are the same 32 bits.
    expect(seed(0xffff_fffe)).toBe(-2)
    expect([seed(undefined), seed(-1)]).toEqual([-1, -1])
  })

  it('looks back over the whole context at most', () => {
    const lookBack = (repeatLastN: number) => nativeSampling({ ...options, repeatLastN }, 2048).penalty_last_n
    expect([lookBack(-1), lookBack(0), lookBack(100_000)]).toEqual([2048, 0, 2048])
  })

  it('takes values out of range for the nearest one', () => {
    const wild = nativeSampling({ ...options, temperature: -1, topK: -5, topP: 7, minP: -2 }, 2048)
    expect(wild).toMatchObject({ temperature: 0, top_k: 0, top_p: 1, min_p: 0 })
  })
})
