import type { Stats, StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { Problem } from '../problem.ts'
import { ifThere } from './errno.ts'

/** Bytes of what `stat` counts as a block, whatever the file system's own are; on Windows, too. */
const statBlock = 512

type Space = Pick<StatsFs, 'blocks' | 'bavail' | 'bsize'>

/**
 * Bytes that are free by `statfs`; undefined where the file system tells nothing, as some that a virtual machine's host
 * or the network lends do: all is zero then.
 */
export function freeBytes({ blocks, bavail, bsize }: Space): number | undefined {
  return blocks === 0 ? undefined : bavail * bsize
}

/** Bytes that are free where a folder lies; null where nobody knows, as while it is not there. */
export async function freeAt(folder: string): Promise<number | null> {
  const disk = await ifThere(statfs(folder))
  return (disk && freeBytes(disk)) ?? null
}

/** Bytes that a file with holes has taken of the disk so far. */
export function takenBytes({ size, blocks }: Pick<Stats, 'size' | 'blocks'>): number {
  return Math.min(size, blocks * statBlock)
}

/**
 * Makes sure that bytes will fit, before an hour's work tells the same; where nobody knows, the work will tell.
 * @param folder where they are going to be written; it must exist
 * @throws Problem `disk-full`
 */
export async function requireSpace(
  folder: string,
  bytes: number,
  ask: (path: string) => Promise<Space> = statfs,
): Promise<void> {
  const free = freeBytes(await ask(folder))
  if (free === undefined || bytes <= free) return
  throw new Problem('disk-full', 500, 'no space left on device', `${bytes} bytes are needed, ${free} are free`)
}
