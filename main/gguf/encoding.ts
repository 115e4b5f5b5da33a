import type { GgufTensor } from './types.ts'

/** The pieces a GGUF file is written of, little-endian. */

/** What the header says of one tensor. */
export function tensorRecord({ name, shape, type, offset }: Omit<GgufTensor, 'bytes'>): Buffer {
  return Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)])
}

/** The next multiple of `alignment`. */
export function roundUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

/** The zeros that follow `bytes` bytes, up to the next multiple of `alignment`. */
export function padding(bytes: number, alignment: number): Buffer {
  return Buffer.alloc(roundUp(bytes, alignment) - bytes)
}

/** A string with its length before it. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
