import { string, strings, uint32 } from '../../../gguf/encoding.ts'
import { misfit } from '../../../gguf/shapes.ts'
import { GgufType } from '../../../gguf/types.ts'
import { repeatedToken } from '../../../gguf/vocabulary.ts'
import { goQuote } from '../../../go/text.ts'
import { Problem } from '../../../problem.ts'
import type { Converter } from './architectures/converter.ts'
import { isOfSight } from './architectures/naming.ts'
import { architectures } from './architectures/table.ts'
import { belowArchitecture, type Plan } from './plan.ts'
import type { Fields } from './source/fields.ts'
import { decodeFp8, hfFp8 } from './source/fp8.ts'
import type { ModelFolder } from './source/model-folder.ts'
import { readWeights } from './source/weights.ts'
import { asIs, firstRows } from './tensors/read.ts'
import type { SourceTensor, Tensor } from './tensors/tensor.ts'
import { padded, readTokenizer } from './tokenizer/tokenizer.ts'
import { type Tokenizer, tokenizerMetadata } from './tokenizer/vocabulary.ts'
import { unusable } from './unusable.ts'

const embeddings = 'token_embd.weight'

/** What `general.file_type` says of every converted model, also of one in BF16 (upstream convert/convert.go). */
const fileTypeF16 = 1
/** ggml.h, GGML_QNT_VERSION. */
const quantizationVersion = 2

/**
 * Plans the GGUF of a model's folder.
 * @throws Problem `unsupported-architecture`; `broken-model-file` for all else that keeps it from being made
 */
export async function planModel(folder: ModelFolder): Promise<Plan> {
  const config = await folder.fields('config.json')
  const converter = await converterFor(config, folder)
  const { architecture } = converter
  const sources = await readWeights(folder)
  const weights = decodeFp8(sources, config)
  const tensors = named(converter, weights.tensors)
  checkComplete(converter, tensors)

  const [rows = 0] = tensors.get(embeddings)!.shape
  const tokenizer = await readTokenizer(folder, rows)
  const { cutEmbeddingsAt } = converter
  const known = tokenizer.vocabulary.tokens.length
  const length = cutEmbeddingsAt === undefined ? rows : Math.min(rows, Math.max(cutEmbeddingsAt, known))
  const padding = { ...tokenizer, vocabulary: padded(tokenizer.vocabulary, length) }
  const whole = converter.tokenizer?.(padding) ?? padding
  checkTokens(whole)
  const plan: Plan = {
    architecture,
    metadata: {
      'general.architecture': string(architecture),
      'general.file_type': uint32(fileTypeF16),
      'general.quantization_version': uint32(quantizationVersion),
      ...belowArchitecture(architecture, {
        vocab_size: uint32(length),
        ...converter.metadata,
        ...(weights.fp8.length > 0 && {
          source_quantization: string(hfFp8),
          source_fp8_tensors: strings(weights.fp8.map(name => converter.rename(name) ?? name)),
        }),
      }),
      ...tokenizerMetadata(whole),
    },
    tensors: [...[...tensors.values()].map(tensor => adapted(converter, tensor, length)), ...(converter.added ?? [])],
    warnings: [
      ...(converter.warnings ?? []),
      ...(tokenizer.vocabulary.pre === undefined ? (['unknown-cut'] as const) : []),
      ...(sources.some(({ name }) => isOfSight(name)) ? (['text-alone'] as const) : []),
    ],
  }
  checkShapes(plan, length)
  return plan
}

/** llama.cpp would say so too, but only once gigabytes are written. @param tokens in the vocabulary */
function checkShapes({ architecture, metadata, tensors }: Plan, tokens: number): void {
  const number = (key: string) => {
    const value = metadata[key]
    return value?.type === GgufType.u32 ? value.bytes.readUInt32LE() : value && Number.NaN
  }
  const shapes = tensors.map(({ name, shape }) => ({ name, shape: shape.toReversed() }))
  const reason = misfit({ architecture, number, tokens, tensors: shapes })
  if (reason !== undefined) throw unusable(`the weights do not fit config.json: ${reason}`)
}

/** llama.cpp would end its process over it. */
function checkTokens({ vocabulary }: Tokenizer): void {
  const reason = repeatedToken(vocabulary.tokens.map(({ text }) => text))
  if (reason !== undefined) throw unusable(`the tokenizer cannot be used: ${reason}`)
}

async function converterFor(config: Fields, folder: ModelFolder): Promise<Converter> {
  const [name] = config.texts('architectures')
  if (name === undefined) throw unsupported('unknown architecture')
  if (!Object.hasOwn(architectures, name)) throw unsupported(`unsupported architecture ${goQuote(name)}`)
  return architectures[name]!(config, folder)
}

function unsupported(message: string): Problem {
  return new Problem('unsupported-architecture', 500, message)
}

function named(converter: Converter, sources: readonly SourceTensor[]): Map<string, SourceTensor> {
  const tensors = new Map<string, SourceTensor>()
  for (const source of sources) {
    const name = converter.rename(source.name)
    if (name === undefined) continue
    if (tensors.has(name)) throw unusable(`duplicate tensor name '${name}' was found for this model`)
    if (!belongs(converter, name))
      throw unusable(`tensor ${goQuote(source.name)} is unknown for ${converter.architecture}`)
    tensors.set(name, { ...source, name })
  }
  return tensors
}

function belongs({ tensors, blocks }: Converter, name: string): boolean {
  const [, block, part] = /^(?:blk\.(\d+)\.)?(.+)\.(?:weight|bias)$/.exec(name) ?? []
  if (part === undefined) return false
  if (block === undefined) return [...tensors.once, ...tensors.optional].includes(part)
  return Number(block) < blocks && tensors.inBlock.includes(part)
}

/** llama.cpp would say so too, but only once gigabytes are written. */
function checkComplete({ tensors: { once, inBlock }, blocks }: Converter, tensors: ReadonlyMap<string, SourceTensor>) {
  const check = (name: string) => {
    if (!tensors.has(name)) throw unusable(`tensor ${name} is missing`)
  }
  for (const part of once) check(`${part}.weight`)
  for (let block = 0; block < blocks; block++) for (const part of inBlock) check(`blk.${block}.${part}.weight`)
}

function adapted(converter: Converter, tensor: SourceTensor, rows: number): Tensor {
  if (tensor.name === embeddings && tensor.shape[0] !== rows) return firstRows(tensor, rows)
  return converter.adapt?.(tensor) ?? asIs(tensor)
}
