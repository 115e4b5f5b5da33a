import {
  type BuiltTensor,
  bpeFiles,
  bpeTokens,
  buildSafetensors,
  buildSentencePiece,
  type Content,
  f32,
  randomNumbers,
  spmPieces,
  type Tensors,
} from './build-folder.ts'

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
  vocab_size: bpeTokens,
}
const kv = 32

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
export function decoder(
  block: Readonly<Record<string, Shape>>,
  more: Readonly<Record<string, Shape>> = {},
  tokens = bpeTokens,
): Record<string, Shape> {
  const shapes: Record<string, Shape> = {
    'model.embed_tokens.weight': [tokens, 64],
    'model.norm.weight': [64],
    ...more,
  }
  for (const layer of [0, 1])
    for (const [name, shape] of Object.entries(block)) shapes[`model.layers.${layer}.${name}`] = shape
  return shapes
}

export const attention = {
  'self_attn.q_proj.weight': [64, 64],
  'self_attn.k_proj.weight': [kv, 64],
  'self_attn.v_proj.weight': [kv, 64],
  'self_attn.o_proj.weight': [64, 64],
}
export const biases = { 'self_attn.q_proj.bias': [64], 'self_attn.k_proj.bias': [kv], 'self_attn.v_proj.bias': [kv] }
export const headNorms = { 'self_attn.q_norm.weight': [16], 'self_attn.k_norm.weight': [16] }
export const feedForward = {
  'mlp.gate_proj.weight': [96, 64],
  'mlp.up_proj.weight': [96, 64],
  'mlp.down_proj.weight': [64, 96],
}
/** As Phi 3 has them: queries, keys and values in one matrix, and both halves of the way up. */
export const fused = {
  'self_attn.qkv_proj.weight': [64 + 2 * kv, 64],
  'self_attn.o_proj.weight': [64, 64],
  'mlp.gate_up_proj.weight': [192, 64],
  'mlp.down_proj.weight': [64, 96],
}
export const norms = { 'input_layernorm.weight': [64], 'post_attention_layernorm.weight': [64] }
export const outerNorms = { 'pre_feedforward_layernorm.weight': [64], 'post_feedforward_layernorm.weight': [64] }
export const head = { 'lm_head.weight': [bpeTokens, 64] }

/** A folder with a byte-level tokenizer. */
export function folder(architecture: string, config: object, tensors: Tensors, more: Content = bpeFiles): Content {
  return {
    'config.json': { architectures: [architecture], ...sizes, ...config },
    'model.safetensors': buildSafetensors(tensors),
    ...more,
  }
}

export const spmTokens = spmPieces.length

/** A folder's tokenizer as Gemma has it. */
export const spmFiles: Content = {
  'tokenizer.model': buildSentencePiece(spmPieces, false),
  'tokenizer_config.json': { add_bos_token: true, bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
}

/** The same tokenizer as a tokenizer.json alone, as libraries save it; with a space in front of every text. */
export const spmAsJsonFiles: Content = {
  'tokenizer.json': {
    added_tokens: spmPieces.slice(0, 3).map(([content], id) => ({ id, content, special: true })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '\u2581' },
        { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
      ],
    },
    pre_tokenizer: null,
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      byte_fallback: true,
      vocab: Object.fromEntries(spmPieces.map(([text], id) => [text, id])),
      // As their pieces' scores have them: the best first.
      merges: ['b a', '\u2581 a', 'a b', '\u2581 ba'],
    },
  },
  'tokenizer_config.json': { add_bos_token: true, bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
}

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'cat', 'dog', 'moon', '##s', 'a', '.']
const bertBlock: Readonly<Record<string, Shape>> = {
  ...linear('attention.self.query', 64, 64),
  ...linear('attention.self.key', 64, 64),
  ...linear('attention.self.value', 64, 64),
  ...linear('attention.output.dense', 64, 64),
  ...vectors('attention.output.LayerNorm'),
  ...linear('intermediate.dense', 96, 64),
  ...linear('output.dense', 64, 96),
  ...vectors('output.LayerNorm'),
}

function linear(name: string, rows: number, columns: number): Record<string, Shape> {
  return { [`${name}.weight`]: [rows, columns], [`${name}.bias`]: [rows] }
}

function vectors(name: string): Record<string, Shape> {
  return { [`${name}.weight`]: [64], [`${name}.bias`]: [64] }
}

export const bertShapes: Readonly<Record<string, Shape>> = {
  'embeddings.word_embeddings.weight': [words.length, 64],
  'embeddings.position_embeddings.weight': [256, 64],
  'embeddings.token_type_embeddings.weight': [2, 64],
  ...vectors('embeddings.LayerNorm'),
  ...Object.fromEntries(
    [0, 1].flatMap(layer =>
      Object.entries(bertBlock).map(([name, shape]) => [`encoder.layer.${layer}.${name}`, shape] as const),
    ),
  ),
  ...linear('pooler.dense', 64, 64),
}

/** WordPiece, and what sentence-transformers puts behind the model. */
export function bertFiles(pooling: object): Content {
  const special = words.slice(0, 5).map((content, id) => ({ id, content, special: true }))
  return {
    'tokenizer.json': {
      added_tokens: special,
      model: { type: 'WordPiece', unk_token: '[UNK]', vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
    },
    'tokenizer_config.json': {
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
      mask_token: '[MASK]',
      unk_token: '[UNK]',
    },
    'modules.json': [
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
      { idx: 2, name: '2', path: '2_Normalize', type: 'sentence_transformers.models.Normalize' },
    ],
    '1_Pooling/config.json': pooling,
  }
}
