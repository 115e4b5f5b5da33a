import { lstat, open, rename, rm, stat, utimes } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { errno, ifThere } from '../files/errno.ts'
import { requireSpace } from '../files/free-space.ts'
import { syncFolder } from '../files/sync-folder.ts'
import type { Mutex } from '../mutex.ts'
import { Problem } from '../problem.ts'
import { BlobWriter } from './blob-writer.ts'
import { type ModelsFolder, normalDigest } from './models-folder.ts'

export interface StoredBlob {
  /** `sha256:<hex>`. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
  /** The same bytes were there before. */
  readonly existed: boolean
}

/** How long a blob that a client was told about is kept for the create request that should follow. */
const promiseMs = 10 * 60_000
/** A blob that another program touched that recently is being made into a model there. */
const foreignUseMs = 60_000
/** Whoever writes a model writes its manifest last, give or take. */
const slackMs = 100

/**
 * The content-addressed files of the models folder. `gate` is held while blobs are removed and while somebody makes
 * sure of blobs it is going to reference, so that neither can come between the other's look and deed.
 */
export class Blobs {
  readonly #held = new Map<string, number>()
  readonly #promised = new Map<string, number>()
  /** Times (nanoseconds) this process itself gave to blobs, to tell its own touch from another program's. */
  readonly #touched = new Map<string, bigint>()

  constructor(
    private readonly folder: ModelsFolder,
    private readonly gate: Mutex,
  ) {}

  /** @throws Problem 400 `invalid digest format` */
  async has(digest: string): Promise<boolean> {
    return (await this.locate(digest)) !== undefined
  }

  /**
   * Whether a client may spare itself an upload: a yes keeps the blob for ten minutes, until its create request comes.
   * @throws Problem 400 `invalid digest format`
   */
  async offer(digest: string): Promise<boolean> {
    const normal = normalDigest(digest)
    return this.gate.run(async () => {
      const there = await this.has(normal)
      if (there) this.#promise(normal)
      return there
    })
  }

  /** Where a blob lies, whether it is there or not. */
  path(digest: string): string {
    return this.folder.blobPath(digest)
  }

  async isLink(digest: string): Promise<boolean> {
    return (await ifThere(lstat(this.folder.blobPath(digest))))?.isSymbolicLink() ?? false
  }

  /**
   * The path of a blob that is there.
   * @returns undefined when it is missing, or only a link that leads out of the folder
   */
  async locate(digest: string): Promise<string | undefined> {
    const path = this.folder.blobPath(digest)
    const found = await ifThere(lstat(path))
    if (found?.isFile()) return path
    if (!found?.isSymbolicLink()) return undefined
    const target = await ifThere(stat(path))
    return target?.isFile() && (await this.folder.holds(path, 'blobs')) ? path : undefined
  }

  /**
   * The path of a blob that must be there.
   * @throws Problem 500 in the words Ollama has for a missing file
   */
  async require(digest: string): Promise<string> {
    const path = await this.locate(digest)
    if (path !== undefined) return path
    throw new Problem('not-found', 500, `open ${this.folder.blobPath(digest)}: no such file or directory`)
  }

  /**
   * Reads a small blob as UTF-8.
   * @param limit bytes it may have at most
   */
  async readText(digest: string, limit: number): Promise<string> {
    const handle = await open(await this.require(digest))
    try {
      const { size } = await handle.stat()
      if (size > limit) throw new Problem('broken-model-file', 500, `${digest} has ${size} bytes, more than a text has`)
      return (await handle.readFile()).toString('utf8')
    } finally {
      await handle.close()
    }
  }

  /**
   * Stores bytes while they arrive. They are stored under their true digest even when another was expected, as
   * upstream does; nothing is left behind when it fails.
   * @param options.expected the digest the sender claims
   * @param options.size bytes the sender announces, where it does
   * @throws Problem 400 `digest mismatch, …`, `disk-full`, or an AbortError
   */
  async write(
    source: AsyncIterable<Uint8Array>,
    options: { expected?: string; size?: number; signal?: AbortSignal } = {},
  ): Promise<StoredBlob> {
    const expected = options.expected === undefined ? undefined : normalDigest(options.expected)
    const blob = await this.folder.changes.run(() => this.#write(source, options))
    if (expected === undefined || expected === blob.digest) return blob
    throw new Problem('invalid-request', 400, `digest mismatch, expected "${expected}", got "${blob.digest}"`)
  }

  async #write(
    source: AsyncIterable<Uint8Array>,
    options: { size?: number; signal?: AbortSignal },
  ): Promise<StoredBlob> {
    if (options.size) await this.requireSpace(options.size)
    const writer = await BlobWriter.open(this.folder)
    try {
      const chunks = Readable.from(source, { highWaterMark: 1, signal: options.signal })
      for await (const chunk of chunks) await writer.write(chunk as Uint8Array)
      return await this.keep(writer)
    } catch (error) {
      await writer.discard()
      throw error
    }
  }

  /** Stores a text. */
  async writeText(text: string): Promise<StoredBlob> {
    const writer = await BlobWriter.open(this.folder)
    try {
      await writer.write(Buffer.from(text))
      return await this.keep(writer)
    } catch (error) {
      await writer.discard()
      throw error
    }
  }

  /** Opens a blob to be written piece by piece; give it to `keep`, or `discard` it. */
  open(): Promise<BlobWriter> {
    return BlobWriter.open(this.folder)
  }

  /**
   * Bytes of a blob that is there.
   * @returns undefined when it is missing
   */
  async size(digest: string): Promise<number | undefined> {
    const path = await this.locate(digest)
    return path === undefined ? undefined : (await stat(path)).size
  }

  /** Where a blob lies as long as it is being downloaded (upstream server/download.go). */
  partialPath(digest: string): string {
    return `${this.folder.blobPath(digest)}-partial`
  }

  /** The lock of whoever downloads a blob: not a name that upstream would take for the state of a part. */
  downloadLockPath(digest: string): string {
    return `${this.folder.blobPath(digest)}-lock`
  }

  /** Gives a file the name of the blob it is: all its bytes are on the disk, and their digest was checked. */
  async adopt(path: string, digest: string): Promise<void> {
    await this.gate.run(async () => {
      // Another process may have finished the same download a moment ago.
      const there = (await ifThere(rename(path, this.folder.blobPath(digest)).then(() => true))) ?? false
      if (!there) await this.require(digest)
      await this.#touch(digest)
      this.#promise(digest)
      await syncFolder(this.folder.blobs)
    })
  }

  /** @throws Problem `disk-full` where blobs of that many bytes will not fit */
  async requireSpace(bytes: number): Promise<void> {
    await this.folder.make()
    await requireSpace(this.folder.blobs, bytes)
  }

  /** Where a blob may be written whose digest is not known yet; give it to `store`, or remove it. */
  async temporaryPath(): Promise<string> {
    await this.folder.make()
    return this.folder.temporaryBlobPath()
  }

  /** Gives a finished blob its name. Where the same blob is there already, the new bytes go. */
  async keep(writer: BlobWriter): Promise<StoredBlob> {
    const size = writer.bytes
    return this.store(writer.path, { digest: await writer.close(), size })
  }

  /**
   * Gives a file its name as a blob. Where the same blob is there already, the file goes.
   * @param file what is known of it: all its bytes are on the disk
   */
  async store(path: string, { digest, size }: { digest: string; size: number }): Promise<StoredBlob> {
    return this.gate.run(async () => {
      const there = await this.locate(digest)
      // A file of another size under this name cannot have these bytes: it is damaged, and mended by the rename.
      const existed = there !== undefined && (await stat(there)).size === size
      if (existed) await rm(path)
      else await rename(path, this.folder.blobPath(digest))
      await this.#touch(digest)
      this.#promise(digest)
      if (!existed) await syncFolder(this.folder.blobs)
      return { digest, size, existed }
    })
  }

  /**
   * Makes sure that all blobs are there and keeps them from being removed, here until `release`, and by other
   * programs' pruning for an hour, by a new time of change.
   * @throws Problem 500 when one is missing; then none is held
   */
  async hold(digests: readonly string[]): Promise<void> {
    await this.gate.run(async () => {
      for (const digest of digests) await this.require(digest)
      for (const digest of digests) {
        await this.#touch(digest)
        this.#held.set(digest, (this.#held.get(digest) ?? 0) + 1)
      }
    })
  }

  release(digests: readonly string[]): void {
    for (const digest of digests) {
      const holders = (this.#held.get(digest) ?? 0) - 1
      if (holders > 0) this.#held.set(digest, holders)
      else this.#held.delete(digest)
    }
  }

  /** The create that a promise was kept for has come. */
  forgetPromises(digests: readonly string[]): void {
    for (const digest of digests) this.#promised.delete(digest)
  }

  /** Whether somebody in this process counts on the blob. */
  isWanted(digest: string): boolean {
    return this.#held.has(digest) || (this.#promised.get(digest) ?? 0) > Date.now()
  }

  /**
   * Removes a blob nobody refers to; call it with the gate held, after looking for references with the gate held.
   * @param manifestTime when the manifest that needed it was written
   * @returns false when it stays because somebody wants it
   */
  async removeUnreferenced(digest: string, manifestTime: Date): Promise<boolean> {
    if (this.isWanted(digest)) return false
    const path = this.folder.blobPath(digest)
    const found = await ifThere(lstat(path, { bigint: true }))
    if (!found) return true
    const own = this.#touched.get(digest)
    const time = Number(found.mtimeNs / 1_000_000n)
    const foreign = own === undefined ? time > manifestTime.getTime() + slackMs : own !== found.mtimeNs
    if (foreign && Date.now() - time < foreignUseMs) return false
    try {
      await rm(path)
    } catch (error) {
      // Windows does not let go of a file an engine has mapped; the next start clears it away.
      if (['EBUSY', 'EPERM', 'EACCES'].includes(errno(error) ?? '') && process.platform === 'win32') return false
      if (errno(error) !== 'ENOENT') throw error
    }
    this.#touched.delete(digest)
    return true
  }

  #promise(digest: string): void {
    const now = Date.now()
    for (const [other, until] of this.#promised) if (until <= now) this.#promised.delete(other)
    this.#promised.set(digest, now + promiseMs)
  }

  /** Sets a blob's time of change to now, with a random fraction of a millisecond that makes it this process's own. */
  async #touch(digest: string): Promise<void> {
    const path = this.folder.blobPath(digest)
    const now = (Date.now() + Math.random()) / 1000
    await utimes(path, now, now)
    this.#touched.set(digest, (await stat(path, { bigint: true })).mtimeNs)
  }
}
