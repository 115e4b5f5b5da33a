import { ZSTDDecoder } from 'zstddec'
import { decodeGoJson, type GoType } from '../go/json/types.ts'
import { Problem } from '../problem.ts'
import { readBody } from './request-body.ts'

/** Bytes that a compressed body may unfold to (upstream middleware/openai.go, maxDecompressedBodySize). */
export const maxDecompressedBytes = 20 * 1024 * 1024

/** What does not shrink grows by less than this: three bytes a block of 128 KiB, and the head of each frame. */
const mostOverhead = 1024 * 1024

/**
 * The JSON body of a /v1 endpoint for inference. Its Content-Type is not looked at; `Content-Encoding: zstd` is undone.
 * @throws Problem 400 `EOF` for an empty body or the text of Go's decoder, 413 for a body that is too large
 */
export async function readV1Json<T>(request: Request, type: GoType<T>): Promise<T> {
  const value = decodeGoJson(type, await readV1Body(request))
  if (value === undefined) throw new Problem('invalid-request', 400, 'EOF')
  return value
}

async function readV1Body(request: Request): Promise<Buffer> {
  if (request.headers.get('content-encoding')?.trim().toLowerCase() !== 'zstd') return readBody(request)
  const compressed = await readBody(request, maxDecompressedBytes + mostOverhead)
  return compressed.byteLength === 0 ? compressed : decompress(compressed)
}

/**
 * The decoder writes into a buffer of the greatest size allowed and stops at its end, so that a small body that unfolds
 * to gigabytes costs no more than an honest one. It does not tell why it stopped: what is left then is nothing.
 */
async function decompress(compressed: Uint8Array): Promise<Buffer> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  const plain = decoder.decode(compressed, maxDecompressedBytes)
  if (plain.byteLength > 0) return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  throw new Problem('invalid-request', 400, 'the zstd body is damaged, empty or larger than 20 MiB')
}
