import { type FileHandle, lstat, open, readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { errno, ifThere } from '../../files/errno.ts'

/**
 * A download under way lies in the models folder as upstream's does (server/download.go), so that either program can go
 * on with what the other began: `sha256-<hex>-partial` has the blob's full length, each `sha256-<hex>-partial-<N>` says
 * as JSON how far one part of it is.
 */
export interface Part {
  readonly n: number
  /** Of the part's first byte in the blob. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
  /** Bytes from `offset` on that are in the file. */
  completed: number
}

const mb = 1_000_000
/**
 * Parts are smaller than upstream's (100 MB to 1 GB): they are fetched in order, so the hash keeps up with them, and a
 * part's end is where a slow connection makes room for a better one. Each is a request that costs the sender something.
 */
const smallestPart = 16 * mb
const largestPart = 100 * mb
/** Unless there were more parts than this. */
const mostParts = 1024

const partSchema = z
  .object({
    N: z.int().nonnegative(),
    Offset: z.int().nonnegative(),
    Size: z.int().positive(),
    Completed: z.int().nonnegative(),
  })
  .refine(({ Size, Completed }) => Completed <= Size)

/** Cuts the bytes from `offset` to `end` into parts, numbered from `n` on. */
export function cutIntoParts(offset: number, end: number, n = 0): Part[] {
  const bytes = end - offset
  const size = Math.max(
    Math.min(Math.max(Math.ceil(bytes / 16), smallestPart), largestPart),
    Math.ceil(bytes / mostParts),
  )
  const parts: Part[] = []
  for (let at = offset; at < end; at += size) {
    parts.push({ n: n + parts.length, offset: at, size: Math.min(size, end - at), completed: 0 })
  }
  return parts
}

/**
 * All of a blob's parts: those that are known, and new ones where none is known or two claim the same bytes.
 * @param total the blob's size in bytes
 */
export function completeParts(known: readonly Part[], total: number): Part[] {
  const parts: Part[] = []
  let at = 0
  let n = known.reduce((most, part) => Math.max(most, part.n + 1), 0)
  const fill = (end: number) => {
    const made = cutIntoParts(at, end, n)
    n += made.length
    parts.push(...made)
  }
  for (const part of [...known].sort((a, b) => a.offset - b.offset)) {
    if (part.offset < at || part.offset + part.size > total) continue
    fill(part.offset)
    parts.push(part)
    at = part.offset + part.size
  }
  fill(total)
  return parts
}

/** Bytes from the blob's beginning on that are there without a gap. */
export function contiguous(parts: readonly Part[]): number {
  let at = 0
  for (const part of parts) {
    at += part.completed
    if (part.completed < part.size) break
  }
  return at
}

/** The state files of a download. */
export class PartFiles {
  /** @param partial path of the file the parts lie in */
  constructor(readonly partial: string) {}

  /**
   * What earlier attempts left, sorted by place; what makes no sense, and links, which would be written through, are
   * left out.
   */
  async read(): Promise<Part[]> {
    const parts: Part[] = []
    for (const path of await this.#paths()) {
      if (!(await ifThere(lstat(path)))?.isFile()) continue
      const text = await ifThere(readFile(path, 'utf8'))
      const read = partSchema.safeParse(json(text ?? ''))
      // The number in the name is the one that counts: the file is found by it again.
      if (!read.success || path !== this.path(read.data.N)) continue
      const { N, Offset, Size, Completed } = read.data
      parts.push({ n: N, offset: Offset, size: Size, completed: Completed })
    }
    return parts.sort((a, b) => a.offset - b.offset)
  }

  path(n: number): string {
    return `${this.partial}-${n}`
  }

  async open(part: Part): Promise<PartFile> {
    const path = this.path(part.n)
    const handle = await open(path, 'r+').catch(error => {
      if (errno(error) !== 'ENOENT') throw error
      return open(path, 'w', 0o644)
    })
    return new PartFile(part, handle)
  }

  /**
   * Makes the states on the disk those of exactly these parts. Upstream takes the sum of their sizes for the blob's, so
   * every part needs its own before the first byte comes.
   * @param known those of the parts whose states are there
   */
  async settle(parts: readonly Part[], known: readonly Part[]): Promise<void> {
    const kept = new Set(parts.filter(part => known.includes(part)).map(({ n }) => this.path(n)))
    for (const path of await this.#paths()) if (!kept.has(path)) await rm(path, { force: true })
    for (const part of parts) {
      if (kept.has(this.path(part.n))) continue
      const state = await this.open(part)
      await state.write().finally(() => state.close())
    }
  }

  /** Removes the states, those of other parts than ours as well. */
  async remove(): Promise<void> {
    for (const path of await this.#paths()) await rm(path, { force: true })
  }

  /** Removes the states and the file, which is to say the download. */
  async discard(): Promise<void> {
    await this.remove()
    await rm(this.partial, { force: true })
  }

  async #paths(): Promise<string[]> {
    const prefix = `${basename(this.partial)}-`
    const folder = dirname(this.partial)
    const names = (await ifThere(readdir(folder))) ?? []
    return names
      .filter(name => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map(name => join(folder, name))
  }
}

/** Longer than any state, so that a shorter one leaves nothing of a longer one behind. */
const stateBytes = 128

/** Where one part's state is kept up to date, by single writes: whoever is killed leaves the old one or the new one. */
export class PartFile {
  constructor(
    readonly part: Part,
    private readonly handle: FileHandle,
  ) {}

  /** @param completed bytes of the part that are in the file */
  async write(completed = this.part.completed): Promise<void> {
    const { n, offset, size } = this.part
    const state = JSON.stringify({ N: n, Offset: offset, Size: size, Completed: completed })
    await this.handle.write(`${state.padEnd(stateBytes - 1)}\n`, 0)
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
