import { Problem } from '../../problem.ts'

/**
 * Bytes of a JSON body; the limit of main's memory, not of the protocol: about forty pictures of four megabytes. Blobs
 * are streamed and know no limit.
 */
export const maxBodyBytes = 256 * 1024 * 1024

/** Bytes that a compressed body may unfold to (upstream middleware/openai.go, maxDecompressedBodySize). */
export const maxDecompressedBytes = 20 * 1024 * 1024

/** What does not shrink grows by less than a megabyte: three bytes a block of 128 KiB, and the head of each frame. */
export const maxCompressedBytes = maxDecompressedBytes + 1024 * 1024

/** Bytes of a body that names a model and little else. */
export const maxShortBodyBytes = 1024 * 1024

/**
 * UTF-16 units of one text in a body: more than any context holds. A text crosses from one thread to another in one go,
 * during which main does nothing else.
 */
const maxTextLength = 32 * 1024 * 1024

const smallBody = 64 * 1024

/**
 * Bytes of the body, where the request tells them.
 * @throws Problem 413
 */
function lengthWithin(request: Request, limit: number): number | undefined {
  const length = request.headers.get('content-length')
  if (length === null) return undefined
  if (Number(length) > limit) throw tooLarge()
  return Number(length)
}

/**
 * The chunks of a body, at most `limit` bytes: of a longer one no more is read than shows that it is longer.
 * @throws Problem 413, or 499 when the client left in the middle
 */
export async function* chunksOf(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  const length = lengthWithin(request, limit)
  let size = 0
  try {
    // The transport lets no more bytes through than it says, and gives a small body faster as a whole.
    if (length !== undefined && length <= smallBody) {
      yield new Uint8Array(await request.arrayBuffer())
      return
    }
    // Leaving the loop cancels the stream, so that a body over the limit stops flowing.
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size > limit) throw tooLarge()
      yield chunk
    }
  } catch (error) {
    if (request.signal.aborted) throw new Problem('cancelled', 499, 'request canceled')
    throw error
  }
}

const tooLarge = (): Problem => new Problem('invalid-request', 413, 'http: request body too large')

/** Checks every text in what a body says. @throws Problem 413 for one beyond {@link maxTextLength} */
export function checkTexts(value: unknown): void {
  const containers: object[] = [[value]]
  for (const container of containers) {
    const parts = Array.isArray(container) ? container : [...Object.keys(container), ...Object.values(container)]
    for (const part of parts) {
      if (typeof part === 'string' && part.length > maxTextLength) throw longText()
      if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) containers.push(part)
    }
  }
}

const longText = (): Problem =>
  new Problem(
    'invalid-request',
    413,
    `http: request body too large: one text in it has over ${maxTextLength} characters`,
  )
