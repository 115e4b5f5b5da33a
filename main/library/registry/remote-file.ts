import type { FileHandle } from 'node:fs/promises'
import { Problem } from '../../problem.ts'
import type { BlobSource } from './blob-source.ts'

/** Bytes fetched at once: the header of a small model, or a third of that of a large vocabulary. */
const firstBytes = 2 * 1024 * 1024
const furtherBytes = 8 * 1024 * 1024
/** More than any header takes; who reads on is being led through the whole file. */
const mostBytes = 96 * 1024 * 1024

/** The beginning of a blob at a registry, fetched as far as it is read, and kept in a file. */
export class RemoteFile {
  #there = 0

  /** @param size bytes of the whole blob */
  constructor(
    private readonly source: BlobSource,
    private readonly size: number,
    private readonly file: FileHandle,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Problem `registry`, or `broken-model-file` for one whose header does not end */
  async read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    const end = Math.min(position + length, this.size)
    while (this.#there < end) await this.#fetch(end)
    return this.file.read(buffer, offset, end - position, position)
  }

  /** Fetches the next piece, at least up to `end` where that is not too far. */
  async #fetch(end: number): Promise<void> {
    const start = this.#there
    const piece = start === 0 ? firstBytes : furtherBytes
    const until = Math.min(this.size, Math.max(end, start + piece))
    if (until > mostBytes) {
      throw new Problem('broken-model-file', 500, 'unable to load model: its header does not end')
    }
    let received = 0
    const onReceived = (bytes: number) => {
      received = bytes
    }
    const into = { file: this.file.fd, at: start, length: until - start, total: this.size, onReceived }
    await this.source.fetch(into, this.signal)
    this.#there += received
    if (this.#there === start) throw new Problem('registry', 500, 'unexpected EOF')
  }
}
