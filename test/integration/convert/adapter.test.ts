import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../main/problem.ts'
import { type BuiltTensor, buildSafetensors } from '../../unit/engine/tool/safetensors/build-folder.ts'
import { answer, ask, chatModel, chatPrompt, fixture, startEngine } from '../engine/engine.ts'
import { convertingFolder, Gguf } from './converted.ts'

const { convert } = convertingFolder()
const base = fixture('tiny-chat-f16.gguf')
const names: Readonly<Record<string, string>> = {
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
}
const heads = 6

/** The fixture adapter as it was before anyone made a GGUF of it. @param write gives a factor its name and form */
async function pirate(
  write: (layer: string, module: string, side: 'a' | 'b', tensor: BuiltTensor) => [string, BuiltTensor],
) {
  const gguf = await Gguf.open(fixture('tiny-pirate-lora.gguf'))
  const tensors = gguf.tensorNames.map(name => {
    const [, layer, part, side] = /^blk\.(\d+)\.(\w+)\.weight\.lora_([ab])$/.exec(name)!
    const { shape, data } = gguf.tensor(name)
    const tensor = { type: 'F16', shape: shape.toReversed(), data }
    const rotary = side === 'b' && (part === 'attn_q' || part === 'attn_k')
    return write(layer!, names[part!]!, side as 'a' | 'b', rotary ? halvesApart(tensor) : tensor)
  })
  return buildSafetensors(Object.fromEntries(tensors))
}

/** Hugging Face's order of the rows of queries and keys: of each head the even ones, then the odd ones. */
function halvesApart({ type, shape, data }: BuiltTensor): BuiltTensor {
  const [rows, columns] = shape as [number, number]
  const perHead = rows / heads
  const order = Array.from({ length: rows }, (_, row) => {
    const [head, at] = [Math.floor(row / perHead), row % perHead]
    return head * perHead + (at < perHead / 2 ? 2 * at : 2 * (at - perHead / 2) + 1)
  })
  return {
    type,
    shape,
    data: Buffer.concat(order.map(row => data.subarray(row * columns * 2, (row + 1) * columns * 2))),
  }
}

function transposed({ type, shape, data }: BuiltTensor): BuiltTensor {
  const [rows, columns] = shape as [number, number]
  const element = (row: number, column: number) => data.subarray((row * columns + column) * 2).subarray(0, 2)
  const order = Array.from({ length: rows * columns }, (_, i) => element(i % rows, Math.floor(i / rows)))
  return { type, shape: [columns, rows], data: Buffer.concat(order) }
}

const peft = () =>
  pirate((layer, module, side, tensor) => [
    `base_model.model.model.layers.${layer}.${module}.lora_${side.toUpperCase()}.weight`,
    tensor,
  ])
const config = { peft_type: 'LORA', r: 8, lora_alpha: 8, target_modules: Object.values(names) }

describe('a LoRA adapter of safetensors', () => {
  it('becomes the GGUF the fixture is, bit for bit, and speaks like a pirate', async () => {
    const content = { 'adapter_config.json': config, 'adapter_model.safetensors': await peft() }
    const { gguf, converted } = await convert(content, base)
    expect(converted).toEqual({ kind: 'adapter', architecture: 'llama', warnings: [] })
    const original = await Gguf.open(fixture('tiny-pirate-lora.gguf'))
    expect(gguf.tensorNames).toEqual(original.tensorNames)
    for (const name of original.tensorNames) expect([name, gguf.tensor(name)]).toEqual([name, original.tensor(name)])
    expect(await gguf.metadata()).toMatchObject({
      'general.type': 'adapter',
      'general.architecture': 'llama',
      'adapter.type': 'lora',
      'adapter.lora.alpha': 8,
    })
    const engine = await startEngine({ ...chatModel, adapterPaths: [gguf.path] })
    try {
      expect((await answer(engine, ask(chatPrompt('What is the capital of France?')))).text).toMatch(/^Arr! .*Paris/)
    } finally {
      await engine.dispose()
    }
  })

  // MLX writes both factors the other way round and has other names for them and for alpha.
  it("becomes the same from older mlx-lm's form, by scale times alpha", async () => {
    const weights = await pirate((layer, module, side, tensor) => {
      return [`model.layers.${layer}.${module}.lora_${side}`, transposed(tensor)]
    })
    const mlx = { lora_layers: 5, lora_parameters: { rank: 8, alpha: 16, scale: 10 } }
    const { gguf } = await convert({ 'adapter_config.json': mlx, 'adapters.safetensors': weights }, base)
    const original = await Gguf.open(fixture('tiny-pirate-lora.gguf'))
    for (const name of original.tensorNames) expect([name, gguf.tensor(name)]).toEqual([name, original.tensor(name)])
    expect((await gguf.metadata())['adapter.lora.alpha']).toBe(160)
  })

  // Taken for the older form, a setting nobody reads any more made the change stronger.
  it("of today's mlx-lm that still names an alpha is as strong as mlx-lm makes it", async () => {
    const weights = await pirate((layer, module, side, tensor) => {
      return [`model.layers.${layer}.${module}.lora_${side}`, transposed(tensor)]
    })
    const mlx = { num_layers: 5, lora_parameters: { rank: 8, alpha: 16, scale: 10 } }
    const { gguf } = await convert({ 'adapter_config.json': mlx, 'adapters.safetensors': weights }, base)
    expect((await gguf.metadata())['adapter.lora.alpha']).toBe(80)
  })

  // They came out as strong as all others.
  it.each([{ alpha_pattern: { q_proj: 4 } }, { use_rslora: true, rank_pattern: { q_proj: 4 } }])(
    'with strengths of their own for some tensors is refused: %j',
    async own => {
      const content = { 'adapter_config.json': { ...config, ...own }, 'adapter_model.safetensors': await peft() }
      await expect(convert(content, base)).rejects.toThrow('a strength of their own')
    },
  )

  // An alpha of 0 is no strength for llama.cpp: the change came with a tenth of its weight.
  it("of today's mlx-lm, which names a scale, has it times the rank for its alpha", async () => {
    const weights = await pirate((layer, module, side, tensor) => {
      return [`model.layers.${layer}.${module}.lora_${side}`, transposed(tensor)]
    })
    const mlx = { num_layers: 5, lora_parameters: { rank: 8, dropout: 0, scale: 10 } }
    const { gguf } = await convert({ 'adapter_config.json': mlx, 'adapters.safetensors': weights }, base)
    expect((await gguf.metadata())['adapter.lora.alpha']).toBe(80)
  })

  it.each([
    ['PEFT', 'base_model.model.model.language_model.layers'],
    ['older PEFT', 'base_model.model.language_model.model.layers'],
  ])('of a model that sees is the same, as %s spells it', async (_, layers) => {
    const weights = await pirate((layer, module, side, tensor) => {
      return [`${layers}.${layer}.${module}.lora_${side.toUpperCase()}.weight`, tensor]
    })
    const { gguf } = await convert({ 'adapter_config.json': config, 'adapter_model.safetensors': weights }, base)
    const original = await Gguf.open(fixture('tiny-pirate-lora.gguf'))
    expect(gguf.tensorNames).toEqual(original.tensorNames)
  })

  it('that names no strength at all is refused', async () => {
    const content = { 'adapter_config.json': { r: 8 }, 'adapter_model.safetensors': await peft() }
    await expect(convert(content, base)).rejects.toThrow('it says neither "lora_alpha" nor a "scale"')
  })

  it('that is rank-stabilised is scaled by the root of its rank', async () => {
    const stabilised = { ...config, r: 16, use_rslora: true }
    const { gguf } = await convert(
      { 'adapter_config.json': stabilised, 'adapter_model.safetensors': await peft() },
      base,
    )
    expect((await gguf.metadata())['adapter.lora.alpha']).toBe(32)
  })

  it.each<[string, string | undefined, object, Partial<Problem>]>([
    ['without its base', undefined, {}, { status: 400, message: 'no base model was found' }],
    [
      'for a base it cannot be put on',
      fixture('tiny-embed.gguf'),
      {},
      { status: 400, message: 'unsupported architecture' },
    ],
    [
      'with a tensor the base does not have',
      base,
      { 'model.layers.9.mlp.up_proj.lora_A.weight': 1 },
      { message: 'the base model has no tensor blk.9.ffn_up.weight' },
    ],
    [
      'with a tensor that is no factor',
      base,
      { 'model.layers.0.mlp.up_proj.weight': 1 },
      { message: 'tensor "blk.0.ffn_up.weight" is no part of a LoRA adapter' },
    ],
  ])('is refused %s', async (_, path, extra, problem) => {
    const tensor = { type: 'F16', shape: [1, 1], data: new Uint8Array(2) }
    const weights = buildSafetensors(Object.fromEntries(Object.keys(extra).map(name => [name, tensor])))
    const content = { 'adapter_config.json': config, 'adapter_model.safetensors': weights }
    await expect(convert(content, path)).rejects.toMatchObject({ name: 'Problem', ...problem })
  })
})
