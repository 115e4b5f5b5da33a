import type { Storage } from '../source/storage.ts'
import { unusable } from '../unusable.ts'
import type { ElementType } from './element-type.ts'

/** A tensor as it lies in the folder. */
export interface SourceTensor {
  readonly name: string
  /** As safetensors calls it, e.g. `F32`; not necessarily one that can be read. */
  readonly type: string
  /** Elements per dimension, outermost first, as in safetensors; at least one dimension. */
  readonly shape: readonly number[]
  readonly storage: Storage
}

/** A tensor on its way into the GGUF. */
export interface Tensor {
  readonly name: string
  /** Type of the elements in `chunks`. */
  readonly type: ElementType
  /** Outermost dimension first. */
  readonly shape: readonly number[]
  /**
   * The elements in order, whole ones in each chunk. A chunk is good until the next is asked for; its bytes begin at
   * the beginning of their ArrayBuffer.
   */
  chunks(): AsyncGenerator<Uint8Array>
}

/**
 * Bytes read at once. What is read is written at once, so that a chunk is best still in the processor's cache: two
 * megabytes took four times as long as half of one.
 */
export const chunkBytes = 512 * 1024

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** @throws Problem in upstream's words for a type that is none of the three */
export function elementType({ type }: Pick<SourceTensor, 'type'>): ElementType {
  if (type === 'F32' || type === 'F16' || type === 'BF16') return type
  throw unusable(`unknown data type: ${type}`)
}
