import { buildGguf, type Field, type TensorSpec } from '../../unit/gguf/build-gguf.ts'

/** A tensor of random numbers, or of those given, as F32 or as F16. */
export type Weight = readonly [
  name: string,
  shape: readonly number[],
  value?: ((index: number) => number) | undefined,
  type?: 'F16',
]

export const width = 64
export const one = () => 1

/** A vocabulary of all bytes and an end, enough to run a model whose words mean nothing. */
const vocabulary = [...Array.from({ length: 255 }, (_, index) => String.fromCodePoint(256 + index)), 'ab', '<|end|>']

/** Gemma 3's shape: most layers look back at the last 32 tokens only. */
export function slidingWindowModel(): Buffer {
  return randomModel('gemma3', slidingWindowSizes, slidingWindowLayers(), [rmsEpsilon('gemma3')])
}

export const slidingWindowSizes = {
  block_count: 6,
  feed_forward_length: 128,
  'attention.head_count': 4,
  'attention.head_count_kv': 2,
  'attention.key_length': 16,
  'attention.value_length': 16,
  'attention.sliding_window': 32,
}

export function slidingWindowLayers(): Weight[] {
  const heads = { attn_q: 64, attn_k: 32, attn_v: 32 }
  const layers = Array.from({ length: 6 }, (_, layer): Weight[] => {
    const name = (part: string) => `blk.${layer}.${part}.weight`
    const norms = ['attn_norm', 'post_attention_norm', 'ffn_norm', 'post_ffw_norm']
    return [
      ...norms.map((part): Weight => [name(part), [width], one]),
      ...Object.entries(heads).map(([part, size]): Weight => [name(part), [width, size]]),
      [name('attn_output'), [64, width]],
      [name('attn_q_norm'), [16], one],
      [name('attn_k_norm'), [16], one],
      [name('ffn_gate'), [width, 128]],
      [name('ffn_up'), [width, 128]],
      [name('ffn_down'), [128, width]],
    ]
  })
  return layers.flat()
}

/** The text part of Qwen2-VL: a position is three numbers, and llama.cpp ends the process when it is to move one. */
export function threeAxesModel(): Buffer {
  const heads = { attn_q: 64, attn_k: 32, attn_v: 32 }
  const layers = Array.from({ length: 2 }, (_, layer): Weight[] => {
    const name = (part: string) => `blk.${layer}.${part}`
    return [
      ...['attn_norm', 'ffn_norm'].map((part): Weight => [name(`${part}.weight`), [width], one]),
      ...Object.entries(heads).flatMap(([part, size]): Weight[] => [
        [name(`${part}.weight`), [width, size]],
        [name(`${part}.bias`), [size]],
      ]),
      [name('attn_output.weight'), [64, width]],
      [name('ffn_gate.weight'), [width, 128]],
      [name('ffn_up.weight'), [width, 128]],
      [name('ffn_down.weight'), [128, width]],
    ]
  })
  const sizes = { block_count: 2, feed_forward_length: 128, 'attention.head_count': 4, 'attention.head_count_kv': 2 }
  return randomModel('qwen2vl', sizes, layers.flat(), [
    rmsEpsilon('qwen2vl'),
    ['qwen2vl.rope.dimension_sections', 9, [5, [2, 3, 3, 0]]],
  ])
}

/** Mamba's shape: one state that every token changes, and that cannot be taken back. */
export function recurrentModel(): Buffer {
  const [inner, convolution, state, rank] = [128, 4, 16, 8]
  const layers = Array.from({ length: 2 }, (_, layer): Weight[] => {
    const name = (part: string) => `blk.${layer}.${part}`
    return [
      [name('attn_norm.weight'), [width], one],
      [name('ssm_in.weight'), [width, 2 * inner]],
      [name('ssm_conv1d.weight'), [convolution, inner]],
      [name('ssm_conv1d.bias'), [inner], () => 0],
      [name('ssm_x.weight'), [inner, rank + 2 * state]],
      [name('ssm_dt.weight'), [rank, inner]],
      [name('ssm_dt.bias'), [inner], () => 0],
      [name('ssm_a'), [state, inner], index => -1 - (index % state)],
      [name('ssm_d'), [inner], one],
      [name('ssm_out.weight'), [inner, width]],
    ]
  })
  const sizes = {
    block_count: 2,
    feed_forward_length: 0,
    'attention.head_count': 0,
    'ssm.conv_kernel': convolution,
    'ssm.inner_size': inner,
    'ssm.state_size': state,
    'ssm.time_step_rank': rank,
  }
  return randomModel('mamba', sizes, layers.flat(), [rmsEpsilon('mamba')])
}

export const rmsEpsilon = (architecture: string): Field => [`${architecture}.attention.layer_norm_rms_epsilon`, 6, 1e-6]

/**
 * A model whose words mean nothing. The same bytes at every call: the weights come from a fixed row of numbers.
 * @param extra fields beside the sizes and the vocabulary
 * @param tokens how many there are; more than there are embeddings for, as in some files
 */
export function randomModel(
  architecture: string,
  sizes: Readonly<Record<string, number>>,
  layers: readonly Weight[],
  extra: readonly Field[] = [],
  tokens = vocabulary.length,
): Buffer {
  const all = { context_length: 4096, embedding_length: width, ...sizes }
  const words = Array.from({ length: tokens }, (_, index) => vocabulary[index] ?? `<picture ${index}>`)
  const end = vocabulary.length - 1
  const fields: Field[] = [
    ['general.architecture', 8, architecture],
    ...Object.entries(all).map(([key, value]): Field => [`${architecture}.${key}`, 4, value]),
    ['tokenizer.ggml.model', 8, 'gpt2'],
    ['tokenizer.ggml.pre', 8, 'default'],
    ['tokenizer.ggml.tokens', 9, [8, words]],
    ['tokenizer.ggml.token_type', 9, [5, words.map((_, index) => (index >= end ? 3 : 1))]],
    ['tokenizer.ggml.merges', 9, [8, ['a b']]],
    ['tokenizer.ggml.eos_token_id', 4, end],
    ['tokenizer.ggml.add_bos_token', 7, false],
    ...extra,
  ]
  return randomFile(fields, [
    ['token_embd.weight', [width, vocabulary.length]],
    ['output_norm.weight', [width], one],
    ...layers,
  ])
}

/** A GGUF with these fields and tensors. */
export function randomFile(fields: readonly Field[], weights: readonly Weight[]): Buffer {
  return buildGguf({ fields, ...randomTensors(weights) })
}

/** Tensors and the bytes they lie in, one after the other. */
export function randomTensors(weights: readonly Weight[]): { tensors: TensorSpec[]; data: Buffer } {
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return (seed / 2 ** 32 - 0.5) * 0.35
  }
  const tensors: TensorSpec[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const [name, shape, value = random, type] of weights) {
    const numbers = Array.from({ length: shape.reduce((size, side) => size * side, 1) }, (_, index) => value(index))
    const content = type === 'F16' ? halves(numbers) : Buffer.from(Float32Array.from(numbers).buffer)
    const bytes = Buffer.alloc(Math.ceil(content.length / 32) * 32)
    bytes.set(content)
    tensors.push({ name, shape, type: type === 'F16' ? 1 : 0, offset })
    data.push(bytes)
    offset += bytes.length
  }
  return { tensors, data: Buffer.concat(data) }
}

/** Small numbers as 16-bit floats: sign, five bits of exponent, ten of fraction; what is tiny becomes zero. */
function halves(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [index, number] of numbers.entries()) {
    const magnitude = Math.abs(number)
    const exponent = Math.floor(Math.log2(magnitude))
    if (exponent < -14) continue
    const fraction = Math.floor((magnitude / 2 ** exponent - 1) * 1024)
    bytes.writeUInt16LE((number < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction, 2 * index)
  }
  return bytes
}
