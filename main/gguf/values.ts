import { brokenModelFile } from './broken.ts'
import type { ByteReader } from './byte-reader.ts'
import { type GgufScalar, GgufType, minValueBytes } from './types.ts'

/** Limits far above what any real file has, far below what would hurt. */
export const maxStringBytes = 64 * 1024 * 1024
const maxStrings = 4_194_304

/** Reads one value that is no array; `key` is for the message when its type is unknown. */
export async function readScalar(reader: ByteReader, type: number, key: string): Promise<GgufScalar> {
  if (type === GgufType.string) return readString(reader, maxStringBytes, JSON.stringify(key))
  const size = minValueBytes[type]
  if (size === undefined) throw unknownType(type, key)
  await reader.need(size)
  return takeFixed(reader, type)
}

/** A value of fixed size that the reader already holds. */
export function takeFixed(reader: ByteReader, type: number): GgufScalar {
  switch (type) {
    case GgufType.u8:
      return reader.u8()
    case GgufType.i8:
      return reader.i8()
    case GgufType.u16:
      return reader.u16()
    case GgufType.i16:
      return reader.i16()
    case GgufType.u32:
      return reader.u32()
    case GgufType.i32:
      return reader.i32()
    case GgufType.f32:
      return shortestFloat32(reader.f32())
    case GgufType.bool:
      return reader.u8() !== 0
    case GgufType.u64:
      return narrow(reader.u64())
    case GgufType.i64:
      return narrow(reader.i64())
    default:
      return reader.f64()
  }
}

/** The problem of a type number that GGUF does not have, or not there. */
export function unknownType(type: number, key: string): Error {
  return brokenModelFile(`${JSON.stringify(key)} has a value of unknown type ${type}`)
}

function narrow(value: bigint): number | bigint {
  return BigInt.asIntN(54, value) === value ? Number(value) : value
}

/**
 * The double whose shortest decimal is that of the f32: 9.999999747378752e-6, read from a file, is 0.00001 as people
 * and Go's float32 print it.
 */
function shortestFloat32(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits))
    if (Math.fround(candidate) === value) return candidate
  }
  return Number(value.toPrecision(9))
}

export async function readString(reader: ByteReader, limit: number, what: string): Promise<string> {
  if (!reader.has(8)) await reader.need(8)
  const bytes = reader.length64()
  if (bytes > reader.remaining) throw brokenModelFile(`${what} claims ${bytes} bytes, more than the file has`)
  if (bytes > limit) throw brokenModelFile(`${what} is ${bytes} bytes long, more than is sensible`)
  if (!reader.has(bytes)) await reader.need(bytes)
  return reader.utf8(bytes)
}

/** Passes over strings, looking at nothing but their lengths. */
export async function skipStrings(reader: ByteReader, length: number): Promise<void> {
  if (length > maxStrings) throw brokenModelFile(`a list of ${length} strings is more than is sensible`)
  for (let i = 0; i < length; i++) {
    if (!reader.has(8)) await reader.need(8)
    reader.skip(reader.length64())
  }
}
