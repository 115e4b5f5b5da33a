/** What a GGUF file is made of (ggml's docs/gguf.md); numbers are those of ggml.h and llama.h. */

/** Type of a metadata value, as stored. */
export const GgufType = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const

/** Bytes of one element; a string's is that of its length, an array's that of its type and length. */
export const minValueBytes: Readonly<Record<number, number>> = {
  [GgufType.u8]: 1,
  [GgufType.i8]: 1,
  [GgufType.u16]: 2,
  [GgufType.i16]: 2,
  [GgufType.u32]: 4,
  [GgufType.i32]: 4,
  [GgufType.f32]: 4,
  [GgufType.bool]: 1,
  [GgufType.string]: 8,
  [GgufType.array]: 12,
  [GgufType.u64]: 8,
  [GgufType.i64]: 8,
  [GgufType.f64]: 8,
}

/** Integers beyond 2^53 are bigints; an f32 is the shortest decimal that reads back as the same f32. */
export type GgufScalar = number | bigint | boolean | string

/** An array is only located when the header is read: vocabularies are large and seldom wanted. */
export interface GgufArray {
  readonly elementType: number
  readonly length: number
  /** Byte offset of the first element in the file. */
  readonly position: number
}

export type GgufValue = GgufScalar | GgufArray

export function isArray(value: GgufValue | undefined): value is GgufArray {
  return typeof value === 'object'
}

/** One metadata entry with the bytes it takes in the file, so that it can be copied as it is. */
export interface GgufEntry {
  readonly key: string
  readonly value: GgufValue
  readonly start: number
  readonly end: number
}

export interface GgufTensor {
  readonly name: string
  /** Number of the ggml type. */
  readonly type: number
  /** Elements per dimension, innermost first (ne order). */
  readonly shape: readonly number[]
  /** Bytes from the start of the data section. */
  readonly offset: number
  /** Bytes of data; undefined for a type this table does not know. */
  readonly bytes: number | undefined
}

export interface GgufHeader {
  readonly version: number
  /** Entries in file order; no key appears twice. */
  readonly entries: ReadonlyMap<string, GgufEntry>
  readonly tensors: readonly GgufTensor[]
  /** Tensor data starts at a multiple of it, and so does each tensor in it. */
  readonly alignment: number
  /** Byte offset of the data section in the file. */
  readonly dataOffset: number
  readonly fileSize: number
}

/** Name, elements per block, bytes per block (ggml.c, type_traits; sizes from ggml-common.h). */
type TensorType = readonly [name: string, elements: number, bytes: number]

const tensorTypes: Readonly<Record<number, TensorType>> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 36],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
  40: ['NVFP4', 64, 36],
  41: ['Q1_0', 128, 18],
  42: ['Q2_0', 64, 18],
}

/** A tensor type as Ollama prints it, e.g. `Q4_K`; `unknown` for a number without a name. */
export function tensorTypeName(type: number): string {
  return tensorTypes[type]?.[0] ?? 'unknown'
}

/**
 * Bytes a tensor takes.
 * @param shape elements per dimension, innermost first
 * @returns undefined for an unknown type; NaN when a row is not a whole number of blocks
 */
export function tensorBytes(type: number, shape: readonly number[]): number | undefined {
  const traits = tensorTypes[type]
  if (!traits) return undefined
  const [, blockElements, blockBytes] = traits
  if ((shape[0] ?? 1) % blockElements !== 0) return Number.NaN
  return (elementCount(shape) / blockElements) * blockBytes
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** Names of `general.file_type` (llama.h, llama_ftype). */
const fileTypes: Readonly<Record<number, string>> = {
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4_MOE',
  39: 'NVFP4',
  40: 'Q1_0',
  41: 'Q2_0',
}

/** A file type as Ollama prints it. 0, which is F32, reads `unknown`: upstream takes it for "not set". */
export function fileTypeName(fileType: number): string {
  return fileTypes[fileType] ?? 'unknown'
}

/**
 * The number of a file type by its name; F32 has one here, 0.
 * @throws RangeError for a name that is none
 */
export function fileTypeNumber(name: string): number {
  return name === 'F32' ? 0 : numberOf(name, Object.entries(fileTypes))
}

/**
 * The number of a tensor type by its name.
 * @throws RangeError for a name that is none
 */
export function tensorTypeNumber(name: string): number {
  return numberOf(
    name,
    Object.entries(tensorTypes).map(([number, [known]]) => [number, known]),
  )
}

function numberOf(name: string, types: readonly (readonly [number: string, name: string])[]): number {
  const found = types.find(([, known]) => known === name)
  if (!found) throw new RangeError(`there is no type ${name}`)
  return Number(found[0])
}
