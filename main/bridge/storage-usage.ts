import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageUsage } from '../../preload/contract.ts'
import type { Library } from '../library/library.ts'
import { ifThere } from '../library/models-folder.ts'
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
    caches: await named(/^(search|browser$|logs$)/),
    free,
  }
}

/** Bytes of a file, or of all files in a folder; 0 for what is not there, or goes meanwhile. */
async function sizeOf(path: string): Promise<number> {
  const found = await ifThere(stat(path))
  if (!found?.isDirectory()) return found?.size ?? 0
  const names = (await ifThere(readdir(path))) ?? []
  return sum(names.map(name => sizeOf(join(path, name))))
}

async function sum(sizes: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
}
