import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errno, ifThere } from './errno.ts'

/** Where a file is read by an engine (Windows), or lies where nothing may be changed. */
const kept = ['EBUSY', 'EPERM', 'EACCES', 'EROFS']

/**
 * Removes a file, or a folder with all that is in it.
 * @returns false where the system does not let it go; true as well when there was nothing
 */
export async function removed(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true, force: true })
    return true
  } catch (error) {
    if (kept.includes(errno(error) ?? '')) return false
    throw error
  }
}

/** A folder with something in it, or in use, or none at all. */
const stays = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', ...kept]

/**
 * Removes a folder without anything in it.
 * @returns false where it stays; true as well when there was nothing
 */
export async function removedIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path)
    return true
  } catch (error) {
    if (stays.includes(errno(error) ?? '')) return false
    if (errno(error) === 'ENOENT') return true
    throw error
  }
}

/**
 * Removes the folders below a path that have nothing in them, deepest first; never follows a link, never removes the
 * path itself.
 * @param before milliseconds since 1970; folders that changed later stay
 */
export async function removeEmptyFolders(path: string, before = Number.POSITIVE_INFINITY): Promise<void> {
  for (const entry of (await ifThere(readdir(path, { withFileTypes: true }))) ?? []) {
    if (!entry.isDirectory()) continue
    const inner = join(path, entry.name)
    // Looked at first: removing what is in it changes it.
    const modified = (await ifThere(lstat(inner)))?.mtimeMs ?? Number.POSITIVE_INFINITY
    await removeEmptyFolders(inner, before)
    if (modified <= before) await removedIfEmpty(inner)
  }
}
