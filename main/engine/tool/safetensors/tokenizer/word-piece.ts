import type { Token, Tokenizer } from './vocabulary.ts'

/** Stands for a space in a vocabulary. */
const space = '\u2581'

/**
 * BERT's tokenizer as llama.cpp has it: marked are the pieces that begin a word, not those that go on with one; and the
 * token in front of every text is called BOS (upstream calls it CLS alone, and llama.cpp takes the 101 of English
 * BERT).
 */
export function wordPieceTokenizer(tokenizer: Tokenizer): Tokenizer {
  const { vocabulary, special } = tokenizer
  const cls = special.find(({ key }) => key === 'cls')
  const bos = cls && !special.some(({ key }) => key === 'bos') ? [{ ...cls, key: 'bos' }] : []
  return {
    ...tokenizer,
    vocabulary: { ...vocabulary, model: 'bert', tokens: vocabulary.tokens.map(marked) },
    special: [...special, ...bos],
  }
}

function marked(token: Token): Token {
  const { text } = token
  if (text.startsWith('[') && text.endsWith(']')) return token
  return { ...token, text: text.startsWith('##') ? text.slice(2) : space + text }
}
