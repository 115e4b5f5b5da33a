import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { asProblem } from '../problem.ts'
import type { ModelsFolder } from './models-folder.ts'

/** Bytes hashed at once; a longer piece would hold up everything else main does. */
const sliceBytes = 1024 * 1024

/**
 * A blob in the making: bytes go to a temporary file and through SHA-256 as they come, so that the digest is known at
 * the end without a second reading.
 */
export class BlobWriter {
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws Problem `disk-full`, or the file system's error */
  static async open(folder: ModelsFolder): Promise<BlobWriter> {
    try {
      await folder.make()
      const path = folder.temporaryBlobPath()
      return new BlobWriter(path, await open(path, 'wx', 0o644))
    } catch (error) {
      throw asProblem(error)
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @throws Problem `disk-full`; the caller then discards */
  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      const slice = chunk.subarray(at, at + sliceBytes)
      // The disk works while the processor hashes.
      const written = this.handle.appendFile(slice).catch((error: unknown): never => {
        throw asProblem(error)
      })
      this.#hash.update(slice)
      await written
      this.#bytes += slice.length
    }
  }

  /**
   * Brings the bytes to the disk and closes the file, which keeps its temporary name.
   * @returns the digest, `sha256:<hex>`
   */
  async close(): Promise<string> {
    try {
      await this.handle.sync()
      await this.handle.close()
    } catch (error) {
      throw asProblem(error)
    }
    return `sha256:${this.#hash.digest('hex')}`
  }

  /** Removes what was written. Harmless after `close`, as long as the file still has its temporary name. */
  async discard(): Promise<void> {
    // A handle that close() already took care of rejects; the file is what matters here.
    await this.handle.close().catch(() => undefined)
    await rm(this.path, { force: true })
  }
}
