import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { translateFile } from '../../../../main/engine/tool/translate/translate.ts'
import { readArray } from '../../../../main/gguf/arrays.ts'
import { readHeader } from '../../../../main/gguf/header.ts'
import { isForOllama, translate } from '../../../../main/gguf/ollama/translation.ts'
import { type GgufHeader, isArray } from '../../../../main/gguf/types.ts'
import { buildGguf, type Field, type TensorSpec } from '../build-gguf.ts'

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'translation-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Shapes = Readonly<Record<string, readonly number[]>>
const [F32, F16, Q80] = [0, 1, 8]

interface Written {
  readonly header: GgufHeader
  /** Names of tensors, sorted. */
  readonly names: readonly string[]
  key(key: string): unknown
  list(key: string): Promise<unknown[]>
  numbers(name: string): Promise<number[]>
}

/** A file of an architecture, of F32 that count up through all of it, unless `data` says otherwise. */
async function source(architecture: string, fields: readonly Field[], shapes: Shapes, type = F32, data?: Buffer) {
  const specs: TensorSpec[] = []
  let offset = 0
  for (const [name, shape] of Object.entries(shapes)) {
    specs.push({ name, shape, type, offset })
    const elements = shape.reduce((size, side) => size * side, 1)
    const bytes = type === F32 ? elements * 4 : type === F16 ? elements * 2 : (elements / 32) * 34
    offset += Math.ceil(bytes / 32) * 32
  }
  const counting = Buffer.from(Float32Array.from({ length: offset / 4 }, (_, index) => index).buffer)
  const path = join(folder, `${files++}.gguf`)
  const all: Field[] = [['general.architecture', 8, architecture], ...fields]
  await writeFile(path, buildGguf({ fields: all, tensors: specs, data: data ?? counting }))
  return path
}

async function written(path: string, part: 'model' | 'projector'): Promise<Written> {
  const output = join(folder, `${files++}.gguf`)
  await translateFile({ source: path, part, output }, () => undefined)
  const header = await readHeader(output)
  const bytes = await readFile(output)
  return {
    header,
    names: header.tensors.map(({ name }) => name).sort(),
    key: key => header.entries.get(key)?.value,
    list: async key => {
      const value = header.entries.get(key)?.value
      return isArray(value) ? readArray(output, value) : []
    },
    numbers: async name => {
      const { offset, bytes: size = 0, type } = header.tensors.find(tensor => tensor.name === name)!
      expect(type).toBe(F32)
      const from = header.dataOffset + offset
      return Array.from({ length: size / 4 }, (_, index) => bytes.readFloatLE(from + 4 * index))
    },
  }
}

const strings = (key: string, ...values: string[]): Field => [key, 9, [8, values]]
const i32s = (key: string, ...values: number[]): Field => [key, 9, [5, values]]
const u32 = (key: string, value: number): Field => [key, 4, value]

describe('a file made for llama.cpp', () => {
  it.each([
    ['llama', { 'token_embd.weight': [8, 4] }, []],
    ['gemma3', { 'token_embd.weight': [8, 4] }, [['gemma3.attention.layer_norm_rms_epsilon', 6, 1e-6]]],
    ['qwen3vl', { 'token_embd.weight': [8, 4] }, [i32s('qwen3vl.rope.dimension_sections', 24, 20, 20, 0)]],
    ['mistral3', { 'token_embd.weight': [8, 4] }, []],
    ['lfm2', { 'token_embd_norm.weight': [8] }, []],
    [
      'clip',
      { 'v.patch_embd.weight': [8] },
      [
        ['clip.has_vision_encoder', 7, true],
        ['clip.projector_type', 8, 'mlp'],
      ],
    ],
  ] as [string, Shapes, Field[]][])('is left as it is: %s', async (architecture, shapes, fields) => {
    const path = await source(architecture, fields, shapes)
    const header = await readHeader(path)
    expect(isForOllama(header)).toBe(false)
    expect(await translate(path, header)).toBeUndefined()
  })
})

describe('what a file made for Ollama’s own engine becomes', () => {
  it('gpt-oss: another architecture, names that llama.cpp has, and the width its experts have', async () => {
    const path = await source('gptoss', [u32('gptoss.block_count', 1), ['tokenizer.ggml.pre', 8, 'default']], {
      'blk.0.attn_out.weight': [8, 8],
      'blk.0.attn_out.bias': [8],
      'blk.0.attn_sinks': [8],
      'blk.0.ffn_norm.weight': [8],
      'blk.0.ffn_gate_exps.weight': [8, 16, 2],
    })
    const model = await written(path, 'model')
    expect(model.names).toEqual([
      'blk.0.attn_output.bias',
      'blk.0.attn_output.weight',
      'blk.0.attn_sinks.weight',
      'blk.0.ffn_gate_exps.weight',
      'blk.0.post_attention_norm.weight',
    ])
    expect(model.key('general.architecture')).toBe('gpt-oss')
    expect(model.key('gpt-oss.block_count')).toBe(1)
    expect(model.key('gptoss.block_count')).toBeUndefined()
    expect(model.key('gpt-oss.expert_feed_forward_length')).toBe(16)
    expect(model.key('tokenizer.ggml.pre')).toBe('gpt-4o')
    expect(await model.numbers('blk.0.attn_output.weight')).toEqual(Array.from({ length: 64 }, (_, index) => index))
  })

  it('Gemma 3: a vocabulary as long as its embeddings, its encoder apart', async () => {
    const fields: Field[] = [
      u32('gemma3.context_length', 131_072),
      u32('gemma3.embedding_length', 8),
      u32('gemma3.vision.block_count', 1),
      ['gemma3.rope.global.freq_base', 6, 5],
      strings('tokenizer.ggml.tokens', 'a', 'b', 'c', '<image>'),
      ['tokenizer.ggml.scores', 9, [6, [1, 2, 3, 4]]],
      i32s('tokenizer.ggml.token_type', 1, 1, 1, 3),
    ]
    const path = await source('gemma3', fields, {
      'token_embd.weight': [8, 3],
      'v.patch_embedding.weight': [2, 2, 3, 4],
      'v.blk.0.attn_output.weight': [4, 4],
      'mm.mm_input_projection.weight': [8, 4],
    })
    const model = await written(path, 'model')
    expect(model.names).toEqual(['token_embd.weight'])
    expect(await model.list('tokenizer.ggml.tokens')).toEqual(['a', 'b', 'c'])
    expect(await model.list('tokenizer.ggml.scores')).toEqual([1, 2, 3])
    expect(await model.list('tokenizer.ggml.token_type')).toEqual([1, 1, 1])
    expect(model.key('gemma3.rope.freq_base')).toBe(5)
    expect(model.key('gemma3.rope.scaling.factor')).toBe(8)
    const projector = await written(path, 'projector')
    expect(projector.names).toEqual(['mm.input_projection.weight', 'v.blk.0.attn_out.weight', 'v.patch_embd.weight'])
    expect(projector.key('general.architecture')).toBe('clip')
    expect(projector.key('clip.vision.block_count')).toBe(1)
    expect(projector.key('clip.vision.projection_dim')).toBe(8)
    expect(projector.key('clip.has_vision_encoder')).toBe(true)
    // None of the text model's: the vocabulary alone is megabytes.
    expect([...projector.header.entries.keys()].filter(key => !/^(general|clip)\./.test(key))).toEqual([])
  })

  it('EmbeddingGemma: an architecture of its own, with the shapes of its dense layers', async () => {
    const fields: Field[] = [u32('gemma3.embedding_length', 8), ['gemma3.attention.causal', 7, true]]
    const shapes = { 'dense.0.weight': [8, 32], 'dense.1.weight': [32, 8], 'norm.weight': [8] }
    const model = await written(await source('gemma3', fields, shapes), 'model')
    expect(model.names).toEqual(['dense_2.weight', 'dense_3.weight', 'output_norm.weight'])
    expect(model.key('gemma-embedding.dense_2_feat_out')).toBe(32)
    expect(model.key('gemma-embedding.dense_3_feat_in')).toBe(32)
    expect(model.key('gemma-embedding.attention.causal')).toBeUndefined()
  })

  it('Gemma 3n: as many tokens as each layer’s own embeddings know, and the end of a turn ends', async () => {
    const fields = [
      strings('tokenizer.ggml.tokens', 'a', '<0x0A>', '<unused3>', '<image>'),
      i32s('tokenizer.ggml.token_type', 1, 1, 5, 3),
    ]
    const shapes = { 'token_embd.weight': [2, 4], 'per_layer_token_embd.weight': [2, 3], 'v.stem.weight': [2] }
    const model = await written(await source('gemma3n', fields, shapes), 'model')
    expect(model.names).toEqual(['per_layer_token_embd.weight', 'token_embd.weight'])
    expect(await model.numbers('token_embd.weight')).toEqual([0, 1, 2, 3, 4, 5])
    expect(await model.list('tokenizer.ggml.tokens')).toEqual(['a', '<0x0A>', '<unused3>'])
    expect(await model.list('tokenizer.ggml.token_type')).toEqual([1, 6, 1])
    expect(await model.list('tokenizer.ggml.eos_token_ids')).toEqual([1, 106])
  })

  it('Gemma 4: its own tokenizer, its encoder for pictures apart, that for sound left out', async () => {
    const fields: Field[] = [['tokenizer.ggml.model', 8, 'llama'], u32('gemma4.vision.block_count', 1)]
    const path = await source('gemma4', fields, {
      'blk.0.ffn_gate_inp.per_expert_scale': [4],
      'v.patch_embd.weight': [2, 2, 3, 4],
      'a.blk.0.ln1.weight': [4],
      'mm.a.fc.weight': [4],
      'mm.input_projection.weight': [4],
    })
    const model = await written(path, 'model')
    expect(model.names).toEqual(['blk.0.ffn_down_exps.scale'])
    expect(model.key('tokenizer.ggml.model')).toBe('gemma4')
    const projector = await written(path, 'projector')
    expect(projector.names).toEqual(['mm.input_projection.weight', 'v.patch_embd.weight'])
    expect(projector.key('clip.vision.projector_type')).toBe('gemma4v')
    expect(projector.key('clip.has_audio_encoder')).toBeUndefined()
  })

  it('Mistral 3: rows of queries and keys in the order they are turned, and nothing between rows of a picture', async () => {
    const fields = [
      u32('mistral3.vision.block_count', 1),
      u32('mistral3.vision.attention.head_count', 2),
      u32('mistral3.embedding_length', 4),
      ['mistral3.rope.scaling.beta_fast', 6, 32] as Field,
    ]
    const path = await source('mistral3', fields, {
      'v.blk.0.attn_q.weight': [1, 8],
      'v.blk.0.attn_v.weight': [1, 8],
      'mm.norm.weight': [4],
    })
    const projector = await written(path, 'projector')
    expect(await projector.numbers('v.blk.0.attn_q.weight')).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
    expect(await projector.numbers('v.blk.0.attn_v.weight')).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
    expect(await projector.numbers('v.token_embd.img_break')).toEqual([0, 0, 0, 0])
    expect(projector.names).toContain('mm.input_norm.weight')
    const model = await written(
      await source('mistral3', fields, { 'mm.norm.weight': [4], 'output.weight': [4] }),
      'model',
    )
    expect(model.key('mistral3.rope.scaling.yarn_beta_fast')).toBe(32)
    expect(model.names).toEqual(['output.weight'])
  })

  it('Qwen 3 VL: one tensor for queries, keys and values, a patch in two moments, deep layers by their blocks', async () => {
    const fields = [
      u32('qwen3vl.vision.block_count', 2),
      u32('qwen3vl.vision.num_channels', 3),
      i32s('qwen3vl.vision.deepstack_visual_indexes', 1),
    ]
    const path = await source('qwen3vl', fields, {
      'v.patch_embed.weight': [1, 1, 2, 6],
      'v.blk.0.attn_q.weight': [2, 2],
      'v.blk.0.attn_k.weight': [2, 2],
      'v.blk.0.attn_v.weight': [2, 2],
      'v.deepstack_merger.0.linear_fc1.weight': [2],
      'v.merger.linear_fc2.bias': [2],
    })
    const projector = await written(path, 'projector')
    expect(projector.names).toEqual([
      'mm.2.bias',
      'v.blk.0.attn_qkv.weight',
      'v.deepstack.1.fc1.weight',
      'v.patch_embd.weight',
      'v.patch_embd.weight.1',
    ])
    // (width, height, moment, channels): the even ones are of the first moment.
    expect(await projector.numbers('v.patch_embd.weight')).toEqual([0, 2, 4, 6, 8, 10])
    expect(await projector.numbers('v.patch_embd.weight.1')).toEqual([1, 3, 5, 7, 9, 11])
    expect(await projector.numbers('v.blk.0.attn_qkv.weight')).toEqual([16, 17, 18, 19, 24, 25, 26, 27, 32, 33, 34, 35])
    expect(await projector.list('clip.vision.is_deepstack_layers')).toEqual([false, true])
    const model = await written(await source('qwen3vl', fields, { 'token_embd.weight': [4] }), 'model')
    expect(model.key('qwen3vl.n_deepstack_layers')).toBe(1)
    expect(await model.list('qwen3vl.rope.dimension_sections')).toEqual([24, 20, 20, 0])
  })

  it('Qwen 3.5: one number of heads, four sections, biases by their name, no layers that guess ahead', async () => {
    const fields = [
      i32s('qwen35.attention.head_count_kv', 0, 0, 4, 0),
      i32s('qwen35.rope.dimension_sections', 11, 11, 10),
      ['qwen35.rope.mrope_interleaved', 7, true] as Field,
    ]
    const shapes = { 'blk.0.ssm_dt': [4], 'mtp.fc.weight': [4], 'token_embd.weight': [4] }
    const model = await written(await source('qwen35', fields, shapes), 'model')
    expect(model.names).toEqual(['blk.0.ssm_dt.bias', 'token_embd.weight'])
    expect(model.key('qwen35.attention.head_count_kv')).toBe(4)
    expect(await model.list('qwen35.rope.dimension_sections')).toEqual([11, 11, 10, 0])
  })

  // llama.cpp would look for the layer that was left out, and not load the model.
  it('Qwen 3.5 that counts a layer that guesses ahead among its blocks: those that are left', async () => {
    const fields = [u32('qwen35.block_count', 3), u32('qwen35.nextn_predict_layers', 1)]
    const shapes = { 'blk.0.attn_norm.weight': [4], 'blk.1.attn_norm.weight': [4], 'mtp.fc.weight': [4] }
    const model = await written(await source('qwen35', fields, shapes), 'model')
    expect(model.key('qwen35.block_count')).toBe(2)
    expect(model.header.entries.has('qwen35.nextn_predict_layers')).toBe(false)
    const native = { ...shapes, 'blk.2.nextn.eh_proj.weight': [4] }
    const kept = await written(await source('qwen35', fields, native), 'model')
    expect(kept.key('qwen35.nextn_predict_layers')).toBe(1)
    expect(kept.key('qwen35.block_count')).toBe(3)
  })

  it('Llama 4: the adapter’s layers apart from those of the encoder’s blocks', async () => {
    const fields = [u32('llama4.vision.block_count', 1), ['llama4.vision.pixel_shuffle_ratio', 6, 0.5] as Field]
    const path = await source('llama4', fields, {
      'v.vision_adapter.mlp.fc1.weight': [4],
      'v.blk.0.mlp.fc1.weight': [4],
      'v.positional_embedding_vlm': [4],
      'mm.linear_1.weight': [4],
    })
    const projector = await written(path, 'projector')
    expect(projector.names).toEqual([
      'mm.model.fc.weight',
      'mm.model.mlp.1.weight',
      'v.blk.0.ffn_up.weight',
      'v.position_embd.weight',
    ])
    expect(projector.key('clip.vision.projector.scale_factor')).toBe(2)
  })

  it('GLM OCR: gate and up of a layer in one tensor, the gate first', async () => {
    const fields = [u32('glmocr.block_count', 1), i32s('glmocr.rope.mrope_section', 1, 2, 3)]
    const shapes = { 'blk.0.ffn_up.weight': [2, 4], 'blk.0.ffn_gate.weight': [2, 4], 'blk.0.attn_out.weight': [4] }
    const model = await written(await source('glmocr', fields, shapes), 'model')
    expect(model.names).toEqual(['blk.0.attn_output.weight', 'blk.0.ffn_up.weight'])
    expect(await model.numbers('blk.0.ffn_up.weight')).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7])
    expect(await model.list('glm4.rope.dimension_sections')).toEqual([1, 2, 3, 0])
  })

  it('GLM 4.7 Flash: the lengths of what heads share, and of one head beside them', async () => {
    const of = (key: string, value: number) => u32(`glm4moelite.${key}`, value)
    const fields = [
      of('attention.kv_lora_rank', 512),
      of('rope.dimension_count', 64),
      of('attention.key_length', 256),
      of('attention.head_count_kv', 20),
      i32s('tokenizer.ggml.eos_token_ids', 7, 8, 9),
    ]
    const model = await written(await source('glm4moelite', fields, { 'output.weight': [4] }), 'model')
    expect(model.key('deepseek2.attention.key_length')).toBe(576)
    expect(model.key('deepseek2.attention.value_length')).toBe(512)
    expect(model.key('deepseek2.attention.key_length_mla')).toBe(256)
    expect(model.key('deepseek2.attention.head_count_kv')).toBe(1)
    expect(model.key('tokenizer.ggml.eot_token_id')).toBe(8)
    expect(model.key('tokenizer.ggml.eom_token_id')).toBe(9)
  })

  it('DeepSeek OCR: two encoders, and two numbers that only shapes tell', async () => {
    const path = await source('deepseekocr', [u32('deepseekocr.sam.block_count', 1)], {
      'blk.1.ffn_down_exps.weight': [8, 2, 2],
      'blk.1.ffn_down_shexp.weight': [16, 2],
      's.blk.0.attn.rel_pos_h': [4],
      's.position_embd': [4],
      'v.blk.0.self_attn.out_proj.weight': [4],
      'mm.layers.weight': [4],
    })
    const model = await written(path, 'model')
    expect(model.key('deepseek2-ocr.expert_feed_forward_length')).toBe(8)
    expect(model.key('deepseek2-ocr.expert_shared_count')).toBe(2)
    const projector = await written(path, 'projector')
    expect(projector.names).toEqual([
      'mm.model.fc.weight',
      'v.blk.0.attn_out.weight',
      'v.sam.blk.0.attn.pos_h.weight',
      'v.sam.pos_embd.weight',
    ])
    expect(projector.key('clip.vision.sam.block_count')).toBe(1)
  })

  it('the others: a name or a number each', async () => {
    const lfm2 = await written(
      await source('lfm2', [u32('lfm2.feed_forward_length', 99)], {
        'output_norm.weight': [4],
        'blk.0.ffn_gate.weight': [4, 6],
      }),
      'model',
    )
    expect(lfm2.names).toContain('token_embd_norm.weight')
    expect(lfm2.key('lfm2.feed_forward_length')).toBe(6)
    const olmo = await written(await source('olmo3', [u32('olmo3.block_count', 3)], { 'output.weight': [4] }), 'model')
    expect(olmo.key('olmo2.block_count')).toBe(3)
    const window = [u32('laguna.rope.swa.dimension_count', 32), ['laguna.rope.swa.freq_base', 6, 10_000] as Field]
    const gates = { 'blk.0.attn_g.weight': [4], 'blk.1.attn_g.weight': [4], 'blk.1.attn_q.weight': [4] }
    const laguna = await written(await source('laguna', window, gates), 'model')
    expect(laguna.names).toEqual(['blk.0.attn_gate.weight', 'blk.1.attn_gate.weight', 'blk.1.attn_q.weight'])
    expect(laguna.key('laguna.rope.dimension_count_swa')).toBe(32)
    expect(laguna.key('laguna.rope.freq_base_swa')).toBe(10_000)
    const latent = { 'blk.1.ffn_latent_in.weight': [4, 2], 'mtp.x.weight': [4] }
    const nemotron = await written(await source('nemotron_h_moe', [], latent), 'model')
    expect(nemotron.names).toEqual(['blk.1.ffn_latent_down.weight'])
    expect(nemotron.key('nemotron_h_moe.moe_latent_size')).toBe(2)
    const omni = (...fields: Field[]) => {
      const encoders = { 'v.cls_embd': [4], 'a.x.weight': [4], 'mm.1.weight': [4] }
      const sizes = [u32('nemotron_h_omni.block_count', 2), u32('nemotron_h_omni.vision.block_count', 1)]
      return source('nemotron_h_omni', [...sizes, ...fields], { ...latent, ...encoders })
    }
    const experts = await written(await omni(u32('nemotron_h_omni.expert_count', 8)), 'model')
    expect(experts.names).toEqual(['blk.1.ffn_latent_down.weight'])
    expect(experts.key('general.architecture')).toBe('nemotron_h_moe')
    expect(experts.key('nemotron_h_moe.block_count')).toBe(2)
    expect(experts.key('nemotron_h_moe.vision.block_count')).toBeUndefined()
    const dense = await written(await omni(), 'model')
    expect(dense.key('general.architecture')).toBe('nemotron_h')
    const table = strings('tokenizer.ggml.precompiled_charsmap', ...Buffer.from('Hearth').toString('base64'))
    const arctic = await written(
      await source('bert', [['tokenizer.ggml.model', 8, 't5'], table], { 'output.weight': [4] }),
      'model',
    )
    expect(await arctic.list('tokenizer.ggml.precompiled_charsmap')).toEqual([...Buffer.from('Hearth')])
    const llava = await written(
      await source('clip', [['clip.has_vision_encoder', 7, true]], { 'v.patch_embd.weight': [4] }),
      'model',
    )
    expect(llava.key('clip.projector_type')).toBe('mlp')
  })

  it('weights in other types in full precision where llama.cpp wants that', async () => {
    const block = Buffer.alloc(64)
    block.writeUInt16LE(0x3800, 0)
    for (let i = 0; i < 32; i++) block.writeInt8(i - 16, 2 + i)
    const fields = [u32('gemma3.vision.block_count', 1)]
    const shapes = { 'v.position_embedding.weight': [32, 1] }
    const path = await source('gemma3', fields, shapes, Q80, block)
    const projector = await written(path, 'projector')
    expect(await projector.numbers('v.position_embd.weight')).toEqual(
      Array.from({ length: 32 }, (_, i) => (i - 16) / 2),
    )
    const halves = Buffer.alloc(64)
    halves.writeUInt16LE(0x3c00, 2)
    const half = await written(await source('gemma3', fields, shapes, F16, halves), 'projector')
    expect((await half.numbers('v.position_embd.weight')).slice(0, 3)).toEqual([0, 1, 0])
  })
})

describe('a file that lies', () => {
  it('claims four billion layers of an encoder it does not have', async () => {
    const fields = [u32('qwen3vl.vision.block_count', 2 ** 32 - 1)]
    const projector = await written(await source('qwen3vl', fields, { 'v.post.weight': [4] }), 'projector')
    expect(await projector.list('clip.vision.is_deepstack_layers')).toHaveLength(1)
  })

  // The value behind such a key was read from a wrong place, and the whole file came out broken.
  it('has a key that is no UTF-8', async () => {
    const path = await source('olmo3', [u32('own.caf?', 7), u32('olmo3.block_count', 3)], { 'output.weight': [4] })
    const bytes = await readFile(path)
    bytes[bytes.indexOf('own.caf?') + 7] = 0xe9
    await writeFile(path, bytes)
    const model = await written(path, 'model')
    expect(model.key('own.caf\ufffd')).toBe(7)
    expect(model.key('olmo2.block_count')).toBe(3)
  })

  it('has no part that is asked for, or one that cannot be taken apart', async () => {
    const none = await source('gptoss', [], { 'output.weight': [4] })
    await expect(written(none, 'projector')).rejects.toMatchObject({ code: 'unsupported-architecture' })
    const shapes = { 'v.patch_embedding.weight': [32, 1] }
    const path = await source('gemma3', [], shapes, 2, Buffer.alloc(32))
    await expect(written(path, 'projector')).rejects.toMatchObject({ code: 'unsupported-architecture' })
    // The first gpt-oss had MXFP4 under a number of Ollama's own, which was an internal error here.
    const own = await source('gptoss', [], { 'blk.0.ffn_gate_exps.weight': [32, 1] }, 4)
    const said = { code: 'unsupported-architecture', message: expect.stringContaining('of type 4, which is not known') }
    await expect(written(own, 'model')).rejects.toMatchObject(said)
  })

  // Zeros in their place would be an encoder that sees nothing, and says nothing of it.
  it('has patches in a type that is not known: it is refused', async () => {
    const path = await source('qwen3vl', [], { 'v.patch_embed.weight': [2, 2, 2, 6] }, 4)
    await expect(written(path, 'projector')).rejects.toMatchObject({ code: 'unsupported-architecture' })
  })
})
