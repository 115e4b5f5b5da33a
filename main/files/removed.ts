import { rm } from 'node:fs/promises'
import { errno } from './errno.ts'

/** Where a file is read by an engine (Windows), or lies where nothing may be changed. */
const KEPT = ['EBUSY', 'EPERM', 'EACCES', 'EROFS']

/**
 * Removes a file, or a folder with all that is in it.
 * @returns false where the system does not let it go; true as well when there was nothing
 */
export async function removed(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true, force: true })
    return true
  } catch (error) {
    if (KEPT.includes(errno(error) ?? '')) return false
    throw error
  }
}
