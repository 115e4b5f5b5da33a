import type { SamplingOptions } from '../engine.ts'
import type { NativeSampling } from './llama-node.ts'

/**
 * One answer's options in the binding's words. XTC and DRY have to be switched off by name: its own defaults replace
 * one token in ten by an unlikely one.
 * @param contextSize what `repeatLastN` -1 stands for
 */
export function nativeSampling(options: SamplingOptions, contextSize: number): NativeSampling {
  const lookBack = options.repeatLastN < 0 ? contextSize : Math.min(options.repeatLastN, contextSize)
  return {
    temperature: Math.max(0, options.temperature),
    top_k: Math.max(0, options.topK),
    top_p: Math.min(1, Math.max(0, options.topP)),
    min_p: Math.max(0, options.minP),
    typical_p: options.typicalP,
    penalty_last_n: lookBack,
    penalty_repeat: options.repeatPenalty,
    penalty_freq: options.frequencyPenalty,
    penalty_present: options.presencePenalty,
    // The same 32 bits, which the binding reads as a signed number.
    seed: (options.seed ?? -1) | 0,
    xtc_probability: 0,
    dry_multiplier: 0,
  }
}
