import type { Fields } from '../source/fields.ts'
import { unusable } from '../unusable.ts'
import { type Token, TokenType, type Vocabulary } from './vocabulary.ts'

/** A token that tokenizer.json names apart from the vocabulary's. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
}

/**
 * The added tokens of a tokenizer.json. One whose text has an id already, in the vocabulary or by a token before it,
 * has that one: so Hugging Face's tokenizers take it, whatever the file says, and llama.cpp ends the process over a
 * text that stands twice.
 */
export function addedTokens(tokenizer: Fields): AddedToken[] {
  const vocabulary = tokenizer.section('model').get('vocab')
  // Unigram models have a list.
  const known = new Map(Object.entries(vocabulary && !Array.isArray(vocabulary) ? vocabulary : {}))
  return tokenizer.list('added_tokens').map(value => {
    const { id: given, content, special } = (value ?? {}) as Record<string, unknown>
    const id = known.get(content as string) ?? given
    if (!isId(id) || typeof content !== 'string') throw unusable(`parse ${tokenizer.file}: an added token has no id`)
    known.set(content, id)
    return { id, content, special: special === true }
  })
}

/** A token added to a SentencePiece model is never preferred to its pieces. */
export const addedScore = -1000

/**
 * A SentencePiece vocabulary with the tokens that only the tokenizer.json beside it has; without them they would be
 * made up to the embeddings' length, and a turn's marker read letter by letter.
 * @param limit ids from here on are left out
 */
export function withAdded(vocabulary: Vocabulary, tokenizer: Fields | undefined, limit: number): Vocabulary {
  const tokens = [...vocabulary.tokens]
  const known = new Set(tokens.map(({ text }) => text))
  for (const { id, content, special } of tokenizer ? addedTokens(tokenizer) : []) {
    // llama.cpp ends the process over a text that stands twice.
    if (id < vocabulary.tokens.length || id >= limit || known.has(content)) continue
    known.add(content)
    tokens[id] = { text: content, score: addedScore, type: special ? TokenType.control : TokenType.userDefined }
  }
  return { ...vocabulary, tokens: withoutGaps(tokens) }
}

/** Ids are positions in the list: one that nobody has must not shift those behind it. */
export function withoutGaps(tokens: readonly (Token | undefined)[]): Token[] {
  return Array.from(tokens, (token, id) => token ?? { text: `[UNUSED${id}]`, score: id, type: TokenType.unused })
}

export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
