import { describe, expect, it } from 'vitest'
import type { SamplingOptions } from '../../../../main/engine/engine.ts'
import { samplerConfig } from '../../../../main/engine/runner/sampling.ts'

const defaults: SamplingOptions = {
  temperature: 0.8,
  topK: 40,
  topP: 0.9,
  minP: 0,
  typicalP: 1,
  repeatPenalty: 1,
  repeatLastN: 64,
  presencePenalty: 0,
  frequencyPenalty: 0,
  seed: 42,
}
const config = (options: Partial<SamplingOptions>, prompt: number[] = [1, 2, 3, 4]) =>
  samplerConfig({ ...defaults, ...options }, prompt, 100)

describe('samplerConfig', () => {
  it('passes what Ollama sends and leaves steps out that change nothing', () => {
    expect(config({})).toEqual({ temperature: 0.8, seed: 42, topK: 40, topP: 0.9 })
    expect(config({ topK: 0, topP: 1 })).toEqual({ temperature: 0.8, seed: 42 })
  })

  it('takes a negative temperature as greedy, not as an inverted distribution', () => {
    expect(config({ temperature: -1 }).temperature).toBe(0)
  })

  it('penalises the last tokens of the prompt, and all of the context for -1', () => {
    expect([...config({ repeatPenalty: 1.1, repeatLastN: 2 }).repeatPenaltyTokens!]).toEqual([3, 4])
    const whole = config({ presencePenalty: 0.5, repeatLastN: -1 })
    expect(whole.repeatPenaltyMaxTokens).toBe(100)
    expect([...whole.repeatPenaltyTokens!]).toEqual([1, 2, 3, 4])
  })

  it('penalises nothing when looking back at no tokens', () => {
    expect(config({ repeatPenalty: 2, repeatLastN: 0 }).repeatPenalty).toBeUndefined()
  })

  it('counts seeds modulo 2^32 as llama.cpp does, and draws one for none and for -1', () => {
    expect(config({ seed: 2 ** 32 + 5 }).seed).toBe(5)
    expect(config({ seed: 0 }).seed).toBe(0)
    expect(config({ seed: -1 }).seed).not.toBe(config({ seed: -1 }).seed)
    expect(config({ seed: undefined }).seed).not.toBe(config({ seed: undefined }).seed)
  })
})
