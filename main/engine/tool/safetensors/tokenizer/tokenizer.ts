import type { Fields } from '../source/fields.ts'
import type { ModelFolder } from '../source/model-folder.ts'
import { unusable } from '../unusable.ts'
import { withAdded } from './added-tokens.ts'
import { bpeVocabulary } from './bpe.ts'
import { fallsBackToBytes, piecesOf } from './byte-fallback.ts'
import { readChatTemplate } from './chat-template.ts'
import { sentencePieceVocabulary } from './sentence-piece.ts'
import { specialTokens } from './special-tokens.ts'
import { type Token, type Tokenizer, TokenType, type Vocabulary } from './vocabulary.ts'

/**
 * Reads a folder's tokenizer: its SentencePiece model if there is one, otherwise tokenizer.json.
 * @param embeddings rows of the embedding matrix; no token can have an id beyond them
 * @throws Problem `unknown tokenizer format` when the folder has neither
 */
export async function readTokenizer(folder: ModelFolder, embeddings: number): Promise<Tokenizer> {
  const json = folder.has('tokenizer.json') ? await folder.fields('tokenizer.json') : undefined
  const vocabulary = folder.has('tokenizer.model')
    ? withAdded(await sentencePieceVocabulary(folder), json, embeddings)
    : json && jsonVocabulary(json, embeddings)
  if (!vocabulary) throw unusable('unknown tokenizer format')
  const tokens = vocabulary.tokens.slice(0, embeddings)
  const special = await specialTokens(folder, json, vocabulary)
  const chatTemplate = await readChatTemplate(folder)
  return {
    vocabulary: { ...vocabulary, tokens },
    special: special.filter(({ id }) => id < embeddings),
    ...(chatTemplate !== undefined && { chatTemplate }),
  }
}

function jsonVocabulary(json: Fields, embeddings: number): Vocabulary {
  const vocabulary = bpeVocabulary(json, embeddings)
  return fallsBackToBytes(json) ? piecesOf(json, vocabulary) : vocabulary
}

/** With tokens made up to the length given: embedding matrices are made larger, to sizes that hardware likes. */
export function padded(vocabulary: Vocabulary, length: number): Vocabulary {
  const tokens: Token[] = [...vocabulary.tokens]
  const known = new Set(tokens.map(({ text }) => text))
  for (let i = 0; tokens.length < length; i++) {
    const text = `[PAD${i}]`
    if (!known.has(text)) tokens.push({ text, score: -1, type: TokenType.userDefined })
  }
  return { ...vocabulary, tokens }
}
