import { BodyThread, type ThreadBody } from './body-thread.ts'
import type { BodyType } from './body-type.ts'
import { chunksOf, maxBodyBytes, maxCompressedBytes } from './limits.ts'
import { decompress } from './zstd.ts'

/** Bytes that are read where they come in: at worst some thirty milliseconds of work. */
const maxInlineBytes = 128 * 1024

/** Reads the bodies of requests, large ones in a thread of their own: main serves the window and every other client. */
export class Bodies {
  readonly #thread: BodyThread | undefined

  /** @param workerPath the bundled body-worker.js; without it every body is read on the spot */
  constructor({ workerPath }: { workerPath?: string } = {}) {
    this.#thread = workerPath === undefined ? undefined : new BodyThread(workerPath)
  }

  /**
   * What the endpoint's body says. Its Content-Type is not looked at.
   * @throws Problem 400 in upstream's words, 413 for a body that is too large, 499 when the client left in the middle
   */
  async read<T>(request: Request, type: BodyType<T>): Promise<T> {
    const zstd = type.zstd && request.headers.get('content-encoding')?.trim().toLowerCase() === 'zstd'
    const contentType = request.headers.get('content-type') ?? ''
    const chunks: Uint8Array[] = []
    let size = 0
    let away: ThreadBody | undefined
    try {
      for await (const chunk of chunksOf(request, zstd ? maxCompressedBytes : maxBodyBytes)) {
        size += chunk.byteLength
        if (!away && this.#thread && (zstd || size > maxInlineBytes)) {
          away = this.#thread.begin({ path: type.path, zstd, contentType })
          for (const earlier of chunks) away.chunk(earlier)
        }
        if (away) away.chunk(chunk)
        else chunks.push(chunk)
      }
    } catch (error) {
      away?.drop()
      throw error
    }
    // The thread knows the type by its path, and gives what the type gives.
    if (away) return (await away.read()) as T
    const bytes = Buffer.concat(chunks)
    return type.read(zstd ? await decompress(bytes) : bytes, contentType)
  }

  close(): Promise<void> {
    return this.#thread?.close() ?? Promise.resolve()
  }
}
