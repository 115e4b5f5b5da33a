import { readFileSync } from 'node:fs'
import { readHeader } from '../../../main/gguf/header.ts'
import { buildGguf, type Field, ggufString } from '../../unit/gguf/build-gguf.ts'
import { fixture } from './engine.ts'
import {
  one,
  randomModel,
  randomTensors,
  slidingWindowLayers,
  slidingWindowSizes,
  type Weight,
  width,
} from './random-model.ts'

/** Files as Ollama's own engine has them, by the names of upstream's llama/compat, too small to understand a word. */

const f32 = (key: string, value: number): Field => [key, 6, value]
const i32s = (key: string, ...values: number[]): Field => [key, 9, [5, values]]
const counts = (architecture: string, values: Readonly<Record<string, number>>): Field[] =>
  Object.entries(values).map(([key, value]) => [`${architecture}.${key}`, 4, value])
const withBias = (name: string, inputs: number, outputs: number): Weight[] => [
  [`${name}.weight`, [inputs, outputs]],
  [`${name}.bias`, [outputs]],
]
const norm = (name: string, size: number): Weight[] => [
  [`${name}.weight`, [size], one],
  [`${name}.bias`, [size], () => 0],
]
/** Width of the encoders for pictures, and of their wide layers. */
const [seeing, wide] = [32, 64]

/** Attention with as many heads for keys and values as for queries, and a gated layer behind it, as in llama.cpp. */
function layer(index: number, { head = 16, heads = 4, kv = 2, biases = false, own = [] as Weight[] } = {}): Weight[] {
  const name = (part: string) => `blk.${index}.${part}`
  const sizes = { attn_q: heads * head, attn_k: kv * head, attn_v: kv * head }
  return [
    ...Object.entries(sizes).flatMap(([part, size]): Weight[] =>
      biases ? withBias(name(part), width, size) : [[name(`${part}.weight`), [width, size]]],
    ),
    [name('ffn_gate.weight'), [width, 128]],
    [name('ffn_up.weight'), [width, 128]],
    [name('ffn_down.weight'), [128, width]],
    ...own,
  ]
}

/** Gemma 3 as `slidingWindowModel` has it for llama.cpp, with two tokens more than embeddings. */
export function gemma3(): Buffer {
  const block = 'v.blk.0'
  const encoder: Weight[] = [
    ['v.patch_embedding.weight', [14, 14, 3, seeing], undefined, 'F16'],
    ['v.patch_embedding.bias', [seeing]],
    ['v.position_embedding.weight', [seeing, 16], undefined, 'F16'],
    ...norm(`${block}.layer_norm1`, seeing),
    ...norm(`${block}.layer_norm2`, seeing),
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].flatMap(part => withBias(`${block}.${part}`, seeing, seeing)),
    ...withBias(`${block}.mlp.fc1`, seeing, wide),
    ...withBias(`${block}.mlp.fc2`, wide, seeing),
    ...norm('v.post_layernorm', seeing),
    ['mm.mm_input_projection.weight', [width, seeing]],
    ['mm.mm_soft_emb_norm.weight', [seeing], one],
  ]
  const fields = [
    ...counts('gemma3.vision', {
      block_count: 1,
      embedding_length: seeing,
      feed_forward_length: wide,
      image_size: 56,
      patch_size: 14,
      'attention.head_count': 2,
    }),
    f32('gemma3.vision.attention.layer_norm_epsilon', 1e-6),
    f32('gemma3.rope.global.freq_base', 1_000_000),
    f32('gemma3.rope.local.freq_base', 10_000),
    ...counts('gemma3', { 'mm.tokens_per_image': 1 }),
  ]
  return randomModel('gemma3', slidingWindowSizes, [...slidingWindowLayers(), ...encoder], fields, 259)
}

export function gptOss(): Buffer {
  const layers = [0, 1].flatMap((index): Weight[] => {
    const name = (part: string) => `blk.${index}.${part}`
    const experts = (part: string, inputs: number, outputs: number): Weight[] => [
      [name(`${part}.weight`), [inputs, outputs, 4]],
      [name(`${part}.bias`), [outputs, 4]],
    ]
    return [
      [name('attn_norm.weight'), [width], one],
      [name('ffn_norm.weight'), [width], one],
      ...withBias(name('attn_q'), width, 64),
      ...withBias(name('attn_k'), width, 32),
      ...withBias(name('attn_v'), width, 32),
      ...withBias(name('attn_out'), 64, width),
      [name('attn_sinks'), [4]],
      ...withBias(name('ffn_gate_inp'), width, 4),
      ...experts('ffn_gate_exps', width, 32),
      ...experts('ffn_up_exps', width, 32),
      ...experts('ffn_down_exps', 32, width),
    ]
  })
  const sizes = {
    block_count: 2,
    feed_forward_length: 32,
    expert_count: 4,
    expert_used_count: 2,
    'attention.head_count': 4,
    'attention.head_count_kv': 2,
    'attention.key_length': 16,
    'attention.value_length': 16,
    'attention.sliding_window': 32,
    'rope.scaling.original_context_length': 1024,
  }
  const fields = [
    f32('gptoss.attention.layer_norm_rms_epsilon', 1e-5),
    f32('gptoss.rope.freq_base', 150_000),
    f32('gptoss.rope.scaling.factor', 4),
  ]
  return randomModel('gptoss', sizes, [['output.weight', [width, 257]], ...layers], fields)
}

export function olmo3(): Buffer {
  const layers = [0, 1].flatMap(index =>
    layer(index, {
      kv: 4,
      own: [
        [`blk.${index}.attn_output.weight`, [64, width]],
        [`blk.${index}.attn_q_norm.weight`, [width], one],
        [`blk.${index}.attn_k_norm.weight`, [width], one],
        [`blk.${index}.post_attention_norm.weight`, [width], one],
        [`blk.${index}.post_ffw_norm.weight`, [width], one],
      ],
    }),
  )
  const sizes = { block_count: 2, feed_forward_length: 128, 'attention.head_count': 4, 'attention.head_count_kv': 4 }
  const fields = [f32('olmo3.attention.layer_norm_rms_epsilon', 1e-6)]
  return randomModel('olmo3', sizes, [['output.weight', [width, 257]], ...layers], fields)
}

/** One layer of each kind: a state, attention, and a wide one. */
export function nemotronOmni(): Buffer {
  const [inner, convolution, state, heads] = [128, 4, 16, 2]
  const seen = inner + 2 * state
  const layers: Weight[] = [
    ...[0, 1, 2].map((index): Weight => [`blk.${index}.attn_norm.weight`, [width], one]),
    ['blk.0.ssm_in.weight', [width, inner + seen + heads]],
    ['blk.0.ssm_conv1d.weight', [convolution, seen]],
    ['blk.0.ssm_conv1d.bias', [seen], () => 0],
    ['blk.0.ssm_dt.bias', [heads], () => 0],
    ['blk.0.ssm_a', [1, heads], index => -1 - index],
    ['blk.0.ssm_d', [1, heads], one],
    ['blk.0.ssm_norm.weight', [inner, 1], one],
    ['blk.0.ssm_out.weight', [inner, width]],
    ['blk.1.attn_q.weight', [width, 64]],
    ['blk.1.attn_k.weight', [width, 32]],
    ['blk.1.attn_v.weight', [width, 32]],
    ['blk.1.attn_output.weight', [64, width]],
    ['blk.2.ffn_up.weight', [width, 128]],
    ['blk.2.ffn_down.weight', [128, width]],
    ...norm('v.blk.0.ln1', seeing),
    ['a.blk.0.ln1.weight', [seeing], one],
    ['mm.1.weight', [seeing, width]],
  ]
  const sizes = {
    block_count: 3,
    'attention.head_count': 4,
    'attention.key_length': 16,
    'attention.value_length': 16,
    'ssm.conv_kernel': convolution,
    'ssm.inner_size': inner,
    'ssm.state_size': state,
    'ssm.time_step_rank': heads,
    'ssm.group_count': 1,
    'vision.block_count': 1,
    'audio.block_count': 1,
  }
  const fields = [
    i32s('nemotron_h_omni.attention.head_count_kv', 0, 2, 0),
    i32s('nemotron_h_omni.feed_forward_length', 0, 0, 128),
    f32('nemotron_h_omni.attention.layer_norm_epsilon', 1e-6),
    f32('nemotron_h_omni.attention.layer_norm_rms_epsilon', 1e-6),
  ]
  return randomModel('nemotron_h_omni', sizes, [['output.weight', [width, 257]], ...layers], fields)
}

export function qwen25vl(): Buffer {
  const block = (index: number): Weight[] => [
    [`v.blk.${index}.ln1.weight`, [seeing], one],
    [`v.blk.${index}.ln2.weight`, [seeing], one],
    ...['attn_q', 'attn_k', 'attn_v', 'attn_out'].flatMap(part => withBias(`v.blk.${index}.${part}`, seeing, seeing)),
    ...withBias(`v.blk.${index}.ffn_gate`, seeing, wide),
    ...withBias(`v.blk.${index}.ffn_up`, seeing, wide),
    ...withBias(`v.blk.${index}.ffn_down`, wide, seeing),
  ]
  const encoder: Weight[] = [
    ['v.patch_embd_0.weight', [14, 14, 3, seeing], undefined, 'F16'],
    ['v.patch_embd_1.weight', [14, 14, 3, seeing], undefined, 'F16'],
    ...block(0),
    ...block(1),
    ['v.merger.ln_q.weight', [seeing], one],
    ...withBias('v.merger.mlp.0', 4 * seeing, 4 * seeing),
    ...withBias('v.merger.mlp.2', 4 * seeing, width),
  ]
  const layers = [0, 1].flatMap(index =>
    layer(index, {
      biases: true,
      own: [
        [`blk.${index}.attn_norm.weight`, [width], one],
        [`blk.${index}.ffn_norm.weight`, [width], one],
        [`blk.${index}.attn_output.weight`, [64, width]],
      ],
    }),
  )
  const sizes = { block_count: 2, feed_forward_length: 128, 'attention.head_count': 4, 'attention.head_count_kv': 2 }
  const fields = [
    f32('qwen25vl.attention.layer_norm_rms_epsilon', 1e-6),
    i32s('qwen25vl.rope.mrope_section', 2, 3, 3),
    ...counts('qwen25vl.vision', {
      block_count: 2,
      embedding_length: seeing,
      'attention.head_count': 2,
      num_channels: 3,
      patch_size: 14,
      spatial_merge_size: 2,
      window_size: 112,
    }),
    f32('qwen25vl.vision.attention.layer_norm_epsilon', 1e-6),
    i32s('qwen25vl.vision.fullatt_block_indexes', 1),
  ]
  return randomModel('qwen25vl', sizes, [...layers, ...encoder], fields)
}

export function qwen3vl(): Buffer {
  const block = (index: number): Weight[] => [
    ...norm(`v.blk.${index}.norm1`, seeing),
    ...norm(`v.blk.${index}.norm2`, seeing),
    ...['attn_q', 'attn_k', 'attn_v', 'attn_out'].flatMap(part =>
      withBias(`v.blk.${index}.${part}`, seeing, seeing).map(
        ([name, shape, value]): Weight =>
          part === 'attn_v' || name.endsWith('bias') ? [name, shape, value] : [name, shape, value, 'F16'],
      ),
    ),
    ...withBias(`v.blk.${index}.mlp.linear_fc1`, seeing, wide),
    ...withBias(`v.blk.${index}.mlp.linear_fc2`, wide, seeing),
  ]
  const merger = (name: string, size: number): Weight[] => [
    ...norm(`${name}.norm`, size),
    ...withBias(`${name}.linear_fc1`, 4 * seeing, 4 * seeing),
    ...withBias(`${name}.linear_fc2`, 4 * seeing, width),
  ]
  const encoder: Weight[] = [
    ['v.patch_embed.weight', [14, 14, 2, 3 * seeing], undefined, 'F16'],
    ['v.patch_embed.bias', [seeing]],
    ['v.pos_embed.weight', [seeing, 64], undefined, 'F16'],
    ...block(0),
    ...block(1),
    ...merger('v.merger', seeing),
    ...merger('v.deepstack_merger.0', 4 * seeing),
  ]
  const layers = [0, 1].flatMap(index =>
    layer(index, {
      head: 128,
      heads: 2,
      kv: 1,
      own: [
        [`blk.${index}.attn_norm.weight`, [width], one],
        [`blk.${index}.ffn_norm.weight`, [width], one],
        [`blk.${index}.attn_output.weight`, [256, width]],
        [`blk.${index}.attn_q_norm.weight`, [128], one],
        [`blk.${index}.attn_k_norm.weight`, [128], one],
      ],
    }),
  )
  const sizes = {
    block_count: 2,
    feed_forward_length: 128,
    'attention.head_count': 2,
    'attention.head_count_kv': 1,
    'attention.key_length': 128,
    'attention.value_length': 128,
  }
  const fields = [
    f32('qwen3vl.attention.layer_norm_rms_epsilon', 1e-6),
    ...counts('qwen3vl.vision', {
      block_count: 2,
      embedding_length: seeing,
      'attention.head_count': 2,
      num_channels: 3,
      patch_size: 14,
      spatial_merge_size: 2,
    }),
    f32('qwen3vl.vision.attention.layer_norm_epsilon', 1e-6),
    i32s('qwen3vl.vision.deepstack_visual_indexes', 0),
  ]
  return randomModel('qwen3vl', sizes, [...layers, ...encoder], fields)
}

/**
 * The fixture that talks, as a Mistral 3 with Pixtral's encoder inside: the same layers as Llama's under another name.
 * What it says is as sensible as before; what it sees means nothing.
 */
export async function mistral3(): Promise<Buffer> {
  const path = fixture('tiny-chat-q8_0.gguf')
  const header = await readHeader(path)
  const bytes = readFileSync(path)
  const textWidth = Number(header.entries.get('llama.embedding_length')?.value)
  const block = 'v.blk.0'
  const encoder: Weight[] = [
    ['v.patch_conv.weight', [14, 14, 3, seeing], undefined, 'F16'],
    ['v.encoder_norm.weight', [seeing], one],
    [`${block}.attn_norm.weight`, [seeing], one],
    [`${block}.ffn_norm.weight`, [seeing], one],
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map(
      (part): Weight => [`${block}.${part}.weight`, [seeing, seeing], undefined, 'F16'],
    ),
    [`${block}.ffn_gate.weight`, [seeing, wide]],
    [`${block}.ffn_up.weight`, [seeing, wide]],
    [`${block}.ffn_down.weight`, [wide, seeing]],
    ['mm.norm.weight', [seeing], one],
    ['mm.patch_merger.merging_layer.weight', [4 * seeing, seeing]],
    ['mm.linear_1.weight', [seeing, textWidth]],
    ['mm.linear_2.weight', [textWidth, textWidth]],
  ]
  const fields = [
    ...counts('mistral3.vision', {
      block_count: 1,
      embedding_length: seeing,
      feed_forward_length: wide,
      'attention.head_count': 2,
      image_size: 112,
      patch_size: 14,
      num_channels: 3,
    }),
    ...counts('mistral3', { spatial_merge_size: 2 }),
    f32('mistral3.vision.rope.freq_base', 10_000),
  ]
  const kept = [...header.entries.values()].filter(({ key }) => key !== 'general.architecture')
  const raw = kept.map(({ key, start, end }) =>
    Buffer.concat([
      ggufString(key.replace(/^llama\./, 'mistral3.')),
      bytes.subarray(start + 8 + Buffer.byteLength(key), end),
    ]),
  )
  const own = Buffer.alloc(Math.ceil((bytes.length - header.dataOffset) / 32) * 32)
  own.set(bytes.subarray(header.dataOffset))
  const added = randomTensors(encoder)
  return buildGguf({
    raw: { bytes: Buffer.concat(raw), count: raw.length },
    fields: [['general.architecture', 8, 'mistral3'], ...fields],
    tensors: [
      ...header.tensors,
      ...added.tensors.map(tensor => ({ ...tensor, offset: own.length + Number(tensor.offset) })),
    ],
    data: Buffer.concat([own, added.data]),
  })
}

/** The projector of the fixture that sees, without a word of what it is, as the first of LLaVA's had it. */
export async function firstLlavaProjector(): Promise<Buffer> {
  const path = fixture('mmproj-tiny.gguf')
  const header = await readHeader(path)
  const bytes = readFileSync(path)
  const kept = [...header.entries.values()].filter(({ key }) => key !== 'clip.projector_type')
  const raw = kept.map(({ start, end }) => bytes.subarray(start, end))
  return buildGguf({
    raw: { bytes: Buffer.concat(raw), count: raw.length },
    tensors: header.tensors,
    data: bytes.subarray(header.dataOffset),
  })
}
