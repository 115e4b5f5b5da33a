import type { TokenLogprob } from '../engine.ts'

/** The lowest 32-bit float: JSON has no infinity, and llama.cpp's server answers so. */
const lowest = -3.4028234663852886e38

/**
 * Log probabilities of the model's own distribution, before any sampling option, as llama.cpp's server reports them.
 */
export class LogprobReader {
  readonly #logits: (at: number) => Float32Array
  readonly #piece: (token: number) => Uint8Array
  readonly #count: number

  /**
   * @param logits of all tokens after a place in the last batch
   * @param piece the bytes of a token that reach the reader
   * @param count alternatives reported for each token, 0 for none
   */
  constructor(logits: (at: number) => Float32Array, piece: (token: number) => Uint8Array, count: number) {
    this.#logits = logits
    this.#piece = piece
    this.#count = count
  }

  /** The entry of the token drawn after a place in the last batch. */
  read(at: number, token: number): TokenLogprob {
    const logits = this.#logits(at)
    const normaliser = logarithmOfSum(logits)
    const entry = this.#entry(token, logits[token]! - normaliser)
    if (this.#count === 0) return entry
    return { ...entry, top: likeliest(logits, this.#count).map(id => this.#entry(id, logits[id]! - normaliser)) }
  }

  #entry(token: number, logprob: number): TokenLogprob {
    const bytes = this.#piece(token)
    // Streaming leaves half a character at the end out of the text.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
    return { token: text, logprob: Math.max(logprob, lowest), bytes: [...bytes] }
  }
}

function logarithmOfSum(logits: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (const logit of logits) if (logit > largest) largest = logit
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - largest)
  return largest + Math.log(sum)
}

/** The tokens of the largest logits, largest first; of equal ones the first. */
function likeliest(logits: Float32Array, count: number): number[] {
  if (count < few) return fewLikeliest(logits, count)
  const tokens = Uint32Array.from(logits.keys())
  return [...tokens.sort((a, b) => logits[b]! - logits[a]! || a - b).subarray(0, count)]
}

/** Below, going through all tokens once is quicker than sorting them. */
const few = 64

function fewLikeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = []
  for (const [token, logit] of logits.entries()) {
    if (best.length === count && logit <= logits[best.at(-1)!]!) continue
    const place = best.findIndex(other => logits[other]! < logit)
    best.splice(place < 0 ? best.length : place, 0, token)
    if (best.length > count) best.pop()
  }
  return best
}
