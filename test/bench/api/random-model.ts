import { open, readFile } from 'node:fs/promises'
import { readArray } from '../../../main/gguf/arrays.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { GgufType, isArray, tensorBytes } from '../../../main/gguf/types.ts'
import { buildGguf, type Field, type TensorSpec } from '../../unit/gguf/build-gguf.ts'

/** The shape of a llama of 135M parameters with tied embeddings. */
const shape = { layers: 30, width: 576, heads: 9, kvHeads: 3, feedForward: 1536, vocabulary: 49_152, context: 8192 }

/** Numbers of ggml.h and llama.h. */
const [f32, q8, fileTypeQ8] = [0, 8, 7]
const tokenType = { normal: 1, control: 3 }

/** Bytes of 32 weights in Q8_0: a half-precision scale and a byte each. */
const q8Block = 34

const embedding = 'token_embd.weight'

interface Tensor extends TensorSpec {
  readonly shape: readonly number[]
}

/** Counts up what looks like chance and is the same at every call (Numerical Recipes' generator). */
function randomWords(): () => number {
  let seed = 1
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed
  }
}

/**
 * Writes a model that computes like a real one of 135M parameters and says nothing: random Q8_0 weights, and the
 * vocabulary of `base` extended to 49,152 tokens by merging its own. Its end-of-sequence token is never the likeliest.
 */
export async function writeRandomModel(path: string, base: string): Promise<void> {
  const random = randomWords()
  const vocabulary = await extendedVocabulary(base, random)
  const tensors = layout()
  const sizes: Record<string, number> = {
    block_count: shape.layers,
    context_length: shape.context,
    embedding_length: shape.width,
    feed_forward_length: shape.feedForward,
    'attention.head_count': shape.heads,
    'attention.head_count_kv': shape.kvHeads,
    vocab_size: shape.vocabulary,
  }
  const fields: Field[] = [
    ['general.architecture', GgufType.string, 'llama'],
    ['general.file_type', GgufType.u32, fileTypeQ8],
    ...Object.entries(sizes).map(([key, value]): Field => [`llama.${key}`, GgufType.u32, value]),
    ['llama.attention.layer_norm_rms_epsilon', GgufType.f32, 1e-5],
    ['llama.rope.freq_base', GgufType.f32, 10_000],
    ...vocabulary.fields,
  ]
  const file = await open(path, 'w')
  try {
    await file.write(buildGguf({ fields, tensors, raw: vocabulary.raw, data: Buffer.alloc(0) }))
    for (const { type, name, shape: sides } of tensors) {
      const bytes = type === f32 ? ones(bytesOf(type, sides)) : randomWeights(bytesOf(type, sides), random)
      // A row of zeros has a logit of zero: among so many random ones it is never the largest.
      if (name === embedding) {
        const row = bytesOf(type, sides.slice(0, 1))
        for (const token of vocabulary.control) bytes.fill(0, token * row, (token + 1) * row)
      }
      await file.write(bytes)
    }
  } finally {
    await file.close()
  }
}

/** The tokens of another model and more of them, each two of the earlier ones merged. */
async function extendedVocabulary(base: string, random: () => number) {
  const { entries } = await readHeader(base)
  const array = async (key: string) => {
    const value = entries.get(`tokenizer.ggml.${key}`)?.value
    if (!isArray(value)) throw new Error(`${base} has no ${key}`)
    return readArray(base, value)
  }
  const tokens = (await array('tokens')) as string[]
  const types = (await array('token_type')) as number[]
  const merges = (await array('merges')) as string[]
  const parts = tokens.filter(
    (token, index) => types[index] === tokenType.normal && /^Ġ?[a-z]+$/.test(token) && token.length < 8,
  )
  const known = new Set(tokens)
  while (tokens.length < shape.vocabulary) {
    const [left, right] = [parts[random() % parts.length]!, parts[(random() >>> 8) % parts.length]!]
    if (right.startsWith('Ġ') || known.has(left + right)) continue
    known.add(left + right)
    tokens.push(left + right)
    types.push(tokenType.normal)
    merges.push(`${left} ${right}`)
  }
  const fields: Field[] = [
    ['tokenizer.ggml.tokens', GgufType.array, [GgufType.string, tokens]],
    ['tokenizer.ggml.token_type', GgufType.array, [GgufType.i32, types]],
    ['tokenizer.ggml.merges', GgufType.array, [GgufType.string, merges]],
  ]
  const file = await readFile(base)
  const scalars = [...entries.values()].filter(({ key, value }) => key.startsWith('tokenizer.') && !isArray(value))
  return {
    fields,
    raw: { bytes: Buffer.concat(scalars.map(({ start, end }) => file.subarray(start, end))), count: scalars.length },
    control: types.flatMap((type, token) => (type === tokenType.control ? [token] : [])),
  }
}

function layout(): Tensor[] {
  const { width, heads, kvHeads, feedForward } = shape
  const kvWidth = (width / heads) * kvHeads
  const weights: [name: string, sides: number[]][] = [
    [embedding, [width, shape.vocabulary]],
    ['output_norm.weight', [width]],
  ]
  for (let layer = 0; layer < shape.layers; layer++) {
    const sides = {
      attn_norm: [width],
      attn_q: [width, width],
      attn_k: [width, kvWidth],
      attn_v: [width, kvWidth],
      attn_output: [width, width],
      ffn_norm: [width],
      ffn_gate: [width, feedForward],
      ffn_up: [width, feedForward],
      ffn_down: [feedForward, width],
    }
    for (const [part, side] of Object.entries(sides)) weights.push([`blk.${layer}.${part}.weight`, side])
  }
  let offset = 0
  return weights.map(([name, sides]) => {
    const type = sides.length === 1 ? f32 : q8
    const tensor = { name, shape: sides, type, offset }
    offset += bytesOf(type, sides)
    return tensor
  })
}

const bytesOf = (type: number, sides: readonly number[]): number => tensorBytes(type, sides)!

const ones = (bytes: number): Buffer => Buffer.from(new Float32Array(bytes / 4).fill(1).buffer)

function randomWeights(bytes: number, random: () => number): Buffer {
  const data = Buffer.alloc(bytes)
  for (let block = 0; block < bytes; block += q8Block) {
    // About 2^-11 as a half: the products of a layer stay near one.
    data.writeUInt16LE(0x1000 + ((random() >>> 8) & 0xff), block)
    for (let at = 2; at < q8Block; at += 4) data.writeUInt32LE(random(), block + at)
  }
  return data
}
