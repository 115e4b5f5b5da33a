import type { TokenLogprob } from '../engine.ts'
import type { NativeProbabilities } from './llama-node.ts'

/** The lowest 32-bit float: JSON has no infinity, and llama.cpp's server answers so. */
const lowest = -3.4028234663852886e38

/**
 * The binding's probabilities as log probabilities. They are those the token was drawn with, after all sampling
 * options: at temperature 0 one token has them all.
 * @param count alternatives wanted, 0 for none
 * @param visible whether a token's text reaches the reader
 */
export function tokenLogprob(
  { content, probs }: NativeProbabilities,
  count: number,
  visible: (text: string) => boolean,
): TokenLogprob {
  const entry = (text: string, probability: number): TokenLogprob => {
    const bytes = visible(text) ? bytesOf(text) : Buffer.alloc(0)
    // Streaming leaves half a character at the end out of the text.
    const token = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
    return { token, logprob: Math.max(Math.log(probability), lowest), bytes: [...bytes] }
  }
  const drawn = entry(content, probs.find(({ tok_str }) => tok_str === content)?.prob ?? 0)
  if (count === 0) return drawn
  return { ...drawn, top: probs.slice(0, count).map(({ tok_str, prob }) => entry(tok_str, prob)) }
}

/** A token that is no whole character is written `byte: \xe4`. */
function bytesOf(text: string): Buffer {
  const hex = /^byte: \\x([0-9a-f]{2})$/.exec(text)?.[1]
  return hex ? Buffer.from(hex, 'hex') : Buffer.from(text)
}
