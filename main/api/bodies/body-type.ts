import { decodeGoJson, type GoType, withinStack } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { decodeNative } from './request-body.ts'

/** How the body of one endpoint is read. It depends on nothing else, so that any thread can do it. */
export interface BodyType<T> {
  /** Names it to the thread that reads large ones: the endpoint's path. */
  readonly path: string
  /** `Content-Encoding: zstd` is undone. */
  readonly zstd: boolean
  /**
   * What the endpoint works with: plain data, as it may have to cross threads.
   * @throws Problem 400 in upstream's words
   */
  readonly read: (bytes: Buffer, contentType: string) => T | Promise<T>
}

/** The body of a native endpoint: the JSON of a Go type, and what the endpoint makes of it. */
export function nativeBody<G, T>(path: string, type: GoType<G>, convert: (read: G) => T): BodyType<T> {
  return { path, zstd: false, read: bytes => withinStack(() => convert(decodeNative(type, bytes))) }
}

/** The body of a /v1 endpoint for inference; an empty one is Go's `EOF`. */
export function v1Body<G, T>(path: string, type: GoType<G>, convert: (read: G) => T): BodyType<T> {
  return {
    path,
    zstd: true,
    read: bytes => {
      const value = decodeGoJson(type, bytes)
      if (value === undefined) throw new Problem('invalid-request', 400, 'EOF')
      return withinStack(() => convert(value))
    },
  }
}
