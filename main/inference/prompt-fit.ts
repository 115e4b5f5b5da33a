import { type Engine, longestToken } from '../engine/engine.ts'

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
): Promise<string | number[]> {
  const size = engine.info.contextSize
  // Every token is at least a byte long.
  if (!cut || Buffer.byteLength(text) < size) return text
  // Of a text with far more tokens than fit, the ends are read: the engine does nothing else while it reads megabytes.
  const most = size * longestToken
  const ends = text.length > 2 * most ? text.slice(0, most) + text.slice(-most) : text
  const tokens = await engine.tokenize(ends, { special: true })
  if (tokens.length < size) return tokens
  const keep = Math.min(keepTokens < 0 ? size : keepTokens, Math.floor(size / 2))
  const block = Math.max(1, Math.floor((size - keep) / 2))
  const gone = Math.floor((tokens.length - keep - block) / block) * block
  return [...tokens.slice(0, keep), ...tokens.slice(keep + gone)]
}
