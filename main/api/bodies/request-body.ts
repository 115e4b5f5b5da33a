import { decodeGoJson, type GoType } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { chunksOf, maxShortBodyBytes } from './limits.ts'

/**
 * The JSON body of a native endpoint that names a model and little else; what may be large goes through {@link Bodies}.
 * Its Content-Type is not looked at (upstream server/routes.go, ShouldBindJSON).
 * @throws Problem 400 `missing request body` or the text of Go's decoder, 413 beyond a megabyte
 */
export async function readJson<T>(request: Request, type: GoType<T>): Promise<T> {
  return decodeNative(type, await readBody(request, maxShortBodyBytes))
}

/** @throws Problem 400 `missing request body` or the text of Go's decoder */
export function decodeNative<T>(type: GoType<T>, bytes: Buffer): T {
  const value = decodeGoJson(type, bytes)
  if (value === undefined) throw new Problem('invalid-request', 400, 'missing request body')
  return value
}

/**
 * The bytes of a body, at most `limit` of them.
 * @throws Problem 413, or 499 when the client left in the middle
 */
async function readBody(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(request, limit)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
