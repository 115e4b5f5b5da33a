import { type GgufTensor, GgufType } from './types.ts'

/** The pieces a GGUF file is written of, little-endian. */

/** The version of the format that new files are written in. */
export const ggufVersion = 3
/** Bytes of the length in front of a string. */
const lengthBytes = 8

/** A metadata value ready to be written; the functions below make them. */
export interface EncodedValue {
  readonly type: number
  readonly bytes: Buffer
}

export function uint32(value: number): EncodedValue {
  return { type: GgufType.u32, bytes: u32(value) }
}

export function float32(value: number): EncodedValue {
  return { type: GgufType.f32, bytes: Buffer.from(new Float32Array([value]).buffer) }
}

export function bool(value: boolean): EncodedValue {
  return { type: GgufType.bool, bytes: Buffer.from([value ? 1 : 0]) }
}

export function string(value: string): EncodedValue {
  return { type: GgufType.string, bytes: text(value) }
}

export function strings(values: readonly string[]): EncodedValue {
  // One buffer for all: a vocabulary is hundreds of thousands.
  const bytes = Buffer.alloc(values.reduce((sum, value) => sum + lengthBytes + Buffer.byteLength(value), 0))
  let at = 0
  for (const value of values) {
    const length = bytes.write(value, at + lengthBytes)
    bytes.writeBigUInt64LE(BigInt(length), at)
    at += lengthBytes + length
  }
  return array(GgufType.string, values.length, bytes)
}

export function float32s(values: readonly number[]): EncodedValue {
  return array(GgufType.f32, values.length, Buffer.from(new Float32Array(values).buffer))
}

export function int32s(values: readonly number[]): EncodedValue {
  return array(GgufType.i32, values.length, Buffer.from(new Int32Array(values).buffer))
}

/** An array of bytes. */
export function bytes(values: Buffer): EncodedValue {
  return array(GgufType.u8, values.length, values)
}

export function bools(values: readonly boolean[]): EncodedValue {
  return array(GgufType.bool, values.length, Buffer.from(values.map(Number)))
}

function array(elementType: number, length: number, elements: Buffer): EncodedValue {
  return { type: GgufType.array, bytes: Buffer.concat([u32(elementType), u64(length), elements]) }
}

/** One metadata entry. */
export function entry(key: string, { type, bytes }: EncodedValue): Buffer {
  return entryAsIs(key, Buffer.concat([u32(type), bytes]))
}

/**
 * A metadata entry whose value another file had.
 * @param value its type and its bytes, as they stand there
 */
export function entryAsIs(key: string, value: Buffer): Buffer {
  return Buffer.concat([text(key), value])
}

/** A tensor whose place in the file follows from those before it. */
export interface PlacedTensor extends Pick<GgufTensor, 'name' | 'type' | 'shape'> {
  readonly bytes: number
}

/**
 * All that comes before the tensors' data, which follows in the order given, each tensor padded to the alignment.
 * @param entries metadata entries as they are to stand in the file
 */
export function fileHeader(
  version: number,
  entries: readonly Buffer[],
  tensors: readonly PlacedTensor[],
  alignment: number,
): Buffer {
  let offset = 0
  const records = tensors.map(({ name, type, shape, bytes }) => {
    const record = [text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]
    offset += bytes + paddingBytes(bytes, alignment)
    return Buffer.concat(record)
  })
  const counts = [u64(tensors.length), u64(entries.length)]
  const head = Buffer.concat([Buffer.from('GGUF'), u32(version), ...counts, ...entries, ...records])
  return Buffer.concat([head, padding(head.length, alignment)])
}

/** How many zeros follow `bytes` bytes, up to the next multiple of `alignment`. */
export function paddingBytes(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment - bytes
}

/** Those zeros. */
export function padding(bytes: number, alignment: number): Buffer {
  return Buffer.alloc(paddingBytes(bytes, alignment))
}

/** A string with its length before it. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
