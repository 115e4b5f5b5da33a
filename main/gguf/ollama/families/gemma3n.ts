import { int32s, string } from '../../encoding.ts'
import type { GgufHeader } from '../../types.ts'
import type { Family } from '../family.ts'

/** llama.h, enum llama_token_type. */
const normalToken = 1
const byteToken = 6
/** `<end_of_turn>`, which ends an answer, beside `<eos>`. */
const endTokens = [1, 106]

/** Gemma 3n: tokens of pictures and sound, which no layer's own embeddings know, at the end of its vocabulary. */
export const gemma3n: Family = {
  matches: header => {
    const [all, own] = [rows(header, 'token_embd.weight'), rows(header, 'per_layer_token_embd.weight')]
    return all !== undefined && own !== undefined && all !== own
  },
  encoders: ['v.', 'a.', 'mm.'],
  model: async draft => {
    const { metadata } = draft
    const tokens = draft.length('per_layer_token_embd.weight', 1)!
    metadata.set('tokenizer.ggml.model', string('llama'))
    draft.reshape('token_embd.weight', [draft.length('token_embd.weight', 0)!, tokens])
    await metadata.shortenVocabulary(tokens)
    const words = (await metadata.values('tokenizer.ggml.tokens')).slice(0, tokens)
    const types = (await metadata.numbers('tokenizer.ggml.token_type')).slice(0, tokens)
    if (types.length > 0) {
      const told = types.map((type, i) => typeOf(String(words[i])) ?? type)
      metadata.set('tokenizer.ggml.token_type', int32s(told))
    }
    const ends = await metadata.numbers('tokenizer.ggml.eos_token_ids')
    metadata.set(
      'tokenizer.ggml.eos_token_ids',
      int32s([...new Set([...ends, ...endTokens.slice(ends.length ? 1 : 0)])]),
    )
  },
}

function rows({ tensors }: GgufHeader, name: string): number | undefined {
  return tensors.find(tensor => tensor.name === name)?.shape[1]
}

function typeOf(token: string): number | undefined {
  if (/^<0x..>$/.test(token)) return byteToken
  return token.startsWith('<unused') ? normalToken : undefined
}
