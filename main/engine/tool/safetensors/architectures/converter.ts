import type { EncodedValue } from '../../../../gguf/encoding.ts'
import type { ModelWarning } from '../../../tool-engine.ts'
import type { Fields } from '../source/fields.ts'
import type { ModelFolder } from '../source/model-folder.ts'
import type { SourceTensor, Tensor } from '../tensors/tensor.ts'
import type { Tokenizer } from '../tokenizer/vocabulary.ts'

/** How the models of one architecture become GGUF. */
export interface Converter {
  /** `general.architecture`. */
  readonly architecture: string
  /**
   * Metadata by key; a key without a room of its own (`general.`, `tokenizer.`) belongs to the architecture. What is
   * undefined is left out.
   */
  readonly metadata: Readonly<Record<string, EncodedValue | undefined>>
  readonly blocks: number
  /** Gives a tensor its name in GGUF; undefined drops it. */
  rename(name: string): string | undefined
  /** Tensors the model must have, each with `.weight` behind it; it may have a `.bias` too. */
  readonly tensors: TensorNames
  /** What the elements of a tensor, already renamed, are put through; as they are when left out. */
  adapt?(tensor: SourceTensor): Tensor
  /** Tensors the folder does not have. */
  readonly added?: readonly Tensor[]
  /** What may be worse than in the model it is made of. */
  readonly warnings?: readonly ModelWarning[]
  /** What the tokenizer is put through. */
  readonly tokenizer?: (tokenizer: Tokenizer) => Tokenizer
  /** Tokens to pad the vocabulary to, the embeddings beyond which are cut; otherwise it is padded to the embeddings. */
  readonly cutEmbeddingsAt?: number
}

export interface TensorNames {
  readonly once: readonly string[]
  readonly optional: readonly string[]
  /** In each block. */
  readonly inBlock: readonly string[]
}

/** Reads what an architecture says of itself in config.json and, for some, in further files. */
export type Architecture = (config: Fields, folder: ModelFolder) => Converter | Promise<Converter>
