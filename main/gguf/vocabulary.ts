/** What llama.cpp says before it ends its process over such a vocabulary (src/llama-vocab.cpp). */
export const repeatedTokenAssertion = 'id_to_token.size() == token_to_id.size()'

/**
 * Why llama.cpp would end its process over a vocabulary: it finds tokens by their texts, and no two may have the same.
 * Texts end at a zero byte there, and empty ones are told apart by their ids.
 * @param texts by id
 * @returns undefined where all differ
 */
export function repeatedToken(texts: Iterable<string>): string | undefined {
  const ids = new Map<string, number>()
  let id = 0
  for (const whole of texts) {
    const end = whole.indexOf('\0')
    const text = (end < 0 ? whole : whole.slice(0, end)).toWellFormed()
    const first = ids.get(text)
    if (first !== undefined) return `its tokens ${first} and ${id} have the same text, ${JSON.stringify(text)}`
    if (text !== '') ids.set(text, id)
    id++
  }
  return undefined
}
