import { float32, uint32 } from '../../../../gguf/encoding.ts'
import type { Fields } from '../source/fields.ts'
import { unusable } from '../unusable.ts'
import { type NamePairs, renaming } from './naming.ts'

/** What the decoders of text have in common. */

export const decoderPairs: NamePairs = [
  ['lm_head', 'output'],
  ['model.embed_tokens', 'token_embd'],
  ['model.norm', 'output_norm'],
  ['model.layers', 'blk'],
  ['input_layernorm', 'attn_norm'],
  ['self_attn.qkv_proj', 'attn_qkv'],
  ['self_attn.q_proj', 'attn_q'],
  ['self_attn.k_proj', 'attn_k'],
  ['self_attn.v_proj', 'attn_v'],
  ['self_attn.o_proj', 'attn_output'],
  ['self_attn.q_norm', 'attn_q_norm'],
  ['self_attn.k_norm', 'attn_k_norm'],
  ['mlp.gate_up_proj', 'ffn_up'],
  ['mlp.gate_proj', 'ffn_gate'],
  ['mlp.down_proj', 'ffn_down'],
  ['mlp.up_proj', 'ffn_up'],
  ['post_attention_layernorm', 'ffn_norm'],
]

const rename = renaming(decoderPairs)

/** Drops what is computed rather than learnt and what some files carry all the same. */
export function decoderName(name: string): string | undefined {
  return name.endsWith('.rotary_emb.inv_freq') ? undefined : rename(name)
}

export const decoderTensors = {
  once: ['token_embd', 'output_norm'],
  optional: ['output'],
  inBlock: [
    ...['attn_norm', 'attn_q', 'attn_k', 'attn_v', 'attn_output'],
    ...['ffn_norm', 'ffn_gate', 'ffn_up', 'ffn_down'],
  ],
}

export interface DecoderSizes {
  readonly blocks: number
  readonly embedding: number
  readonly heads: number
  /** Heads of keys and values. */
  readonly headsKv: number
  /** Elements of one head. */
  readonly headSize: number
}

/** @throws Problem when the sizes are not given or do not go together */
export function decoderSizes(config: Fields): DecoderSizes {
  const heads = config.neededCount('num_attention_heads', 'n_head')
  const embedding = config.neededCount('hidden_size', 'n_embd')
  const headSize = config.count('head_dim') ?? embedding / heads
  if (!Number.isInteger(headSize)) throw unusable(`${heads} attention heads cannot share ${embedding} elements`)
  return {
    blocks: config.neededCount('num_hidden_layers', 'n_layers', 'n_layer'),
    embedding,
    heads,
    headsKv: config.count('num_key_value_heads', 'n_head_kv') ?? heads,
    headSize,
  }
}

/** The metadata every decoder has. */
export function decoderMetadata(config: Fields, { blocks, embedding, heads, headsKv }: DecoderSizes) {
  return {
    block_count: uint32(blocks),
    context_length: uint32(config.neededCount('max_position_embeddings', 'n_ctx')),
    embedding_length: uint32(embedding),
    feed_forward_length: uint32(config.neededCount('intermediate_size', 'n_inner')),
    'attention.head_count': uint32(heads),
    'attention.head_count_kv': uint32(headsKv),
    'attention.layer_norm_rms_epsilon': float32(config.number('rms_norm_eps') ?? defaultRmsEpsilon),
  }
}

/** What the models' own code takes when config.json does not say. */
const defaultRmsEpsilon = 1e-6

export function keyAndValueLength(headSize: number) {
  return { 'attention.key_length': uint32(headSize), 'attention.value_length': uint32(headSize) }
}
