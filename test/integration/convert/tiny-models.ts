import {
  BPE_TOKENS,
  type BuiltTensor,
  bpeFiles,
  buildSafetensors,
  buildSentencePiece,
  type Content,
  f32,
  randomNumbers,
  spmPieces,
  type Tensors,
} from '../../unit/engine/tool/safetensors/build-folder.ts'

/** Folders of models too small to know anything, each of another architecture. */

export const sizes = {
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 256,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  vocab_size: BPE_TOKENS,
}
const KV = 32

type Shape = readonly number[]

export function randomTensors(shapes: Readonly<Record<string, Shape>>, seed = 1): Record<string, BuiltTensor> {
  const random = randomNumbers(seed)
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const norm = /norm/i.test(name) && name.endsWith('weight')
      const count = shape.reduce((product, length) => product * length, 1)
      return [
        name,
        f32(
          shape,
          Array.from({ length: count }, () => random() + (norm ? 1 : 0)),
        ),
      ]
    }),
  )
}

/** A decoder's tensors. @param block those of one block, below `model.layers.N.` */
export function decoder(block: Readonly<Record<string, Shape>>, more: Readonly<Record<string, Shape>> = {}) {
  const shapes: Record<string, Shape> = {
    'model.embed_tokens.weight': [BPE_TOKENS, 64],
    'model.norm.weight': [64],
    ...more,
  }
  for (const layer of [0, 1])
    for (const [name, shape] of Object.entries(block)) shapes[`model.layers.${layer}.${name}`] = shape
  return shapes
}

export const attention = {
  'self_attn.q_proj.weight': [64, 64],
  'self_attn.k_proj.weight': [KV, 64],
  'self_attn.v_proj.weight': [KV, 64],
  'self_attn.o_proj.weight': [64, 64],
}
export const biases = { 'self_attn.q_proj.bias': [64], 'self_attn.k_proj.bias': [KV], 'self_attn.v_proj.bias': [KV] }
export const headNorms = { 'self_attn.q_norm.weight': [16], 'self_attn.k_norm.weight': [16] }
export const feedForward = {
  'mlp.gate_proj.weight': [96, 64],
  'mlp.up_proj.weight': [96, 64],
  'mlp.down_proj.weight': [64, 96],
}
export const norms = { 'input_layernorm.weight': [64], 'post_attention_layernorm.weight': [64] }
export const outerNorms = { 'pre_feedforward_layernorm.weight': [64], 'post_feedforward_layernorm.weight': [64] }
export const head = { 'lm_head.weight': [BPE_TOKENS, 64] }

/** A folder with a byte-level tokenizer. */
export function folder(architecture: string, config: object, tensors: Tensors, more: Content = bpeFiles): Content {
  return {
    'config.json': { architectures: [architecture], ...sizes, ...config },
    'model.safetensors': buildSafetensors(tensors),
    ...more,
  }
}

/** A folder's tokenizer as Gemma has it. */
export const spmFiles: Content = {
  'tokenizer.model': buildSentencePiece(spmPieces, false),
  'tokenizer_config.json': { add_bos_token: true, bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
}
