import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageUsage } from '../../preload/contract.ts'
import { ifThere } from '../files/errno.ts'
import type { Library } from '../library/library.ts'
import { storageOf } from '../library/storage.ts'

/** What Hearth's things take on the disk. @param home the folder of the person's data */
export async function storageUsage(library: Library, home: string): Promise<StorageUsage> {
  const [{ total, free }, entries, pictures] = await Promise.all([
    storageOf(library),
    ifThere(readdir(home)),
    sizeOf(join(home, 'attachments')),
  ])
  const named = (pattern: RegExp) =>
    sum((entries ?? []).filter(name => pattern.test(name)).map(name => sizeOf(join(home, name))))
  return {
    models: total,
    // Also what was set aside, and what SQLite keeps beside a database.
    conversations: await named(/^(conversations|forms)/),
    pictures,
    backups: await sizeOf(join(home, 'backups'), isOnlyName),
    caches: await named(/^(search|browser$|logs$)/),
    free,
  }
}

/**
 * Bytes of a file, or of all files in a folder; 0 for what is not there, or goes meanwhile.
 * @param counts which files; all when left out
 */
async function sizeOf(path: string, counts: (file: Stats) => boolean = () => true): Promise<number> {
  const found = await ifThere(stat(path))
  if (found === undefined) return 0
  if (!found.isDirectory()) return counts(found) ? found.size : 0
  const names = (await ifThere(readdir(path))) ?? []
  return sum(names.map(name => sizeOf(join(path, name), counts)))
}

/** A picture of a chat that is still there is a second name of a file that counts as the chat's. */
const isOnlyName = ({ nlink }: Stats): boolean => nlink <= 1

async function sum(sizes: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
}
