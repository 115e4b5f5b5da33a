import { randomInt } from 'node:crypto'
import type { SamplingOptions } from '../engine.ts'
import type { SamplerConfig } from './llama-addon.ts'

/**
 * One answer's sampler chain: penalties, top-k, top-p, min-p, temperature, then the draw, in llama.cpp's order;
 * temperature 0 takes the likeliest token after the penalties. The sampler notes the tokens it draws by itself, so the
 * config is applied once.
 *
 * @param prompt the whole prompt; penalties look back at its last tokens as llama.cpp's server does
 * @param contextSize what `repeatLastN` -1 stands for
 */
export function samplerConfig(
  options: SamplingOptions,
  prompt: readonly number[],
  contextSize: number,
  grammarState?: unknown,
): SamplerConfig {
  const config: SamplerConfig = {
    temperature: Math.max(0, options.temperature),
    seed: seedOf(options.seed),
  }
  if (options.topK > 0) config.topK = options.topK
  if (options.topP < 1) config.topP = Math.max(0, options.topP)
  if (options.minP > 0) config.minP = options.minP
  const lookBack = options.repeatLastN < 0 ? contextSize : Math.min(options.repeatLastN, contextSize)
  const penalised = options.repeatPenalty !== 1 || options.presencePenalty !== 0 || options.frequencyPenalty !== 0
  if (penalised && lookBack > 0) {
    config.repeatPenalty = options.repeatPenalty
    config.repeatPenaltyPresencePenalty = options.presencePenalty
    config.repeatPenaltyFrequencyPenalty = options.frequencyPenalty
    config.repeatPenaltyMaxTokens = lookBack
    config.repeatPenaltyTokens = Uint32Array.from(prompt.slice(-lookBack))
  }
  if (grammarState !== undefined) config.grammarEvaluationState = grammarState
  return config
}

/** 2^32 - 1 asks llama.cpp for a seed of its own, which could not be told apart afterwards; it is drawn here. */
function seedOf(seed: number | undefined): number {
  const wanted = seed === undefined ? 0xffff_ffff : seed >>> 0
  return wanted === 0xffff_ffff ? randomInt(0xffff_ffff) : wanted
}
