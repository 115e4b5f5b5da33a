import type { Fields } from '../source/fields.ts'
import { unusable } from '../unusable.ts'
import { preTokenizer } from './pre-tokenizer.ts'
import { type Token, TokenType, type Vocabulary } from './vocabulary.ts'

/** A token that tokenizer.json names apart from the vocabulary. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
}

export function addedTokens(tokenizer: Fields): AddedToken[] {
  return tokenizer.list('added_tokens').map(value => {
    const { id, content, special } = (value ?? {}) as Record<string, unknown>
    if (!isId(id) || typeof content !== 'string') throw unusable(`parse ${tokenizer.file}: an added token has no id`)
    return { id, content, special: special === true }
  })
}

/**
 * The vocabulary of a tokenizer.json (upstream convert/tokenizer.go, parseVocabularyFromTokenizer).
 * @param limit ids from here on are left out: the model has no embedding for them
 */
export function bpeVocabulary(tokenizer: Fields, limit: number): Vocabulary {
  const model = tokenizer.section('model')
  const tokens: Token[] = []
  const put = (id: number, text: string, type: number) => {
    if (id < limit) tokens[id] = { text, score: id, type }
  }
  for (const [text, id] of model.section('vocab').entries()) {
    if (!isId(id)) throw unusable(`parse ${tokenizer.file}: token ${JSON.stringify(text)} has no id`)
    put(id, text, TokenType.normal)
  }
  for (const { id, content, special } of addedTokens(tokenizer)) {
    put(id, content, special ? TokenType.control : TokenType.userDefined)
  }
  // Ids are positions in the list: one that nobody has must not shift those behind it.
  for (let id = 0; id < tokens.length; id++) tokens[id] ??= { text: `[UNUSED${id}]`, score: id, type: TokenType.unused }
  return { model: 'gpt2', pre: preTokenizer(tokenizer), tokens, merges: merges(model) }
}

/** Pairs as texts, also where the file has them as lists of two. */
function merges(model: Fields): string[] {
  return model.list('merges').map(merge => {
    if (typeof merge === 'string') return merge
    if (Array.isArray(merge) && merge.every(part => typeof part === 'string')) return merge.join(' ')
    throw unusable('could not parse tokenizer merges. expected []string or [][]string')
  })
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
