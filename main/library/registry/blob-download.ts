import { setMaxListeners } from 'node:events'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { errno, ifThere } from '../../files/errno.ts'
import { takenBytes } from '../../files/free-space.ts'
import { asProblem, Problem } from '../../problem.ts'
import { type BlobSource, NoRanges } from './blob-source.ts'
import type { DiskSpace } from './disk-space.ts'
import type { HashedFile, Hasher } from './hasher.ts'
import { lostPage } from './lost-page.ts'
import { completeParts, contiguous, type Part, type PartFile, PartFiles } from './part.ts'
import { persist } from './persist.ts'
import { RefusedByRegistry } from './repository.ts'

export interface DownloadTools {
  readonly hasher: Hasher
  readonly space: DiskSpace
  /** Milliseconds to wait before try number `next`, counted from 1. */
  readonly backoff: (next: number) => number
  /** Bytes to ask a connection for at once, by what it brought in a second, 0 at first; a part where that is more. */
  readonly atOnce?: (rate: number) => number
}

/**
 * Parts fetched at once: one at first, and one more after each interval (milliseconds) that brought less than `enough`
 * (bytes a second). No way through the internet does; what comes from near comes best by one connection, which costs
 * the sender least and brings bytes in the order of the hash.
 */
const laneSettings = { most: 16, interval: 250, enough: 250_000_000 }
/**
 * A connection that brings enough is asked for what it brings in a second; of others each part may go to one that is
 * added.
 */
const aSecond = (rate: number) => (rate >= laneSettings.enough ? rate : 0)
/** How often data goes to the disk, states are written and free space is looked at. Milliseconds. */
const checkpointMs = 1_000

/**
 * One blob on its way into its `-partial` file, checked against its digest when all of it is there. Whatever ends it
 * early leaves file and states for the next attempt, but for wrong bytes, which go.
 */
export class BlobDownload {
  #parts: Part[] = []
  /** Those of the parts whose states an earlier attempt left. */
  #known: Part[] = []
  /** What an earlier attempt left, by its states' word alone. */
  #inherited: { readonly part: Part; readonly completed: number }[] = []
  #total = 0
  readonly #queue: Part[] = []
  /** Of the parts that are on their way. */
  readonly #open = new Set<PartFile>()
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

  /**
   * Bytes it still has to take from the disk. Where files have no holes (exFAT, FAT, NTFS unless asked) the file has
   * all of its room from the beginning on; where they are compressed it takes less than it holds.
   */
  async claim(): Promise<number> {
    const file = await ifThere(lstat(this.partial))
    return Math.max(0, Math.min(missingOf(this.#parts), this.#total - (file ? takenBytes(file) : 0)))
  }

  /**
   * Fetches what is missing. Then `partial` holds the whole blob, on the disk.
   * @throws Problem `digest mismatch, …`, `max retries exceeded: …`, `disk-full`, or an AbortError
   */
  async run(signal: AbortSignal): Promise<void> {
    await this.#plan(signal)
    this.tools.space.add(this)
    let file: FileHandle | undefined
    try {
      await this.tools.space.check()
      file = await openPartial(this.partial)
      await file.truncate(this.#total)
      await this.#states.settle(this.#parts, this.#known)
      let got = await this.#bring(file, signal)
      if (got !== this.source.digest && (await this.#doubtInherited(file, signal)))
        got = await this.#bring(file, signal)
      if (got !== this.source.digest) await this.#wrong(got)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      // The blob is shorter than it was when the download began: what is there is of no use.
      if (error instanceof RefusedByRegistry && error.answered === 416) await this.#states.discard()
      throw asProblem(error)
    } finally {
      this.tools.space.delete(this)
      await file?.close()
    }
  }

  /** Takes over from the disk how far another process is. */
  async look(): Promise<void> {
    this.#parts = await this.#states.read()
    this.#total = this.#parts.reduce((sum, { size }) => sum + size, 0)
  }

  /** Removes what tells how far the download is; what is downloaded stays. */
  forgetStates(): Promise<void> {
    return this.#states.remove()
  }

  /** Finds out what is there, and what is to be fetched. */
  async #plan(signal: AbortSignal): Promise<void> {
    this.#known = await this.#states.read()
    // Of a link its own size, which is not the blob's: it goes, and what it leads to is left alone.
    const there = await ifThere(lstat(this.partial))
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
    this.#inherited = this.#parts
      .filter(({ completed }) => completed > 0)
      .map(part => ({ part, completed: part.completed }))
  }

  /** Fetches what is missing. @returns the digest of all that is there then, which is on the disk */
  async #bring(file: FileHandle, signal: AbortSignal): Promise<string> {
    this.#queue.push(...this.#parts.filter(part => part.completed < part.size))
    let hashed: HashedFile | undefined = this.tools.hasher.open(file.fd)
    try {
      await this.#fetchParts(file, hashed, signal).catch(async error => {
        if (!(error instanceof NoRanges)) throw error
        // What was hashed may be written over by other bytes, which would then go by its digest.
        await hashed!.abandon()
        hashed = undefined
        await this.#fetchAll(file, signal)
        hashed = this.tools.hasher.open(file.fd)
      })
      hashed.advance(this.#total)
      const [got] = await Promise.all([hashed.digest(), file.datasync()])
      hashed = undefined
      return got
    } finally {
      await hashed?.abandon()
    }
  }

  /**
   * Moves parts that earlier attempts left back to where their bytes seem to be missing: a state may have reached the
   * disk before a power cut, and what it speaks of not.
   * @returns whether there are any; once
   */
  async #doubtInherited(file: FileHandle, signal: AbortSignal): Promise<boolean> {
    let found = false
    for (const { part, completed } of this.#inherited.splice(0)) {
      signal.throwIfAborted()
      const lost = await lostPage(file, part.offset, part.offset + completed)
      if (lost === undefined) continue
      found = true
      part.completed = lost - part.offset
      const state = await this.#states.open(part)
      await state.write().finally(() => state.close())
    }
    return found
  }

  async #fetchParts(file: FileHandle, hashed: HashedFile, signal: AbortSignal): Promise<void> {
    // The first failure ends all lanes.
    const ended = new AbortController()
    const either = AbortSignal.any([signal, ended.signal])
    // Every lane listens.
    setMaxListeners(2 * laneSettings.most, either)
    const lanes: Promise<void>[] = []
    const work = async (lane: () => Promise<void>) => {
      try {
        await lane()
      } catch (error) {
        ended.abort(error)
      }
    }
    const lane = async () => {
      const { atOnce = aSecond } = this.tools
      let rate = 0
      for (let run = this.#nextRun(atOnce(rate)); run.length > 0; run = this.#nextRun(atOnce(rate))) {
        const started = performance.now()
        const brought = missingOf(run)
        await this.#fetchRun(run, file, hashed, either)
        rate = (brought / (performance.now() - started)) * 1000
      }
    }
    let before = this.completed
    const more = setInterval(() => {
      const rate = (this.completed - before) / (laneSettings.interval / 1000)
      before = this.completed
      if (rate >= laneSettings.enough || either.aborted) return
      if (this.#queue.length > 0 && lanes.length < laneSettings.most) lanes.push(work(lane))
    }, laneSettings.interval)
    let checking: Promise<void> | undefined
    const check = setInterval(() => {
      checking ??= work(() => this.#checkpoint(file)).finally(() => {
        checking = undefined
      })
    }, checkpointMs)
    try {
      lanes.push(work(lane))
      // More may be added while these are waited for.
      for (let i = 0; i < lanes.length; i++) await lanes[i]
    } finally {
      clearInterval(more)
      clearInterval(check)
      await checking
    }
    either.throwIfAborted()
  }

  /**
   * Of a part under way the state never says more than the disk has, whatever ends this process or the machine. Of one
   * that is finished, or left, it speaks at once, so that no kill makes it come twice, and the disk has it some seconds
   * later: a power cut in between is found by the digest (see #doubtInherited).
   */
  async #checkpoint(file: FileHandle): Promise<void> {
    const marks = [...this.#open].map(state => ({ state, completed: state.part.completed }))
    await file.datasync()
    for (const { state, completed } of marks) if (this.#open.has(state)) await state.write(completed)
    await this.tools.space.check()
  }

  /** Takes the next part, and those behind it that were not begun, as far as they have so many bytes together. */
  #nextRun(bytes: number): Part[] {
    const run = this.#queue.splice(0, 1)
    for (let [next] = this.#queue; next; [next] = this.#queue) {
      const { offset, size } = run.at(-1)!
      if (next.offset !== offset + size || next.completed > 0 || missingOf([...run, next]) > bytes) break
      run.push(this.#queue.shift()!)
    }
    return run
  }

  /** Fetches parts that lie one behind the other. */
  async #fetchRun(run: readonly Part[], file: FileHandle, hashed: HashedFile, signal: AbortSignal): Promise<void> {
    const states = new Map<Part, PartFile>()
    let written: Promise<unknown> = Promise.resolve()
    const settle = (part: Part) => {
      const state = states.get(part)
      if (!state || !this.#open.delete(state)) return
      written = Promise.all([written, state.write()])
      // Told at the end.
      written.catch(() => undefined)
    }
    try {
      for (const part of run) {
        const state = await this.#states.open(part)
        states.set(part, state)
        this.#open.add(state)
      }
      let before = missingOf(run)
      await persist(() => this.#attempt(run, file, hashed, settle, signal), {
        signal,
        backoff: this.tools.backoff,
        hasProgress: () => {
          const missing = missingOf(run)
          const brought = missing < before
          before = missing
          return brought
        },
      })
    } finally {
      for (const part of run) settle(part)
      await written.finally(() => Promise.all([...states.values()].map(state => state.close())))
    }
  }

  /** Asks for the rest of a run. @param onFinished hears of each part that is whole */
  async #attempt(
    run: readonly Part[],
    { fd }: FileHandle,
    hashed: HashedFile,
    onFinished: (part: Part) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const rest = run.filter(({ completed, size }) => completed < size)
    const at = rest[0]!.offset + rest[0]!.completed
    const onReceived = (bytes: number) => {
      for (const part of rest) {
        part.completed = Math.max(part.completed, Math.min(part.size, at + bytes - part.offset))
        if (part.completed < part.size) break
        onFinished(part)
      }
      hashed.advance(contiguous(this.#parts))
    }
    const wanted = { at, length: missingOf(rest), total: this.#total }
    await this.source.fetch({ file: fd, key: hashed.key, ...wanted, onReceived }, signal)
    if (missingOf(run) > 0) throw new Problem('registry', 500, 'unexpected EOF')
  }

  /**
   * All of the blob in one stream, from a server that sends no parts: whatever cuts it off, it begins anew. So it is
   * hashed when all of it is there, as bytes that came before may be others now.
   */
  async #fetchAll({ fd }: FileHandle, signal: AbortSignal): Promise<void> {
    this.#inherited = []
    const attempt = async () => {
      let got = 0
      const onReceived = (bytes: number) => {
        got = bytes
        for (const part of this.#parts) {
          part.completed = Math.max(part.completed, Math.min(part.size, bytes - part.offset))
        }
      }
      const all = { at: 0, length: this.#total, total: this.#total }
      await this.source.fetch({ file: fd, ...all, onReceived }, signal)
      if (got < this.#total) throw new Problem('registry', 500, 'unexpected EOF')
    }
    await persist(attempt, { signal, backoff: this.tools.backoff })
  }

  /** @throws Problem always */
  async #wrong(got: string): Promise<never> {
    await this.#states.discard()
    const wanted = `want ${this.source.digest}, got ${got}`
    throw new Problem('wrong-digest', 500, `digest mismatch, file must be downloaded again: ${wanted}`)
  }
}

const missingOf = (parts: readonly Part[]) => parts.reduce((sum, { size, completed }) => sum + size - completed, 0)

async function openPartial(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(error => {
    if (errno(error) !== 'ENOENT') throw error
    return open(path, 'wx+', 0o644)
  })
}
