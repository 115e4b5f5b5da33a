import { lstat, open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { ifThere } from '../../files/errno.ts'
import type { Library } from '../library.ts'
import { BlobDownload, type DownloadTools } from './blob-download.ts'
import type { BlobSource } from './blob-source.ts'
import { oneAtATime, unlessBusy } from './one-at-a-time.ts'
import { orAborted } from './or-aborted.ts'
import { PartFiles } from './part.ts'
import { progressMs } from './transfer-progress.ts'

/** How long a file is looked at before it may go: who downloads writes several times a second. Milliseconds. */
const watchedMs = 1_000

interface Shared {
  readonly download: BlobDownload
  readonly abort: AbortController
  /** Settled when the blob is in its place, with its bytes, or the download has let go of its files. */
  readonly done: Promise<number>
  users: number
}

/** Downloads under way, one a blob whoever asks for it; the last to leave ends it. */
export class Downloads {
  readonly #shared = new Map<string, Shared>()

  constructor(
    private readonly library: Library,
    private readonly tools: DownloadTools,
  ) {}

  /**
   * Brings a blob into the library.
   * @param tell bytes that are there, and that there will be
   * @throws Problem as BlobDownload.run, or the signal's reason
   */
  async fetch(
    source: BlobSource,
    tell: (completed: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const shared = await this.#join(source, signal)
    shared.users++
    const { download, done } = shared
    const ticker = setInterval(() => {
      if (download.total > 0) tell(download.completed, download.total)
    }, progressMs)
    try {
      const size = await orAborted(done, signal)
      tell(size, size)
    } finally {
      clearInterval(ticker)
      shared.users--
      if (shared.users === 0) {
        shared.abort.abort()
        // Whoever was the last waits until the files are closed: they may be wanted again at once.
        await done.catch(() => undefined)
      }
    }
  }

  /**
   * The digest of a file.
   * @param size in bytes
   */
  async digestOf(path: string, size: number): Promise<string> {
    const file = await open(path)
    try {
      const hashed = this.tools.hasher.open(file.fd)
      hashed.advance(size)
      return await hashed.digest()
    } finally {
      await file.close()
    }
  }

  /** Removes what an unfinished download left, unless somebody is at it. @returns false where another program is */
  async discard(digest: string): Promise<boolean> {
    if (this.#shared.has(digest)) return true
    const { blobs, folder } = this.library
    await folder.make()
    const removed = await unlessBusy(blobs.downloadLockPath(digest), async () => {
      const parts = new PartFiles(blobs.partialPath(digest))
      if (await isWritten(parts.partial)) return false
      await parts.discard()
      return true
    })
    return removed ?? false
  }

  /** Removes what is left of the download of a blob that is here: whoever brought it may have been killed just then. */
  async tidy(digest: string): Promise<void> {
    // The lock goes last, so that it is all there is to look for.
    if (await ifThere(lstat(this.library.blobs.downloadLockPath(digest)))) await this.discard(digest)
  }

  /** Ends all of them; what they have stays for the next time. */
  async close(): Promise<void> {
    const all = [...this.#shared.values()]
    for (const { abort } of all) abort.abort()
    await Promise.allSettled(all.map(({ done }) => done))
  }

  async #join(source: BlobSource, signal: AbortSignal): Promise<Shared> {
    for (;;) {
      signal.throwIfAborted()
      const there = this.#shared.get(source.digest)
      if (!there) return this.#begin(source)
      if (!there.abort.signal.aborted) return there
      await there.done.catch(() => undefined)
    }
  }

  #begin(source: BlobSource): Shared {
    const { digest } = source
    const download = new BlobDownload(source, this.library.blobs.partialPath(digest), this.tools)
    const abort = new AbortController()
    const done = this.#run(download, source, abort.signal).finally(() => this.#shared.delete(digest))
    // Told to those who wait.
    done.catch(() => undefined)
    const shared = { download, abort, done, users: 0 }
    this.#shared.set(digest, shared)
    return shared
  }

  /** @returns the blob's size in bytes */
  async #run(download: BlobDownload, { digest, expectedSize }: BlobSource, signal: AbortSignal): Promise<number> {
    const { blobs, folder } = this.library
    await folder.make()
    const fetchBlob = async () => {
      // Another process may have brought it while this one waited, and been killed before it had tidied up.
      if ((await blobs.size(digest)) === expectedSize) {
        await new PartFiles(download.partial).discard()
        return expectedSize
      }
      await download.run(signal)
      await blobs.adopt(download.partial, digest)
      await download.forgetStates()
      return download.total
    }
    return oneAtATime(blobs.downloadLockPath(digest), fetchBlob, { signal, onWait: () => download.look() })
  }
}

/** Whether somebody writes a file just now: Ollama takes no lock. */
async function isWritten(path: string): Promise<boolean> {
  const before = await ifThere(lstat(path, { bigint: true }))
  if (!before) return false
  await pause(watchedMs)
  const after = await ifThere(lstat(path, { bigint: true }))
  return after?.mtimeNs !== before.mtimeNs
}
