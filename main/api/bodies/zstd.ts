import { ZSTDDecoder } from 'zstddec'
import { Problem } from '../../problem.ts'
import { maxDecompressedBytes } from './limits.ts'

/**
 * What a zstd body unfolds to. The decoder writes into a buffer of the greatest size allowed and stops at its end, so
 * that a small body that unfolds to gigabytes costs no more than an honest one. It does not tell why it stopped: what
 * is left then is nothing.
 * @throws Problem 400
 */
export async function decompress(compressed: Uint8Array): Promise<Buffer> {
  if (compressed.byteLength === 0) return Buffer.alloc(0)
  const decoder = new ZSTDDecoder()
  await decoder.init()
  const plain = decoder.decode(compressed, maxDecompressedBytes)
  if (plain.byteLength > 0) return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  throw new Problem('invalid-request', 400, 'the zstd body is damaged, empty or larger than 20 MiB')
}
