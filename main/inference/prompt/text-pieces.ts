import { longestToken } from '../../engine/engine.ts'

/** UTF-16 units of text that are tokenized at a time: the engine and main do other things in between. */
const longestPiece = 256 * 1024

/** A text in pieces of bounded length, cut in front of a space where there is one, as most tokens begin with theirs. */
export function* pieces(text: string, longest: number = longestPiece): Generator<string> {
  let from = 0
  while (text.length - from > longest) {
    const space = text.lastIndexOf(' ', from + longest)
    const to = space > from ? space : from + longest - (isHighSurrogate(text, from + longest - 1) ? 1 : 0)
    yield text.slice(from, to)
    from = to
  }
  yield text.slice(from)
}

const isHighSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800

/**
 * Of a text with far more tokens than a context holds its ends, which still have more: what lies between is cut out of
 * a prompt in any case.
 */
export function endsOf(text: string, contextSize: number): string {
  const most = contextSize * longestToken
  return text.length > 2 * most ? text.slice(0, most) + text.slice(-most) : text
}

/**
 * The tokens of a text, as exactly as it takes to know whether they fit.
 * @param count tells the tokens of a piece
 */
export async function countTokens(
  text: string,
  contextSize: number,
  count: (piece: string) => Promise<number>,
): Promise<number> {
  const bytes = Buffer.byteLength(text)
  // What is shorter than its tokens can be, or longer, needs no counting.
  if (bytes < contextSize) return bytes
  if (bytes > contextSize * longestToken) return Math.ceil(bytes / longestToken)
  let tokens = 0
  for (const piece of pieces(text)) {
    tokens += await count(piece)
    if (tokens > contextSize) break
  }
  return tokens
}
