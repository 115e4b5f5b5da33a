import { randomInt } from 'node:crypto'
import type { SamplingOptions } from '../engine.ts'
import type { SamplerStep } from '../libllama/sampler.ts'

/** llama.cpp finds so many of the likeliest tokens in one look at all of them; more it sorts, which takes longer. */
const oneLook = 128

/**
 * One answer's sampler chain in llama.cpp's order; temperature 0 takes the likeliest token after the penalties. A step
 * that would change nothing is left out.
 *
 * @param contextSize what `repeatLastN` -1 stands for
 */
export function samplerSteps(options: SamplingOptions, contextSize: number): SamplerStep[] {
  const steps: SamplerStep[] = []
  const last = lookBack(options, contextSize)
  if (last > 0) {
    const { repeatPenalty: repeat, frequencyPenalty: frequency, presencePenalty: presence } = options
    // Penalties look up every token of the vocabulary, a quarter of a millisecond for 49,000. Where they only lower,
    // the `wanted` likeliest after them are among so many more before them, and the rest need not be looked up.
    const wanted = options.temperature <= 0 ? 1 : options.topK
    const onlyLower = repeat >= 1 && frequency >= 0 && presence >= 0
    if (wanted > 0 && wanted + last <= oneLook && onlyLower) steps.push({ step: 'top-k', k: wanted + last })
    steps.push({ step: 'penalties', last, repeat, frequency, presence })
  }
  if (options.temperature <= 0) return [...steps, { step: 'greedy' }]
  if (options.topK > 0) steps.push({ step: 'top-k', k: options.topK })
  if (options.typicalP < 1) steps.push({ step: 'typical', p: Math.max(0, options.typicalP) })
  if (options.topP < 1) steps.push({ step: 'top-p', p: Math.max(0, options.topP) })
  if (options.minP > 0) steps.push({ step: 'min-p', p: options.minP })
  steps.push({ step: 'temperature', temperature: options.temperature })
  return [...steps, { step: 'draw', seed: seedOf(options.seed) }]
}

/** How many tokens penalties look back at, those of the prompt included; 0 where nothing is penalised. */
export function lookBack(options: SamplingOptions, contextSize: number): number {
  const { repeatPenalty, presencePenalty, frequencyPenalty, repeatLastN } = options
  const penalised = repeatPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0
  if (!penalised) return 0
  return repeatLastN < 0 ? contextSize : Math.min(repeatLastN, contextSize)
}

/** 2^32 - 1 asks llama.cpp for a seed of its own, which could not be told apart afterwards; it is drawn here. */
function seedOf(seed: number | undefined): number {
  const wanted = seed === undefined ? 0xffff_ffff : seed >>> 0
  return wanted === 0xffff_ffff ? randomInt(0xffff_ffff) : wanted
}
