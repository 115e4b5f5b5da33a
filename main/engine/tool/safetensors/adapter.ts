import { float32, string, uint32 } from '../../../gguf/encoding.ts'
import { readHeader } from '../../../gguf/header.ts'
import { architectureOf, natural } from '../../../gguf/metadata.ts'
import type { GgufHeader } from '../../../gguf/types.ts'
import { Problem } from '../../../problem.ts'
import { decoderPairs } from './architectures/decoder.ts'
import { gemma2Pairs } from './architectures/gemma.ts'
import { type NamePairs, renaming, withoutRoom } from './architectures/naming.ts'
import { belowArchitecture, type Plan } from './plan.ts'
import type { Fields } from './source/fields.ts'
import type { ModelFolder } from './source/model-folder.ts'
import { readWeights } from './source/weights.ts'
import { asIs, interleaveHalves, transpose } from './tensors/read.ts'
import type { SourceTensor, Tensor } from './tensors/tensor.ts'
import { unusable } from './unusable.ts'

export const adapterConfig = 'adapter_config.json'

/** Names by the base's architecture (upstream convert/convert.go has llama and gemma2). */
const namesByArchitecture: Readonly<Record<string, NamePairs>> = {
  llama: decoderPairs,
  mistral3: decoderPairs,
  qwen2: decoderPairs,
  qwen3: decoderPairs,
  phi3: decoderPairs,
  gemma: decoderPairs,
  gemma2: gemma2Pairs,
  gemma3: gemma2Pairs,
}

/** Those whose queries and keys have their rows in another order than Hugging Face's. */
const rotaryRows = new Set(['llama', 'mistral3'])

/** The two factors of a change, as PEFT and as MLX call them. */
const factors: NamePairs = [
  ['lora_A.weight', 'weight.lora_a'],
  ['lora_B.weight', 'weight.lora_b'],
  ['lora_a', 'weight.lora_a'],
  ['lora_b', 'weight.lora_b'],
]

/**
 * Plans the GGUF of a LoRA adapter.
 * @param base the GGUF of the model it was made for
 * @throws Problem 400, in upstream's words where it has them
 */
export async function planAdapter(folder: ModelFolder, base: string | undefined): Promise<Plan> {
  if (base === undefined) throw new Problem('invalid-request', 400, 'no base model was found')
  const header = await readHeader(base)
  const architecture = architectureOf(header)
  const pairs = namesByArchitecture[architecture]
  if (!pairs) throw new Problem('unsupported-architecture', 400, 'unsupported architecture')
  const rename = renaming([...factors, ...pairs])
  const config = await folder.fields(adapterConfig)
  const heads = headCounts(header, architecture)
  const tensors: Tensor[] = []
  const names = new Set<string>()
  for (const source of await readWeights(folder)) {
    const name = rename(withoutRoom(source.name.replace(/^base_model\.model\./, '')))
    if (names.has(name)) throw unusable(`duplicate tensor name '${name}' was found for this model`)
    names.add(name)
    tensors.push(await factor({ ...source, name }, header, rotaryRows.has(architecture) ? heads : undefined))
  }
  return {
    architecture,
    metadata: {
      'general.architecture': string(architecture),
      'general.type': string('adapter'),
      'general.version': string('v0.2'),
      'general.file_type': uint32(1),
      'adapter.type': string('lora'),
      'adapter.lora.alpha': float32(alpha(config, tensors)),
      ...belowArchitecture(architecture, {
        'attention.head_count': uint32(heads.q),
        'attention.head_count_kv': uint32(heads.k),
      }),
    },
    tensors,
    warnings: [],
  }
}

/**
 * What the change is multiplied by, before llama.cpp divides it by the rank.
 * @throws Problem where nothing says it: llama.cpp would take the change as it is, many times too weak or too strong
 */
function alpha(config: Fields, tensors: readonly Tensor[]): number {
  const mlx = config.section('lora_parameters')
  const scale = mlx.number('scale')
  if (scale !== undefined) {
    // mlx-lm multiplied by scale * alpha / rank (tuner/lora.py) until alpha went, and then lora_layers became
    // num_layers.
    const before = config.has('num_layers') ? undefined : mlx.number('alpha')
    return scale * (before ?? rankOf(tensors))
  }
  const given = mlx.number('alpha') ?? config.number('lora_alpha')
  if (given === undefined) throw unusable(`parse ${config.file}: it says neither "lora_alpha" nor a "scale"`)
  // A GGUF has one alpha for all, which llama.cpp divides by each factor's own rank.
  if (config.section('alpha_pattern').entries().length > 0) throw severalStrengths(config)
  if (!config.flag('use_rslora')) return given
  if (config.section('rank_pattern').entries().length > 0) throw severalStrengths(config)
  // Rank-stabilised LoRA divides by the root of the rank.
  return given * Math.sqrt(config.neededCount('r'))
}

function severalStrengths({ file }: Fields): Problem {
  return unusable(`parse ${file}: it gives some tensors a strength of their own, which a GGUF cannot have`)
}

/** Rows of each first factor; one alpha can stand for one of them alone. */
function rankOf(tensors: readonly Tensor[]): number {
  const ranks = new Set(tensors.filter(({ name }) => name.endsWith('.lora_a')).map(({ shape }) => shape[0]!))
  const [rank] = ranks
  if (rank === undefined || ranks.size > 1) throw unusable(`the adapter has ${ranks.size} ranks, and one scale`)
  return rank
}

interface HeadCounts {
  readonly q: number
  readonly k: number
}

function headCounts(header: GgufHeader, architecture: string): HeadCounts {
  const q = natural(header, `${architecture}.attention.head_count`) ?? 0
  return { q, k: natural(header, `${architecture}.attention.head_count_kv`) || q }
}

/**
 * A factor as llama.cpp has it: A of rank rows, B of rank columns. Where the base's rows are reordered, B's are, as it
 * is B that makes rows of the base; upstream reorders A, which turns queries and keys into others.
 */
async function factor(source: SourceTensor, base: GgufHeader, heads: HeadCounts | undefined): Promise<Tensor> {
  const [, changed, side] = /^(.+)\.lora_([ab])$/.exec(source.name) ?? []
  if (changed === undefined) throw unusable(`tensor ${JSON.stringify(source.name)} is no part of a LoRA adapter`)
  if (!base.tensors.some(({ name }) => name === changed)) throw unusable(`the base model has no tensor ${changed}`)
  const [rows, columns] = source.shape
  if (source.shape.length !== 2) throw unusable(`tensor ${source.name} is no matrix`)
  const upright = side === 'a' ? rows! > columns! : rows! < columns!
  const matrix = upright ? await transpose(source) : source
  const [, kind] = /\.attn_([qk])\.weight\.lora_b$/.exec(source.name) ?? []
  return kind && heads ? interleaveHalves(matrix, kind === 'q' ? heads.q : heads.k) : asIs(matrix)
}
