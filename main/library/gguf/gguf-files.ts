import { stat } from 'node:fs/promises'
import { readArray } from '../../gguf/arrays.ts'
import { readHeader } from '../../gguf/header.ts'
import { type GgufHeader, type GgufScalar, isArray, tensorTypeName } from '../../gguf/types.ts'
import type { GgufFacts } from '../model.ts'
import { factsOf, parameterCount } from './facts.ts'

/** Headers kept; one of a large vocabulary model weighs about as much as its tensor list, some hundred kilobytes. */
const keptHeaders = 16
const keptFacts = 1024
/** Elements of arrays given out for one file; a vocabulary with scores, types and merges stays below. */
const maxArrayElements = 8_000_000

/** One entry of `model_info`: `null` stands for an array left out. */
export type MetadataValue = GgufScalar | null | readonly GgufScalar[]

export interface TensorInfo {
  readonly name: string
  /** e.g. `Q4_K`. */
  readonly type: string
  /** Elements per dimension, innermost first. */
  readonly shape: readonly number[]
}

/** Reads GGUF headers, each once as long as the file stays what it was (same inode, size and time of change). */
export class GgufFiles {
  readonly #headers = new Cache<GgufHeader>(keptHeaders)
  readonly #facts = new Cache<GgufFacts>(keptFacts)

  /** @throws Problem `broken-model-file`, or the file system's error */
  async header(path: string): Promise<GgufHeader> {
    return this.#headers.get(path, await stamp(path), () => readHeader(path))
  }

  /** @throws Problem `broken-model-file`, or the file system's error */
  async facts(path: string): Promise<GgufFacts> {
    return this.#facts.get(path, await stamp(path), async () => factsOf(path, await this.header(path)))
  }

  /**
   * All metadata as /api/show's `model_info` has it: sorted by key, without the name and the chat template, with
   * `general.parameter_count` (upstream server/routes.go).
   * @param options.arrays whether arrays are given in full; otherwise a non-empty one is null
   */
  async metadata(path: string, options: { arrays?: boolean } = {}): Promise<Record<string, MetadataValue>> {
    const header = await this.header(path)
    const info: [string, MetadataValue][] = [['general.parameter_count', parameterCount(header)]]
    let budget = options.arrays ? maxArrayElements : 0
    for (const { key, value } of header.entries.values()) {
      if (key === 'general.name' || key === 'tokenizer.chat_template' || key === 'general.parameter_count') continue
      if (!isArray(value)) info.push([key, value])
      else if (value.length > budget) info.push([key, null])
      else {
        budget -= value.length
        info.push([key, value.length === 0 ? [] : await readArray(path, value)])
      }
    }
    return Object.fromEntries(info.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  async tensors(path: string): Promise<TensorInfo[]> {
    const { tensors } = await this.header(path)
    return tensors.map(({ name, type, shape }) => ({ name, type: tensorTypeName(type), shape }))
  }
}

async function stamp(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true })
  return `${ino}:${size}:${mtimeNs}`
}

/** The last used values by path, each valid for one stamp of its file; a failure is not kept. */
class Cache<T> {
  readonly #entries = new Map<string, { stamp: string; value: Promise<T> }>()

  constructor(private readonly limit: number) {}

  async get(path: string, stamp: string, read: () => Promise<T>): Promise<T> {
    const cached = this.#entries.get(path)
    const entry = cached?.stamp === stamp ? cached : { stamp, value: read() }
    this.#entries.delete(path)
    this.#entries.set(path, entry)
    if (this.#entries.size > this.limit) this.#entries.delete(this.#entries.keys().next().value!)
    try {
      return await entry.value
    } catch (error) {
      if (this.#entries.get(path) === entry) this.#entries.delete(path)
      throw error
    }
  }
}
