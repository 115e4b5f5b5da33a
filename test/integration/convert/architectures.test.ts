import { beforeAll, describe, expect, it } from 'vitest'
import type { TokenLogprob } from '../../../main/engine/engine.ts'
import {
  type BuiltTensor,
  bpeTokenizer,
  bpeTokens,
  buildSafetensors,
  buildSentencePiece,
  type Content,
  f32,
  spmPieces,
} from '../../unit/engine/tool/safetensors/build-folder.ts'
import {
  attention,
  bertFiles,
  bertShapes,
  biases,
  decoder,
  feedForward,
  folder,
  fused,
  head,
  headNorms,
  norms,
  outerNorms,
  randomTensors,
  sizes,
  spmAsJsonFiles,
  spmFiles,
  spmTokens,
} from '../../unit/engine/tool/safetensors/tiny-models.ts'
import { answer, ask, chatModel, startEngine } from '../engine/engine.ts'
import { convertingFolder, type Gguf } from './converted.ts'

const { convert } = convertingFolder()

const plain = { ...attention, ...feedForward, ...norms }
const four = { ...plain, ...outerNorms }

/** The likeliest tokens after a text, with their log probabilities, as llama.cpp computes them. */
async function likeliest({ path }: Gguf): Promise<(readonly [string, number])[]> {
  const engine = await startEngine({ ...chatModel, modelPath: path, contextSize: 256 })
  try {
    const { pieces } = await answer(engine, ask('abab and so on, abab', { maxTokens: 4, logprobs: 5 }))
    const top = pieces.flatMap(({ logprobs }) => logprobs ?? []).flatMap((entry: TokenLogprob) => entry.top ?? [])
    expect(top.length).toBeGreaterThanOrEqual(5)
    return top.map(({ bytes, logprob }) => [Buffer.from(bytes).toString('hex'), logprob])
  } finally {
    await engine.dispose()
  }
}

const near = (entries: readonly (readonly [string, number])[]) =>
  entries.map(([token, logprob]) => [token, expect.closeTo(logprob, 2)])

// llama.cpp turns Qwen 2's queries and keys as Hugging Face does, and Llama's in the other order: with their rows
// rightly reordered, the same weights are the same model.
describe('one set of weights is one model, whatever architecture it is given as', () => {
  const weights = randomTensors(decoder({ ...plain, ...biases }, head))
  let qwen: Awaited<ReturnType<typeof likeliest>>
  beforeAll(async () => {
    qwen = await likeliest((await convert(folder('Qwen2ForCausalLM', {}, weights))).gguf)
  })

  it.each([
    ['Llama', 'LlamaForCausalLM', 'llama', {}],
    ['Mistral', 'MistralForCausalLM', 'llama', { head_dim: 16, sliding_window: null }],
    ['Ministral 3', 'Ministral3ForCausalLM', 'mistral3', { rope_theta: null, rope_parameters: { rope_theta: 10_000 } }],
  ])('%s', async (_, name, architecture, config) => {
    const { gguf, converted } = await convert(folder(name, config, weights))
    expect(converted).toEqual({ kind: 'model', architecture, warnings: [] })
    expect(await likeliest(gguf)).toEqual(near(qwen))
  })

  // Mistral Small 3.1 and Ministral 3 come like this, and were refused.
  it.each([
    ['mistral', 'llama', { head_dim: 16 }],
    ['ministral3', 'mistral3', { rope_theta: null, rope_parameters: { rope_theta: 10_000 } }],
  ])('%s that sees, its text alone', async (model_type, architecture, more) => {
    const inRoom = (name: string) =>
      name.startsWith('model.') ? name.replace('model.', 'model.language_model.') : name
    const tensors = {
      ...Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [inRoom(name), tensor])),
      'model.vision_tower.patch_conv.weight': f32([1, 1], [1]),
      'model.multi_modal_projector.linear_1.weight': f32([1, 1], [1]),
    }
    const { gguf, converted } = await convert({
      ...folder('Mistral3ForConditionalGeneration', {}, tensors),
      'config.json': {
        architectures: ['Mistral3ForConditionalGeneration'],
        text_config: { ...sizes, ...more, model_type },
        vision_config: { num_hidden_layers: 24 },
      },
    })
    expect(converted).toEqual({ kind: 'model', architecture, warnings: ['text-alone'] })
    expect(await likeliest(gguf)).toEqual(near(qwen))
  })

  it('Phi 3, with its matrices put together', async () => {
    const own = randomTensors(decoder(plain, head))
    const joined: Record<string, BuiltTensor> = {}
    const together = (...names: string[]): BuiltTensor => {
      const parts = names.map(name => own[name]!)
      const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0)
      return { type: 'F32', shape: [rows, 64], data: Buffer.concat(parts.map(({ data }) => data)) }
    }
    for (const [name, tensor] of Object.entries(own)) {
      const [, layer] = /^(.*)\.self_attn\.q_proj\.weight$/.exec(name) ?? []
      if (layer) {
        const [q, k, v] = ['q', 'k', 'v'].map(part => `${layer}.self_attn.${part}_proj.weight`) as [
          string,
          string,
          string,
        ]
        joined[`${layer}.self_attn.qkv_proj.weight`] = together(q, k, v)
        joined[`${layer}.mlp.gate_up_proj.weight`] = together(
          `${layer}.mlp.gate_proj.weight`,
          `${layer}.mlp.up_proj.weight`,
        )
      } else if (!/(k_proj|v_proj|gate_proj|up_proj)\.weight$/.test(name)) joined[name] = tensor
    }
    const { gguf, converted } = await convert(
      folder('Phi3ForCausalLM', { original_max_position_embeddings: 256 }, joined),
    )
    expect(converted.architecture).toBe('phi3')
    const other = (await convert(folder('Qwen2ForCausalLM', {}, own))).gguf
    expect(await likeliest(gguf)).toEqual(near(await likeliest(other)))
  })
})

describe('an architecture of its own is converted and runs', () => {
  it('Qwen 3', async () => {
    const tensors = randomTensors(decoder({ ...plain, ...headNorms }))
    const { gguf, converted } = await convert(folder('Qwen3ForCausalLM', { head_dim: 16 }, tensors))
    expect(converted.architecture).toBe('qwen3')
    expect(await gguf.metadata()).toMatchObject({
      'qwen3.attention.key_length': 16,
      'qwen3.attention.value_length': 16,
    })
    // Not permuted: what differs from the source is precision alone, and these numbers fit into F16.
    expect(gguf.numbers('blk.1.attn_q.weight')).toEqual(values(tensors['model.layers.1.self_attn.q_proj.weight']!))
    expect(gguf.numbers('blk.1.attn_q_norm.weight')).toEqual(values(tensors['model.layers.1.self_attn.q_norm.weight']!))
    await likeliest(gguf)
  })

  it.each([
    ['Gemma', 'GemmaForCausalLM', 'gemma', plain, {}, {}],
    [
      'Gemma 2',
      'Gemma2ForCausalLM',
      'gemma2',
      four,
      { sliding_window: 32, attn_logit_softcapping: 50, final_logit_softcapping: 30 },
      {
        'gemma2.attention.sliding_window': 32,
        'gemma2.attn_logit_softcapping': 50,
        'gemma2.final_logit_softcapping': 30,
      },
    ],
    [
      'Gemma 3',
      'Gemma3ForCausalLM',
      'gemma3',
      { ...four, ...headNorms },
      { sliding_window: 32, sliding_window_pattern: 2, rope_theta: null },
      {
        'gemma3.attention.sliding_window_pattern': [true, false],
        'gemma3.rope.freq_base': 1_000_000,
        'gemma3.rope.freq_base_swa': 10_000,
      },
    ],
  ])('%s, whose norms get one added', async (_, name, architecture, block, config, metadata) => {
    const tensors = randomTensors(decoder(block, {}, spmTokens))
    // A copy of the embeddings, which no Gemma of these has a use for.
    const tied = architecture === 'gemma3' ? [] : [['lm_head.weight', tensors['model.embed_tokens.weight']!]]
    const { gguf, converted } = await convert(
      folder(
        name,
        { head_dim: 16, vocab_size: spmTokens, ...config },
        { ...tensors, ...Object.fromEntries(tied) },
        spmFiles,
      ),
    )
    expect(converted.architecture).toBe(architecture)
    expect(gguf.tensorNames).not.toContain('output.weight')
    for (const [from, to] of [
      ['model.norm', 'output_norm'],
      ['model.layers.1.input_layernorm', 'blk.1.attn_norm'],
    ]) {
      expect(gguf.numbers(`${to}.weight`)).toEqual(values(tensors[`${from}.weight`]!).map(value => value + 1))
    }
    expect(await gguf.metadata()).toMatchObject({
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.add_space_prefix': false,
      'tokenizer.ggml.add_bos_token': true,
      'tokenizer.ggml.bos_token_id': 1,
      ...metadata,
    })
    await likeliest(gguf)
  })

  // What the larger ones of Google look like: text in a room of its own, half its numbers left out, more rows in the
  // embeddings than there are tokens.
  it('Gemma 3 that sees, its text alone', async () => {
    const text = randomTensors(decoder({ ...four, ...headNorms }, {}, spmTokens + 3))
    const tensors = {
      ...Object.fromEntries(Object.entries(text).map(([name, tensor]) => [`language_model.${name}`, tensor])),
      'vision_tower.vision_model.embeddings.patch_embedding.weight': f32([1, 1], [1]),
      'multi_modal_projector.mm_input_projection_weight': f32([1, 1], [1]),
    }
    const { hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads } = sizes
    const config = {
      architectures: ['Gemma3ForConditionalGeneration'],
      text_config: {
        hidden_size,
        intermediate_size,
        num_hidden_layers,
        num_attention_heads,
        num_key_value_heads,
        head_dim: 16,
        sliding_window: 32,
        rope_scaling: { factor: 8, rope_type: 'linear' },
      },
      vision_config: { num_hidden_layers: 27 },
    }
    const { gguf, converted } = await convert({
      'config.json': config,
      'model.safetensors': buildSafetensors(tensors),
      ...spmFiles,
    })
    // Without a word of it, a person showed the model pictures.
    expect(converted.warnings).toEqual(['text-alone'])
    expect(gguf.tensor('token_embd.weight').shape).toEqual([64, spmTokens])
    expect(gguf.tensorNames.filter(name => /^(v|mm)\./.test(name))).toEqual([])
    expect(await gguf.metadata()).toMatchObject({
      'gemma3.context_length': 131_072,
      'gemma3.rope.scaling.type': 'linear',
      'gemma3.rope.scaling.factor': 8,
    })
    await likeliest(gguf)
  })

  // One that was trained on with another base wrote noise, and nothing was said of it.
  it.each(['Gemma', 'Gemma2'])(
    '%s with a rotation of another base, and one stretched in a way nobody knows',
    async name => {
      const tensors = randomTensors(decoder(name === 'Gemma' ? plain : four, {}, spmTokens))
      const from = async (rope: object) => {
        const config = { head_dim: 16, vocab_size: spmTokens, sliding_window: 32, ...rope }
        const { gguf, converted } = await convert(folder(`${name}ForCausalLM`, config, tensors, spmFiles))
        return { metadata: await gguf.metadata(), warnings: converted.warnings, likeliest: await likeliest(gguf) }
      }
      const usual = await from({})
      expect(usual.metadata).not.toHaveProperty(`${name.toLowerCase()}.rope.freq_base`)
      const other = await from({ rope_theta: 500_000 })
      expect(other.metadata).toMatchObject({ [`${name.toLowerCase()}.rope.freq_base`]: 500_000 })
      expect(other.likeliest).not.toEqual(near(usual.likeliest))
      expect((await from({ rope_scaling: { type: 'odd', factor: 2 } })).warnings).toEqual(['unknown-stretch'])
    },
  )

  // Read as if they were one, the bases were the defaults and the stretching was gone: longer texts came out as noise.
  it('Gemma 3 with settings by kinds of layers is the one with settings in the older form', async () => {
    const tensors = randomTensors(decoder({ ...four, ...headNorms }, {}, spmTokens))
    const common = { head_dim: 16, vocab_size: spmTokens, sliding_window: 32 }
    const older = {
      rope_theta: 500_000,
      rope_local_base_freq: 20_000,
      rope_scaling: { factor: 8, rope_type: 'linear' },
    }
    const newer = {
      rope_theta: null,
      rope_parameters: {
        full_attention: { rope_type: 'linear', factor: 8, rope_theta: 500_000 },
        sliding_attention: { rope_type: 'default', rope_theta: 20_000 },
      },
    }
    const all = []
    for (const config of [older, newer]) {
      const { gguf } = await convert(folder('Gemma3ForCausalLM', { ...common, ...config }, tensors, spmFiles))
      all.push(await gguf.metadata())
    }
    expect(all[0]).toMatchObject({ 'gemma3.rope.freq_base_swa': 20_000, 'gemma3.rope.scaling.factor': 8 })
    expect(all[1]).toEqual(all[0])
    await expect(convert(folder('Qwen2ForCausalLM', newer, tensors))).rejects.toThrow('by kinds of layers')
  })

  it.each([
    ['mean', { pooling_mode_mean_tokens: true }, 1],
    ['cls', { pooling_mode_cls_token: true }, 2],
  ])('BERT, pooled by %s', async (_, pooling, type) => {
    const tensors = {
      ...randomTensors(bertShapes),
      'embeddings.position_ids': { type: 'I64', shape: [1, 2], data: new Uint8Array(16) },
    }
    const config = { vocab_size: 11, layer_norm_eps: 1e-12, rope_theta: null }
    const { gguf, converted } = await convert(folder('BertModel', config, tensors, bertFiles(pooling)))
    expect(converted.architecture).toBe('bert')
    expect(await gguf.metadata()).toMatchObject({
      'bert.pooling_type': type,
      'bert.attention.causal': false,
      'bert.normalize_embeddings': true,
      'tokenizer.ggml.tokens': ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '▁cat', '▁dog', '▁moon', 's', '▁a', '▁.'],
      'tokenizer.ggml.cls_token_id': 2,
      'tokenizer.ggml.seperator_token_id': 3,
      'tokenizer.ggml.bos_token_id': 2,
    })
    expect(gguf.tensor('token_types.weight').type).toBe(0)
    const engine = await startEngine({ ...chatModel, modelPath: gguf.path, contextSize: 64, embeddings: true })
    try {
      // Two tokens for "cats", with [CLS] and [SEP] around.
      const { vectors, promptTokens } = await engine.embed(['cats', 'a moon.'])
      expect(promptTokens).toBe(4 + 5)
      for (const vector of vectors) {
        expect(vector).toHaveLength(64)
        expect(vector.every(Number.isFinite)).toBe(true)
      }
      expect(vectors[0]).not.toEqual(vectors[1])
    } finally {
      await engine.dispose()
    }
  })
})

// Libraries save Llama 2's and Mistral's tokenizers as tokenizer.json alone. Taken for byte-level BPE, no text fits it.
it('a SentencePiece tokenizer cuts text the same, whichever of its two files is there', async () => {
  const tensors = randomTensors(decoder(plain, head, spmTokens), 1)
  tensors['lm_head.weight'] = tensors['model.embed_tokens.weight']!
  const config = { vocab_size: spmTokens }
  const pieces = { ...spmFiles, 'tokenizer.model': buildSentencePiece(spmPieces) }
  const cut = []
  for (const files of [pieces, spmAsJsonFiles]) {
    const { gguf } = await convert(folder('MistralForCausalLM', config, tensors, files))
    const engine = await startEngine({ ...chatModel, modelPath: gguf.path, contextSize: 64 })
    try {
      cut.push(
        await Promise.all(
          ['bab abba', 'aba', 'ba ba é', '<s>ab'].map(text => engine.tokenize(text, { special: true })),
        ),
      )
    } finally {
      await engine.dispose()
    }
  }
  expect(cut[1]).toEqual(cut[0])
  // Two words, a space and a letter of two bytes: pairs were merged, and what is no piece came as bytes.
  expect(cut[0]![2]).toEqual([264, 264, 259, 3 + 0xc3, 3 + 0xa9])
})

describe('longer texts', () => {
  it("get Llama 3's divisor for each frequency", async () => {
    const scaling = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 }
    const config = { rope_scaling: { ...scaling, original_max_position_embeddings: 128 } }
    const { gguf } = await convert(folder('LlamaForCausalLM', config, randomTensors(decoder(plain, head))))
    const factors = gguf.numbers('rope_freqs.weight')
    // 2 pi 10000^(i/8) for i = 0..7 are 6.3, 19.9, 62.8, 198.7, ...: two above the band, one within, the rest below.
    const smooth = (128 / (2 * Math.PI * 10) - 1) / 3
    const expected = [1, 1, 1 / ((1 - smooth) / 8 + smooth), 8, 8, 8, 8, 8]
    expect(factors).toEqual(expected.map(value => expect.closeTo(value, 4)))
    await likeliest(gguf)
  })

  const phi3Shapes = { ...fused, ...norms }

  it("get Phi 3's two lists of divisors, and attention multiplied", async () => {
    const longFactor = [1, 1.5, 2, 3, 4, 5, 6, 7]
    const shortFactor = longFactor.map(() => 1.25)
    const config = {
      rope_scaling: { type: 'longrope', long_factor: longFactor, short_factor: shortFactor },
      original_max_position_embeddings: 64,
    }
    const { gguf } = await convert(folder('Phi3ForCausalLM', config, randomTensors(decoder(phi3Shapes, head))))
    expect(gguf.numbers('rope_factors_long.weight')).toEqual(longFactor)
    expect(gguf.numbers('rope_factors_short.weight')).toEqual(shortFactor)
    expect(await gguf.metadata()).toMatchObject({
      'phi3.rope.scaling.original_context_length': 64,
      // The root of 1 + ln 4 / ln 64.
      'phi3.rope.scaling.attn_factor': expect.closeTo(Math.sqrt(4 / 3), 5),
    })
    await likeliest(gguf)
  })

  // Told to rotate whole heads, llama.cpp refuses lists of the length Phi-4-mini has.
  it('get divisors for what Phi-4-mini rotates, in either form of its settings', async () => {
    const tensors = randomTensors(decoder(phi3Shapes, head))
    const longFactor = [1, 1.5, 2, 3, 4, 5]
    const scaling = { long_factor: longFactor, short_factor: longFactor.map(() => 1.25) }
    const older = {
      partial_rotary_factor: 0.75,
      original_max_position_embeddings: 64,
      rope_scaling: { type: 'longrope', ...scaling },
    }
    const newer = {
      rope_theta: null,
      rope_parameters: {
        ...scaling,
        rope_type: 'longrope',
        rope_theta: 10_000,
        partial_rotary_factor: 0.75,
        original_max_position_embeddings: 64,
      },
    }
    const all = []
    for (const config of [older, newer]) {
      const { gguf } = await convert(folder('Phi3ForCausalLM', config, tensors))
      all.push(await gguf.metadata())
      expect(gguf.numbers('rope_factors_long.weight')).toEqual(longFactor)
      await likeliest(gguf)
    }
    expect(all[0]).toMatchObject({ 'phi3.rope.dimension_count': 12 })
    expect(all[1]).toEqual(all[0])
    const whole = folder('Phi3ForCausalLM', { ...older, partial_rotary_factor: 1 }, tensors)
    await expect(convert(whole)).rejects.toThrow(
      'parse config.json: "long_factor" has 6 numbers, and 16 rotated elements of a head want 8',
    )
  })

  it('are stretched as YaRN says for Qwen', async () => {
    const config = { rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 64 } }
    const { gguf } = await convert(folder('Qwen2ForCausalLM', config, randomTensors(decoder(plain, head))))
    expect(await gguf.metadata()).toMatchObject({
      'qwen2.rope.scaling.type': 'yarn',
      'qwen2.rope.scaling.factor': 4,
      'qwen2.rope.scaling.original_context_length': 64,
    })
    await likeliest(gguf)
  })
})

describe('a folder in other forms', () => {
  const tensors = randomTensors(decoder(plain, head))

  it('is put together from its shards, those the index names', async () => {
    const [a, b]: [Record<string, BuiltTensor>, Record<string, BuiltTensor>] = [{}, {}]
    for (const [i, [name, tensor]] of Object.entries(tensors).entries()) (i % 2 ? a : b)[name] = tensor
    const shards = {
      'model-00001-of-00002.safetensors': buildSafetensors(a),
      'model-00002-of-00002.safetensors': buildSafetensors(b),
    }
    const weightMap = Object.fromEntries([
      ...Object.keys(a).map(name => [name, 'model-00001-of-00002.safetensors']),
      ...Object.keys(b).map(name => [name, 'model-00002-of-00002.safetensors']),
    ])
    const { 'model.safetensors': whole, ...rest } = folder('LlamaForCausalLM', {}, tensors)
    const one = (await convert({ ...rest, 'model.safetensors': whole! })).gguf
    const indexed = { ...rest, ...shards, 'model.safetensors.index.json': { weight_map: weightMap } }
    // Mistral's folders have the same weights a second time under names of its own.
    const twice = {
      ...rest,
      ...shards,
      'consolidated.safetensors': buildSafetensors({ 'tok_embeddings.weight': f32([1], [1]) }),
    }
    for (const content of [indexed, twice]) {
      const { gguf } = await convert(content)
      expect(gguf.tensorNames).toEqual(one.tensorNames)
      for (const name of one.tensorNames) expect([name, gguf.tensor(name)]).toEqual([name, one.tensor(name)])
    }
  })

  it('keeps BF16, and gives vectors all their digits', async () => {
    const brain = Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => {
        const upper = Buffer.concat(
          Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i + 2, 4 * i + 4)),
        )
        return [name, { type: 'BF16', shape, data: upper }]
      }),
    )
    const { gguf } = await convert(folder('Qwen2ForCausalLM', { torch_dtype: 'bfloat16' }, brain))
    const bf16 = 30
    expect(gguf.tensor('blk.0.ffn_up.weight').type).toBe(bf16)
    expect(gguf.tensor('blk.0.ffn_up.weight').data).toEqual(brain['model.layers.0.mlp.up_proj.weight']!.data)
    expect(gguf.numbers('output_norm.weight')).toEqual(values(tensors['model.norm.weight']!))
    await likeliest(gguf)
  })

  it('is padded to its embeddings and drops tokens that have none', async () => {
    const config = JSON.parse(JSON.stringify(bpeTokenizer))
    config.added_tokens.push({ id: 5000, content: '<|late|>', special: true })
    const more = decoder(plain, {}, bpeTokens + 6)
    const content: Content = {
      ...folder('LlamaForCausalLM', { vocab_size: bpeTokens + 6, rotary: Number.NaN }, randomTensors(more)),
      'tokenizer.json': config,
      // As Python writes it.
      'config.json': `{"architectures": ["LlamaForCausalLM"], "NaN": "NaN", "loss": NaN, "low": -Infinity, ${JSON.stringify({ ...sizes, vocab_size: bpeTokens + 6 }).slice(1)}`,
    }
    const { gguf } = await convert(content)
    const tokens = (await gguf.metadata())['tokenizer.ggml.tokens'] as string[]
    expect(tokens.slice(bpeTokens - 1)).toEqual(['<|end|>', '[PAD0]', '[PAD1]', '[PAD2]', '[PAD3]', '[PAD4]', '[PAD5]'])
    await likeliest(gguf)
  })
})

function values({ data }: BuiltTensor): number[] {
  return [...new Float32Array(Uint8Array.from(data).buffer)]
}
