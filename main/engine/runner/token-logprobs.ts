import type { TokenLogprob } from '../engine.ts'
import type { NativeContext, NativeParts, NativeSampler } from './llama-addon.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The lowest 32-bit float: JSON has no infinity, and llama.cpp's server answers so. */
const lowest = -3.4028234663852886e38

/** The likeliest tokens of one position with their logits, most likely first; at least one. */
export type TopLogits = readonly (readonly [token: number, logit: number])[]

/**
 * Log probabilities of the model's own distribution, before any sampling option, as llama.cpp's server reports them.
 * Two samplers beside the answer's own read the same logits: one sorts out the top few, one leaves them all as they are.
 */
export class LogprobReader {
  readonly #context: NativeContext
  readonly #vocabulary: Vocabulary
  readonly #count: number
  readonly #visible: (token: number) => boolean
  readonly #top: NativeSampler
  readonly #all: NativeSampler

  /**
   * @param count alternatives reported for each token, 0 for none
   * @param visible whether a token's text reaches the reader
   */
  constructor(parts: NativeParts, vocabulary: Vocabulary, count: number, visible: (token: number) => boolean) {
    this.#context = parts.context
    this.#vocabulary = vocabulary
    this.#count = count
    this.#visible = visible
    this.#top = parts.newSampler()
    this.#top.applyConfig({ temperature: 1, topK: Math.max(1, count), seed: 0 })
    this.#all = parts.newSampler()
    this.#all.applyConfig({ temperature: 0, seed: 0 })
  }

  /** To be called, without waiting in between, after the batch was decoded and before the next is. */
  async top(logits: number): Promise<TopLogits> {
    const wanted = Math.max(1, this.#count)
    const result = await this.#context.sampleToken(
      logits,
      this.#top,
      false,
      false,
      [[], false, false, false, wanted],
      false,
    )
    return pairs(result[3]).slice(0, wanted)
  }

  /** The drawn token's entry; `top` is what `top()` gave for the same position. */
  async read(logits: number, token: number, top: TopLogits): Promise<TokenLogprob> {
    const filter = [[token], false, false, false, 0] as const
    const result = await this.#context.sampleToken(logits, this.#all, false, false, filter, true)
    const largest = top[0]![1]
    const normaliser = largest + Math.log(result[4] ?? 1)
    const drawn = pairs(result[3]).find(([id]) => id === token)
    const entry = this.#entry(token, drawn ? drawn[1] - normaliser : Number.NEGATIVE_INFINITY)
    if (this.#count === 0) return entry
    return { ...entry, top: top.map(([id, logit]) => this.#entry(id, logit - normaliser)) }
  }

  dispose(): void {
    this.#top.dispose()
    this.#all.dispose()
  }

  #entry(token: number, logprob: number): TokenLogprob {
    const bytes = this.#visible(token) ? this.#vocabulary.piece(token) : Buffer.alloc(0)
    // Streaming leaves half a character at the end out of the text.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
    return { token: text, logprob: Math.max(logprob, lowest), bytes: [...bytes] }
  }
}

function pairs(flat: readonly number[] | undefined): [token: number, logit: number][] {
  const found: [number, number][] = []
  for (let index = 1; index < (flat?.length ?? 0); index += 2) found.push([flat![index - 1]!, flat![index]!])
  return found
}
