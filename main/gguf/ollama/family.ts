import { natural } from '../metadata.ts'
import type { GgufHeader } from '../types.ts'
import type { Draft } from './draft.ts'

/**
 * How files of one architecture, made for Ollama's own engine, differ from what llama.cpp reads (upstream
 * llama/compat/llama-ollama-compat.cpp, which changes them in memory while they load).
 */
export interface Family {
  /** Whether it is such a file, and not one made for llama.cpp. */
  readonly matches: (header: GgufHeader) => boolean
  /** Tensors of the encoders of pictures and sound and of what leads from them to the model, by how they begin. */
  readonly encoders?: readonly string[]
  /** Makes a draft of the file one of the model alone; the encoders' tensors are left out already. */
  readonly model: (draft: Draft) => void | Promise<void>
  /** Makes a draft of the file's encoder for pictures a projector's; it has the encoders' tensors and all metadata. */
  readonly projector?: (draft: Draft) => void | Promise<void>
}

export function hasTensor(header: GgufHeader, ...prefixes: readonly string[]): boolean {
  return header.tensors.some(({ name }) => prefixes.some(prefix => name.startsWith(prefix)))
}

export function hasKey(header: GgufHeader, ...keys: readonly string[]): boolean {
  return keys.some(key => header.entries.has(key))
}

/** How many layers a key says there are; never more than tensors, whatever a stranger's file claims. */
export function layersOf(header: GgufHeader, key: string): number {
  return Math.min(natural(header, key) ?? 0, header.tensors.length)
}

export const always = (): boolean => true
