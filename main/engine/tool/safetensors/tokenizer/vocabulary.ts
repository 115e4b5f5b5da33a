import { bool, type EncodedValue, float32s, int32s, string, strings, uint32 } from '../../../../gguf/encoding.ts'

/** What a token is (llama.h, llama_token_type; SentencePiece's numbers). */
export const TokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

export interface Token {
  readonly text: string
  readonly score: number
  readonly type: number
}

/** A tokenizer as GGUF knows it. */
export interface Vocabulary {
  /** `gpt2` for byte-level BPE, `llama` for SentencePiece, `bert` for WordPiece. */
  readonly model: 'gpt2' | 'llama' | 'bert'
  /** Name of the rule that cuts text before merging; undefined for one that llama.cpp does not know. */
  readonly pre: string | undefined
  /** By id. */
  readonly tokens: readonly Token[]
  /** Pairs with a space between, best first; for BPE alone. */
  readonly merges: readonly string[]
  /** Whether text gets a space in front; undefined leaves it to the model's kind. */
  readonly addSpacePrefix?: boolean
}

/** A token with a part to play: the beginning or end of a text, a separator. */
export interface SpecialToken {
  /** As GGUF's keys spell it. */
  readonly key: string
  readonly id: number
  /** Whether it is added to every text; undefined leaves it to the model's kind. */
  readonly add?: boolean
  /** All tokens that play the part. */
  readonly ids: readonly number[]
}

export interface Tokenizer {
  readonly vocabulary: Vocabulary
  readonly special: readonly SpecialToken[]
  readonly chatTemplate?: string
}

/** The metadata of a tokenizer (upstream convert/convert.go, ModelParameters.KV). */
export function tokenizerMetadata({ vocabulary, special, chatTemplate }: Tokenizer): Record<string, EncodedValue> {
  const { tokens, merges, addSpacePrefix } = vocabulary
  const entries: Record<string, EncodedValue> = {
    model: string(vocabulary.model),
    pre: string(vocabulary.pre ?? 'default'),
    tokens: strings(tokens.map(({ text }) => text)),
    scores: float32s(tokens.map(({ score }) => score)),
    token_type: int32s(tokens.map(({ type }) => type)),
    ...(merges.length > 0 && { merges: strings(merges) }),
    ...(addSpacePrefix !== undefined && { add_space_prefix: bool(addSpacePrefix) }),
  }
  for (const { key, id, ids, add } of special) {
    entries[`${key}_token_id`] = uint32(id)
    if (add !== undefined) entries[`add_${key}_token`] = bool(add)
    if (ids.length > 0) entries[`${key}_token_ids`] = int32s(ids)
  }
  return {
    ...Object.fromEntries(Object.entries(entries).map(([key, value]) => [`tokenizer.ggml.${key}`, value])),
    ...(chatTemplate !== undefined && { 'tokenizer.chat_template': string(chatTemplate) }),
  }
}
