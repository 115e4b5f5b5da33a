import { Fields } from '../source/fields.ts'
import { type Token, TokenType, type Vocabulary } from './vocabulary.ts'

/** Whether a tokenizer.json is a SentencePiece model in other clothes, as Llama 2's, Mistral's and Gemma's are. */
export function fallsBackToBytes(tokenizer: Fields): boolean {
  return tokenizer.section('model').flag('byte_fallback') === true
}

/**
 * SentencePiece's vocabulary out of a tokenizer.json that has no tokenizer.model beside it. Upstream takes it for
 * byte-level BPE, which no text then fits.
 *
 * SentencePiece prefers the pair whose piece has the best score, the file the pair that is named first: the place among
 * the merges is the score.
 */
export function piecesOf(tokenizer: Fields, vocabulary: Vocabulary): Vocabulary {
  const ranks = new Map<string, number>()
  for (const [rank, merge] of vocabulary.merges.entries()) {
    const piece = merge.replace(' ', '')
    if (!ranks.has(piece)) ranks.set(piece, rank)
  }
  const unknown = tokenizer.section('model').text('unk_token')
  const piece = (token: Token): Token => {
    const { text } = token
    if (text === unknown) return { text, score: 0, type: TokenType.unknown }
    if (token.type !== TokenType.normal) return { ...token, score: 0 }
    if (/^<0x[0-9A-F]{2}>$/.test(text)) return { text, score: 0, type: TokenType.byte }
    return { text, score: -(ranks.get(text) ?? vocabulary.merges.length), type: TokenType.normal }
  }
  return {
    model: 'llama',
    pre: 'default',
    tokens: vocabulary.tokens.map(piece),
    merges: [],
    ...(!prependsSpace(tokenizer) && { addSpacePrefix: false }),
  }
}

/** Whether a text's first word gets a space in front, in whichever of its steps the file says so. */
function prependsSpace(tokenizer: Fields): boolean {
  const steps = ['normalizer', 'pre_tokenizer'].flatMap(name => {
    const outer = tokenizer.section(name)
    const inner = [...outer.list('normalizers'), ...outer.list('pretokenizers')]
    return [outer, ...inner.map(step => new Fields(tokenizer.file, step))]
  })
  return steps.some(step => {
    if (step.text('type') !== 'Metaspace') return step.text('type') === 'Prepend'
    return step.has('prepend_scheme')
      ? step.text('prepend_scheme') !== 'never'
      : step.flag('add_prefix_space') !== false
  })
}
