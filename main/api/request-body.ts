import { decodeGoJson, type GoType } from '../go/json/types.ts'
import { Problem } from '../problem.ts'

/**
 * Bytes of a JSON body; the limit of main's memory, not of the protocol: about forty pictures of four megabytes. Blobs
 * are streamed and know no limit.
 */
export const maxBodyBytes = 256 * 1024 * 1024

/**
 * The JSON body of a native endpoint. Its Content-Type is not looked at (upstream server/routes.go, ShouldBindJSON).
 * @throws Problem 400 `missing request body` or the text of Go's decoder, 413 beyond {@link maxBodyBytes}
 */
export async function readJson<T>(request: Request, type: GoType<T>): Promise<T> {
  const value = decodeGoJson(type, await readBody(request))
  if (value === undefined) throw new Problem('invalid-request', 400, 'missing request body')
  return value
}

/**
 * The bytes of a body, at most `limit` of them: of a longer one no more is read than shows that it is longer.
 * @throws Problem 413, or 499 when the client left in the middle
 */
export async function readBody(request: Request, limit = maxBodyBytes): Promise<Buffer> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > limit) throw tooLarge()
  try {
    // With a length, the transport lets no more bytes through than it says.
    if (length !== null) return Buffer.from(await request.arrayBuffer())
    return await collect(request.body, limit)
  } catch (error) {
    if (request.signal.aborted) throw new Problem('cancelled', 499, 'request canceled')
    throw error
  }
}

async function collect(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the stream, so that a body over the limit stops flowing.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (): Problem => new Problem('invalid-request', 413, 'http: request body too large')
