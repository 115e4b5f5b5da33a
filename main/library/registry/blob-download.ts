import { setMaxListeners } from 'node:events'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { asProblem, Problem } from '../../problem.ts'
import { errno, ifThere } from '../models-folder.ts'
import type { BlobSource } from './blob-source.ts'
import type { DiskSpace } from './disk-space.ts'
import type { HashedFile, Hasher } from './hasher.ts'
import { completeParts, contiguous, type Part, type PartFile, PartFiles } from './part.ts'
import { persist } from './persist.ts'
import { RefusedByRegistry } from './repository.ts'

export interface DownloadTools {
  readonly hasher: Hasher
  readonly space: DiskSpace
  /** Milliseconds to wait before try number `next`, counted from 1. */
  readonly backoff: (next: number) => number
}

/** Parts fetched at once: some at first, and as long as it takes one more in each interval (milliseconds). */
const LANES = { first: 4, most: 16, interval: 250 }
/** Bytes written at once, and how long fewer wait for more (milliseconds). */
const BATCH = 1024 * 1024
const BATCH_MS = 100
/** How often states are written, data goes to the disk and free space is looked at. Milliseconds. */
const CHECKPOINT_MS = 1_000

/**
 * One blob on its way into its `-partial` file, checked against its digest when all of it is there. Whatever ends it
 * early leaves file and states for the next attempt, but for wrong bytes, which go.
 */
export class BlobDownload {
  #parts: Part[] = []
  /** Those of the parts whose states an earlier attempt left. */
  #known: Part[] = []
  #total = 0
  readonly #queue: Part[] = []
  readonly #states: PartFiles

  /** @param partial path of the file to fill */
  constructor(
    private readonly source: BlobSource,
    readonly partial: string,
    private readonly tools: DownloadTools,
  ) {
    this.#states = new PartFiles(partial)
  }

  /** Bytes; 0 until the registry has told. */
  get total(): number {
    return this.#total
  }

  /** Bytes in the file. */
  get completed(): number {
    return this.#parts.reduce((sum, part) => sum + part.completed, 0)
  }

  get remaining(): number {
    return this.#total - this.completed
  }

  /**
   * Fetches what is missing. Then `partial` holds the whole blob, on the disk.
   * @throws Problem `digest mismatch, …`, `max retries exceeded: …`, `disk-full`, or an AbortError
   */
  async run(signal: AbortSignal): Promise<void> {
    await this.#plan(signal)
    this.tools.space.add(this)
    let file: FileHandle | undefined
    let hashed: HashedFile | undefined
    try {
      await this.tools.space.check()
      file = await openPartial(this.partial)
      await file.truncate(this.#total)
      await this.#states.settle(this.#parts, this.#known)
      hashed = this.tools.hasher.open(this.partial)
      await this.#fetch(file, hashed, signal)
      hashed.advance(this.#total)
      const [got] = await Promise.all([hashed.digest(), file.datasync()])
      hashed = undefined
      if (got !== this.source.digest) await this.#wrong(got)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      // The blob is shorter than it was when the download began: what is there is of no use.
      if (error instanceof RefusedByRegistry && error.answered === 416) await this.#states.discard()
      throw asProblem(error)
    } finally {
      this.tools.space.delete(this)
      hashed?.abandon()
      await file?.close()
    }
  }

  /** Removes what tells how far the download is; what is downloaded stays. */
  forgetStates(): Promise<void> {
    return this.#states.remove()
  }

  /** Finds out what is there, and what is to be fetched. */
  async #plan(signal: AbortSignal): Promise<void> {
    this.#known = await this.#states.read()
    const there = await ifThere(stat(this.partial))
    const end = this.#known.reduce((at, part) => (part.offset === at ? at + part.size : at), 0)
    if (there && end > 0 && end === there.size) {
      // What another program began, or we: the file has its full length from the beginning on.
      this.#total = end
    } else {
      this.#total = await this.source.size(signal)
      if (there?.size !== this.#total) {
        await this.#states.discard()
        this.#known = []
      }
    }
    this.#parts = completeParts(this.#known, this.#total)
    this.#queue.push(...this.#parts.filter(part => part.completed < part.size))
  }

  async #fetch(file: FileHandle, hashed: HashedFile, signal: AbortSignal): Promise<void> {
    // The first failure ends all lanes.
    const ended = new AbortController()
    const either = AbortSignal.any([signal, ended.signal])
    // Every lane listens.
    setMaxListeners(2 * LANES.most, either)
    const checkpoint = async () => {
      await file.datasync()
      await this.tools.space.check()
    }
    const lanes: Promise<void>[] = []
    const work = async (lane: () => Promise<void>) => {
      try {
        await lane()
      } catch (error) {
        ended.abort(error)
      }
    }
    const lane = async () => {
      for (let part = this.#queue.shift(); part; part = this.#queue.shift()) {
        await this.#fetchPart(part, file, hashed, either)
      }
    }
    const more = setInterval(() => {
      if (this.#queue.length > 0 && lanes.length < LANES.most && !either.aborted) lanes.push(work(lane))
    }, LANES.interval)
    let checking: Promise<void> | undefined
    const check = setInterval(() => {
      checking ??= work(checkpoint).finally(() => {
        checking = undefined
      })
    }, CHECKPOINT_MS)
    try {
      for (let i = 0; i < LANES.first; i++) lanes.push(work(lane))
      // More may be added while these are waited for.
      for (let i = 0; i < lanes.length; i++) await lanes[i]
    } finally {
      clearInterval(more)
      clearInterval(check)
      await checking
    }
    either.throwIfAborted()
  }

  async #fetchPart(part: Part, file: FileHandle, hashed: HashedFile, signal: AbortSignal): Promise<void> {
    const state = await this.#states.open(part)
    try {
      let before = part.completed
      await persist(() => this.#attempt(part, { file, state, hashed }, signal), {
        ...{ signal, backoff: this.tools.backoff },
        hasProgress: () => {
          const brought = part.completed > before
          before = part.completed
          return brought
        },
      })
    } finally {
      await state.write()
      await state.close()
    }
  }

  /** Asks for the rest of a part and writes what comes. */
  async #attempt(
    part: Part,
    { file, state, hashed }: { file: FileHandle; state: PartFile; hashed: HashedFile },
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await this.source.open(part.offset + part.completed, part.offset + part.size, signal)
    let stateAt = performance.now()
    let flushedAt = stateAt
    let writing: Promise<void> | undefined
    let pieces: Buffer[] = []
    let collected = 0
    const write = async (batch: Buffer[], length: number) => {
      await writeAll(file, batch, length, part.offset + part.completed)
      part.completed += length
      hashed.advance(contiguous(this.#parts))
      if (performance.now() - stateAt < CHECKPOINT_MS) return
      stateAt = performance.now()
      await state.write()
    }
    const flush = async () => {
      await writing
      const batch = pieces
      const length = collected
      pieces = []
      collected = 0
      flushedAt = performance.now()
      writing = length > 0 ? write(batch, length) : undefined
      // Met where the write is waited for.
      writing?.catch(() => undefined)
    }
    let room = part.size - part.completed
    try {
      for await (const piece of answer.body) {
        const wanted = (piece as Buffer).subarray(0, room)
        room -= wanted.length
        pieces.push(wanted)
        collected += wanted.length
        if (collected >= BATCH || performance.now() - flushedAt > BATCH_MS) await flush()
        if (room === 0) break
      }
    } finally {
      // What came before a cut is kept.
      await flush()
      await writing
    }
    if (room > 0) throw new Problem('registry', 500, 'unexpected EOF')
  }

  /** @throws Problem always */
  async #wrong(got: string): Promise<never> {
    await this.#states.discard()
    const wanted = `want ${this.source.digest}, got ${got}`
    throw new Problem('wrong-digest', 500, `digest mismatch, file must be downloaded again: ${wanted}`)
  }
}

async function openPartial(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(error => {
    if (errno(error) !== 'ENOENT') throw error
    return open(path, 'wx+', 0o644)
  })
}

async function writeAll(file: FileHandle, batch: Buffer[], length: number, position: number): Promise<void> {
  const { bytesWritten } = await file.writev(batch, position)
  // A disk that is filling up takes a part; writing the rest gives the reason.
  if (bytesWritten < length)
    await writeAll(file, [Buffer.concat(batch).subarray(bytesWritten)], length - bytesWritten, position + bytesWritten)
}
