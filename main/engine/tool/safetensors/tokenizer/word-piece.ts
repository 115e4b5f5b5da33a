import type { Token, Vocabulary } from './vocabulary.ts'

/** Stands for a space in a vocabulary. */
const SPACE = '\u2581'

/** A BERT vocabulary as llama.cpp has it: marked are the pieces that begin a word, not those that go on with one. */
export function wordPieces(vocabulary: Vocabulary): Vocabulary {
  return { ...vocabulary, model: 'bert', tokens: vocabulary.tokens.map(marked) }
}

function marked(token: Token): Token {
  const { text } = token
  if (text.startsWith('[') && text.endsWith(']')) return token
  return { ...token, text: text.startsWith('##') ? text.slice(2) : SPACE + text }
}
