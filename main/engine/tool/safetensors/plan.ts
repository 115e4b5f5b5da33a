import type { EncodedValue } from '../../../gguf/encoding.ts'
import type { ModelWarning } from '../../tool-engine.ts'
import type { Tensor } from './tensors/tensor.ts'

/** A GGUF to be written. */
export interface Plan {
  readonly architecture: string
  /** By whole key. */
  readonly metadata: Readonly<Record<string, EncodedValue>>
  readonly tensors: readonly Tensor[]
  readonly warnings: readonly ModelWarning[]
}

/** Keys stand below the architecture unless they say otherwise (upstream fs/ggml/gguf.go). */
export function belowArchitecture(
  architecture: string,
  metadata: Readonly<Record<string, EncodedValue | undefined>>,
): Record<string, EncodedValue> {
  const entries = Object.entries(metadata).filter((entry): entry is [string, EncodedValue] => entry[1] !== undefined)
  return Object.fromEntries(
    entries.map(([key, value]) => [/^(general|tokenizer|adapter)\./.test(key) ? key : `${architecture}.${key}`, value]),
  )
}
