import type { Fields } from '../source/fields.ts'
import { unusable } from '../unusable.ts'
import { addedTokens, isId, withoutGaps } from './added-tokens.ts'
import { preTokenizer } from './pre-tokenizer.ts'
import { type Token, TokenType, type Vocabulary } from './vocabulary.ts'

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
  return { model: 'gpt2', pre: preTokenizer(tokenizer), tokens: withoutGaps(tokens), merges: merges(model) }
}

/** Pairs as texts, also where the file has them as lists of two. */
function merges(model: Fields): string[] {
  return model.list('merges').map(merge => {
    if (typeof merge === 'string') return merge
    if (Array.isArray(merge) && merge.every(part => typeof part === 'string')) return merge.join(' ')
    throw unusable('could not parse tokenizer merges. expected []string or [][]string')
  })
}
