import { elementCount, type GgufHeader, tensorBytes } from '../types.ts'
import { DraftMetadata } from './draft-metadata.ts'

/** Bytes of the source file that belong to one tensor: whole rows, in the type they have there. */
export interface Piece {
  /** Byte offset in the source file. */
  readonly at: number
  readonly bytes: number
  /** Number of the ggml type. */
  readonly type: number
}

/** A tensor as it is to stand in the new file. */
export interface DraftTensor {
  readonly name: string
  /** Number of the ggml type: that of its pieces, or F32, into which they are turned. */
  readonly type: number
  /** Elements per dimension, innermost first. */
  readonly shape: readonly number[]
  /** What it is made of, in order; zeros where there is nothing. */
  readonly pieces: readonly Piece[]
}

/** Number of the ggml type F32. */
export const f32 = 0

/** A name and what takes its place, each one or more of the words between the dots of a tensor's name. */
export type Renaming = readonly [from: string, to: string]

/**
 * A GGUF file made of another one: of its metadata and tensors under other names, merged, shortened or left out. Only
 * headers are held; whoever writes it reads the tensors' bytes from the source.
 */
export class Draft {
  readonly metadata: DraftMetadata
  /** In file order. */
  tensors: readonly DraftTensor[]

  constructor(
    readonly path: string,
    readonly header: GgufHeader,
  ) {
    this.metadata = new DraftMetadata(path, header.entries)
    this.tensors = header.tensors.map(({ name, type, shape, offset, bytes }) => ({
      name,
      type,
      shape,
      pieces: [{ at: header.dataOffset + offset, bytes: bytes ?? 0, type }],
    }))
  }

  tensor(name: string): DraftTensor | undefined {
    return this.tensors.find(tensor => tensor.name === name)
  }

  has(name: string): boolean {
    return this.tensor(name) !== undefined
  }

  /** Elements of one dimension, the innermost being 0; undefined where there is no such tensor. */
  length(name: string, dimension: number): number | undefined {
    return this.tensor(name)?.shape[dimension]
  }

  keep(wanted: (name: string) => boolean): void {
    this.tensors = this.tensors.filter(({ name }) => wanted(name))
  }

  /** Leaves out what belongs to other engines' parts of the file: `v.`, `mm.` and the like. */
  dropPrefixed(prefixes: readonly string[]): void {
    this.keep(name => !prefixes.some(prefix => name.startsWith(prefix)))
  }

  /** Renames one tensor, where it is there and the name is free. */
  rename(from: string, to: string): void {
    if (!this.has(to)) this.#change(from, tensor => ({ ...tensor, name: to }))
  }

  /** Renames in all tensors, one pair after the other; a pair counts once in a name. */
  renameAll(pairs: readonly Renaming[]): void {
    this.tensors = this.tensors.map(tensor => ({ ...tensor, name: renamed(tensor.name, pairs) }))
  }

  /** Gives a tensor another shape: of its bytes as they lie there, or of the first of them. */
  reshape(name: string, shape: readonly number[]): void {
    this.#change(name, tensor => {
      const [piece] = tensor.pieces
      const bytes = tensorBytes(tensor.type, shape)
      if (!piece || bytes === undefined || !(bytes <= piece.bytes)) return tensor
      return { ...tensor, shape, pieces: [{ ...piece, bytes }] }
    })
  }

  /** Has a tensor written in full precision: some of llama.cpp's graphs compute with nothing else. */
  toF32(name: string): void {
    this.#change(name, tensor => ({ ...tensor, type: f32 }))
  }

  /** Puts one tensor where the first of several was. The others go. */
  merge(names: readonly string[], merged: DraftTensor): void {
    const [first] = names
    this.tensors = this.tensors
      .filter(({ name }) => name === first || !names.includes(name))
      .map(tensor => (tensor.name === first ? merged : tensor))
  }

  /**
   * Puts several tensors behind each other along their outermost dimension, in full precision where their types differ.
   * @returns false, and changes nothing, unless all are there and fit together
   */
  concatenate(names: readonly string[], as: string): boolean {
    const parts = names.map(name => this.tensor(name)).filter(tensor => tensor !== undefined)
    const [first] = parts
    if (!first || parts.length < names.length) return false
    const inner = first.shape.slice(0, -1)
    if (parts.some(({ shape }) => shape.length !== first.shape.length || inner.some((n, i) => shape[i] !== n))) {
      return false
    }
    const outer = parts.reduce((sum, { shape }) => sum + shape.at(-1)!, 0)
    const type = parts.every(part => part.type === first.type) ? first.type : f32
    const pieces = parts.flatMap(part => part.pieces)
    this.merge(names, { name: as, type, shape: [...inner, outer], pieces })
    return true
  }

  add(tensor: DraftTensor): void {
    this.tensors = [...this.tensors, tensor]
  }

  #change(name: string, change: (tensor: DraftTensor) => DraftTensor): void {
    this.tensors = this.tensors.map(tensor => (tensor.name === name ? change(tensor) : tensor))
  }
}

/** Bytes of a tensor in the new file. */
export function draftBytes({ type, shape }: DraftTensor): number {
  return tensorBytes(type, shape) ?? Number.NaN
}

/**
 * Cuts a tensor into equal slices along everything but the given number of inner elements.
 * @returns pieces of `elements` elements each, in order; empty for a type with blocks that this would cut
 */
export function slices({ pieces: [piece], type, shape }: DraftTensor, elements: number): Piece[] {
  const bytes = tensorBytes(type, [elements])
  if (!piece || bytes === undefined || Number.isNaN(bytes)) return []
  const count = elementCount(shape) / elements
  return Array.from({ length: count }, (_, i) => ({ at: piece.at + i * bytes, bytes, type: piece.type }))
}

/** `from` counts only where it is whole words: `attn_out` is not found in `attn_output`. */
function renamed(name: string, pairs: readonly Renaming[]): string {
  return pairs.reduce((name, [from, to]) => {
    const found = `.${name}.`.indexOf(`.${from}.`)
    return found < 0 ? name : name.slice(0, found) + to + name.slice(found + from.length)
  }, name)
}
