import { inflateSync } from 'node:zlib'
import type { Dimensions } from '../../../media/dimensions.ts'

/** Samples a pixel has, by the header's colour type. */
const channels = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])

/** Bits a sample may have. */
const depths: ReadonlySet<number | undefined> = new Set([1, 2, 4, 8, 16])

/**
 * What is wrong with a PNG's pixels, undefined when nothing is: stb_image unpacks the whole stream into memory before
 * it compares it with the header, and a file of a megabyte can unpack to a gigabyte.
 * @param size what the header claims
 */
export function pngDefect(bytes: Uint8Array, { width, height }: Dimensions): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = channels.get(file[25]!)
  const depth = file[24]
  const stream = imageData(file)
  if (!samples || !depths.has(depth) || !stream) return 'its data is damaged'
  const rowBytes = Math.ceil((width * samples * depth!) / 8) + 1
  try {
    // The seven passes of an interlaced picture have twice as many rows, each rounded up to a byte.
    inflateSync(stream, { maxOutputLength: rowBytes * height + 4 * height + 64 })
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'it unpacks to more than its size'
    return code === 'Z_BUF_ERROR' ? 'the file is cut off' : 'its data is damaged'
  }
}

/** The contents of the IDAT chunks together. */
function imageData(file: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    if (type === 'IEND') break
    if (type === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return parts.length > 0 ? Buffer.concat(parts) : undefined
}
