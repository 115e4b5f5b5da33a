import { type GgufFileInfo, readGgufFileInfo } from 'node-llama-cpp'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'

/** What the binding does not tell of a model: its special tokens and the shape of its context. */
export interface ModelFacts {
  readonly architecture: string
  readonly trainedContextSize: number
  readonly layers: number
  readonly vocabularySize: number
  /** Tokens that steer the model and print nothing unless they are asked for: number to text and back. */
  readonly controlTokens: ReadonlyMap<number, string>
  readonly controlTexts: ReadonlySet<string>
  readonly bos?: { readonly token: number; readonly text: string }
  readonly eosText?: string
  /** Numbers the context holds for one token, keys and values together. */
  readonly cachedNumbers: number
}

/** llama.h, enum llama_token_type */
const unknown = 2
const control = 3

/** @throws Problem `broken-model-file` for a header that cannot be read or has no vocabulary */
export async function modelFacts(path: string): Promise<ModelFacts> {
  let info: GgufFileInfo
  try {
    info = await readGgufFileInfo(path, { readTensorInfo: false, logWarnings: false, sourceType: 'filesystem' })
  } catch (error) {
    throw broken(wordsOf(error))
  }
  const vocabulary = info.metadata.tokenizer?.ggml
  if (!Array.isArray(vocabulary?.tokens)) throw broken('the file holds no vocabulary')
  const texts: readonly string[] = vocabulary.tokens
  const types: readonly number[] = vocabulary.token_type ?? []
  const controlTokens = new Map<number, string>()
  for (const [token, type] of types.entries()) {
    if (type === control || type === unknown) controlTokens.set(token, texts[token] ?? '')
  }
  const bos = vocabulary.bos_token_id
  const eos = vocabulary.eos_token_id
  return {
    architecture: info.metadata.general.architecture,
    trainedContextSize: info.architectureMetadata.context_length ?? 0,
    layers: info.architectureMetadata.block_count ?? 0,
    vocabularySize: texts.length,
    controlTokens,
    controlTexts: new Set(controlTokens.values()),
    ...(texts[bos ?? -1] === undefined ? {} : { bos: { token: bos!, text: texts[bos!]! } }),
    ...(texts[eos ?? -1] === undefined ? {} : { eosText: texts[eos!]! }),
    cachedNumbers: cachedNumbers(info),
  }
}

/** A key and a value for each head of each layer; more than enough where a model shares or windows them. */
function cachedNumbers({ architectureMetadata: { attention, block_count, embedding_length } }: GgufFileInfo): number {
  const heads = largest(attention?.head_count) || 1
  const width = (embedding_length ?? 0) / heads
  const keyed = largest(attention?.head_count_kv) || heads
  return (block_count ?? 0) * keyed * ((attention?.key_length ?? width) + (attention?.value_length ?? width))
}

function largest(value: number | readonly number[] | undefined): number {
  return typeof value === 'number' ? value : Math.max(0, ...(value ?? []))
}

function broken(details: string): Problem {
  return new Problem('broken-model-file', 500, 'unable to load model: the file is damaged or incomplete', details)
}
