import { describe, expect, it } from 'vitest'
import type { SamplingOptions } from '../../../../main/engine/engine.ts'
import { lookBack, samplerSteps } from '../../../../main/engine/runner/sampling.ts'

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
const steps = (options: Partial<SamplingOptions>) => samplerSteps({ ...defaults, ...options }, 100)
const seedOf = (seed: number | undefined) => steps({ seed }).at(-1)

describe('samplerSteps', () => {
  it("follows llama.cpp's order and leaves steps out that change nothing", () => {
    const temperature = { step: 'temperature', temperature: 0.8 }
    const draw = { step: 'draw', seed: 42 }
    expect(steps({})).toEqual([{ step: 'top-k', k: 40 }, { step: 'top-p', p: 0.9 }, temperature, draw])
    expect(steps({ topK: 0, topP: 1 })).toEqual([temperature, draw])
    const all = steps({ repeatPenalty: 0.9, typicalP: 0.5, minP: 0.05 }).map(({ step }) => step)
    expect(all).toEqual(['penalties', 'top-k', 'typical', 'top-p', 'min-p', 'temperature', 'draw'])
  })

  it('takes the likeliest token at a temperature of zero or below, after the penalties alone', () => {
    expect(steps({ temperature: 0 })).toEqual([{ step: 'greedy' }])
    const penalties = { step: 'penalties', last: 64, repeat: 1, frequency: 0, presence: 0.5 }
    const likely = { step: 'top-k', k: 1 + 64 }
    expect(steps({ temperature: -1, presencePenalty: 0.5 })).toEqual([likely, penalties, { step: 'greedy' }])
  })

  it('penalises only tokens that may still be drawn, unless a penalty lifts some or all may be drawn', () => {
    const first = (options: Partial<SamplingOptions>) => steps({ repeatPenalty: 1.1, ...options })[0]
    expect(first({})).toEqual({ step: 'top-k', k: 40 + 64 })
    expect(first({ repeatLastN: 10 })).toEqual({ step: 'top-k', k: 40 + 10 })
    const lifting = [{ repeatPenalty: 0.9 }, { presencePenalty: -0.1 }, { frequencyPenalty: -0.1 }]
    for (const other of [...lifting, { topK: 0 }, { repeatLastN: -1 }]) expect(first(other)!.step).toBe('penalties')
  })

  it('looks back at no more than the context for penalties, at all of it for -1, and at nothing without one', () => {
    const of = (options: Partial<SamplingOptions>) => lookBack({ ...defaults, ...options }, 100)
    expect(of({ repeatPenalty: 1.1, repeatLastN: 2 })).toBe(2)
    expect(of({ repeatPenalty: 1.1, repeatLastN: 2000 })).toBe(100)
    expect(of({ presencePenalty: 0.5, repeatLastN: -1 })).toBe(100)
    expect(of({ repeatLastN: 64 })).toBe(0)
    expect(steps({ repeatPenalty: 2, repeatLastN: 0 }).map(({ step }) => step)).not.toContain('penalties')
  })

  it('counts seeds modulo 2^32 as llama.cpp does, and draws one for none and for -1', () => {
    expect(seedOf(2 ** 32 + 5)).toEqual({ step: 'draw', seed: 5 })
    expect(seedOf(0)).toEqual({ step: 'draw', seed: 0 })
    expect(seedOf(-1)).not.toEqual(seedOf(-1))
    expect(seedOf(undefined)).not.toEqual(seedOf(undefined))
  })
})
