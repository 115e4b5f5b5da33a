import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * A safetensors folder of about a gigabyte made into a GGUF, against `cp` of the same weights. Each conversion runs in
 * a process of its own, whose peak of memory counts; turns alternate, so that both meet the same machine.
 */

export interface ConversionFigures {
  /** Bytes of the weights. */
  readonly bytes: number
  /** Milliseconds, the median. */
  readonly copy: number
  readonly convert: number
  /** Bytes of resident memory, the largest peak. */
  readonly peakMemory: number
}

const turns = 3
const layerCount = 16
const [Width, FeedForward, Tokens] = [2048, 5632, 128_000]

/** BF16 as today's models have it; `F32` makes every element be converted. */
export async function measureConversion(type: 'BF16' | 'F32' = 'BF16'): Promise<ConversionFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-convert-'))
  try {
    const bytes = await writeModel(folder, type)
    const copies: number[] = []
    const conversions: { milliseconds: number; peakMemory: number }[] = []
    for (let turn = 0; turn < turns; turn++) {
      const started = performance.now()
      execFileSync('cp', [join(folder, 'model.safetensors'), join(folder, 'copy')])
      copies.push(performance.now() - started)
      await rm(join(folder, 'copy'))
      conversions.push(await convertInChild(folder))
    }
    return {
      bytes,
      copy: median(copies),
      convert: median(conversions.map(({ milliseconds }) => milliseconds)),
      peakMemory: Math.max(...conversions.map(({ peakMemory }) => peakMemory)),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function convertInChild(folder: string): Promise<{ milliseconds: number; peakMemory: number }> {
  const child = fork(join(import.meta.dirname, 'conversion-child.ts'), [folder], { execArgv: ['--import', 'tsx'] })
  const [figures] = await once(child, 'message')
  await once(child, 'exit')
  return figures
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** A Llama of a gigabyte in BF16 that knows nothing, with a vocabulary as large as Llama 3's. */
async function writeModel(folder: string, type: 'BF16' | 'F32'): Promise<number> {
  const shapes: Record<string, readonly number[]> = {
    'model.embed_tokens.weight': [Tokens, Width],
    'model.norm.weight': [Width],
  }
  // As many layers as make the weights a gigabyte.
  const layers = type === 'BF16' ? layerCount / 2 : layerCount / 8
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`
    for (const part of ['q', 'k', 'v', 'o']) shapes[`${at}.self_attn.${part}_proj.weight`] = [Width, Width]
    for (const part of ['gate', 'up']) shapes[`${at}.mlp.${part}_proj.weight`] = [FeedForward, Width]
    shapes[`${at}.mlp.down_proj.weight`] = [Width, FeedForward]
    for (const norm of ['input', 'post_attention']) shapes[`${at}.${norm}_layernorm.weight`] = [Width]
  }
  const elementBytes = type === 'BF16' ? 2 : 4
  let at = 0
  const header = Object.entries(shapes).map(([name, shape]) => {
    const start = at
    at += shape.reduce((product, length) => product * length, elementBytes)
    return [name, { dtype: type, shape, data_offsets: [start, at] }] as const
  })
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = await open(join(folder, 'model.safetensors'), 'wx')
  try {
    await file.writeFile(Buffer.concat([length, text]))
    const numbers = new Uint8Array(Float32Array.from({ length: 2 ** 20 }, (_, i) => Math.sin(i) / 8).buffer)
    for (let written = 0; written < at; written += numbers.length) {
      await file.writeFile(numbers.subarray(0, Math.min(numbers.length, at - written)))
    }
  } finally {
    await file.close()
  }
  await writeTexts(folder, layers)
  return at
}

async function writeTexts(folder: string, layers: number): Promise<void> {
  const config = {
    architectures: ['LlamaForCausalLM'],
    hidden_size: Width,
    intermediate_size: FeedForward,
    num_hidden_layers: layers,
    num_attention_heads: 32,
    num_key_value_heads: 32,
    max_position_embeddings: 8192,
    vocab_size: Tokens,
  }
  const words = Array.from({ length: Tokens }, (_, id) => `token-${id}`)
  const tokenizer = {
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      merges: words.map((word, id) => [word, String(id)]),
    },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
}
