import { architectureOf, natural } from '../../gguf/metadata.ts'
import type { GgufHeader } from '../../gguf/types.ts'

/** Weights of experts (llama.cpp, llama-arch.cpp): `blk.3.ffn_up_exps.weight`. */
const expert = /_exps\./
/** Rows of which one is read for a token. */
const looked = /^(?:token_embd|per_layer_token_embd)\.weight$/

/** Bytes of weights that take part in one token: of experts those that are asked, of the vocabulary next to nothing. */
export function activeBytes(header: GgufHeader): number {
  const architecture = architectureOf(header)
  const experts = natural(header, `${architecture}.expert_count`) || 1
  const asked = natural(header, `${architecture}.expert_used_count`) || experts
  // Where there is no output matrix, the vocabulary is read whole after all.
  const tied = !header.tensors.some(({ name }) => name === 'output.weight')
  return header.tensors.reduce((sum, { name, bytes = 0 }) => {
    if (expert.test(name)) return sum + bytes * Math.min(1, asked / experts)
    return looked.test(name) && !(tied && name.startsWith('token_embd')) ? sum : sum + bytes
  }, 0)
}
