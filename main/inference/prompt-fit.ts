import type { Engine } from '../engine/engine.ts'
import { endsOf, pieces } from './prompt/text-pieces.ts'

export interface FittedPrompt {
  readonly prompt: string | number[]
  readonly isCut: boolean
}

/**
 * A prompt as the engine gets it: the text itself where it fits, else its tokens with the middle cut out, so that about
 * half of the context behind the kept beginning is free again (upstream llm/llama_server.go). Without `cut` a prompt
 * that is too long is left to the engine, which refuses it.
 * @param keepTokens tokens of the beginning that stay; negative for as many as can
 */
export async function fitted(
  engine: Engine,
  text: string,
  { cut, keepTokens }: { cut: boolean; keepTokens: number },
): Promise<FittedPrompt> {
  const size = engine.info.contextSize
  // Every token is at least a byte long.
  if (!cut || (text.length < size && Buffer.byteLength(text) < size)) return { prompt: text, isCut: false }
  return middleCut(await tokenEnds(engine, endsOf(text, size), size), size, keepTokens)
}

/**
 * Tokens of the beginning that stay where a person asks about a long text: three eighths of the context, of which the
 * end has about as many.
 * @param asked `num_keep`
 */
export const beginningOf = (contextSize: number, asked: number): number =>
  asked < 0 ? asked : Math.max(asked, Math.floor((contextSize * 3) / 8))

/** The same for a prompt that is tokens already. */
export function fittedTokens(engine: Engine, tokens: number[], keepTokens: number): FittedPrompt {
  return middleCut({ first: tokens, last: tokens, count: tokens.length }, engine.info.contextSize, keepTokens)
}

/** Tokens of which the middle may be unknown: how many there are, the first ones and the last ones. */
interface TokenEnds {
  readonly first: number[]
  readonly last: number[]
  readonly count: number
}

function middleCut({ first, last, count }: TokenEnds, size: number, keepTokens: number): FittedPrompt {
  if (count < size) return { prompt: first, isCut: false }
  const keep = Math.min(keepTokens < 0 ? size : keepTokens, Math.floor(size / 2))
  const block = Math.max(1, Math.floor((size - keep) / 2))
  const gone = Math.floor((count - keep - block) / block) * block
  return { prompt: [...first.slice(0, keep), ...last.slice(keep + gone - count)], isCut: true }
}

/** How many tokens a text has, its first `most`, and at least as many of its last. */
async function tokenEnds(engine: Engine, text: string, most: number): Promise<TokenEnds> {
  const first: number[] = []
  const last: (readonly number[])[] = []
  let held = 0
  let count = 0
  for (const piece of pieces(text)) {
    const tokens = await engine.tokenize(piece, { special: true })
    count += tokens.length
    held += tokens.length
    for (const token of tokens.slice(0, most - first.length)) first.push(token)
    last.push(tokens)
    while (held - last[0]!.length >= most) held -= last.shift()!.length
  }
  return { first, last: last.flat(), count }
}
