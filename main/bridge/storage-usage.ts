import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { StorageUsage } from '../../preload/contract.ts'
import { ifThere } from '../files/errno.ts'
import { freeAt, takenBytes } from '../files/free-space.ts'
import type { Library } from '../library/library.ts'
import { isPartial } from '../library/models-folder.ts'

/** What Hearth's things take on the disk. @param home the folder of the person's data */
export async function storageUsage(library: Library, home: string): Promise<StorageUsage> {
  const { root, blobs } = library.folder
  const [whole, translated, entries] = await Promise.all([
    sizeOf(blobs, brought),
    library.translationSizes(),
    ifThere(readdir(home)),
  ])
  const named = (pattern: RegExp) =>
    sum((entries ?? []).filter(name => pattern.test(name)).map(name => sizeOf(join(home, name))))
  return {
    models: [...translated.values()].reduce((total, size) => total + size, whole),
    // Also what was set aside, and what SQLite keeps beside a database.
    conversations: await named(/^conversations/),
    forms: await named(/^forms/),
    pictures: await sizeOf(join(home, 'attachments')),
    backups: await sizeOf(join(home, 'backups'), ofOneName),
    caches: await named(/^(search|browser$|logs$)/),
    free: await freeAt(root),
  }
}

/**
 * Bytes of a file, or of all files in a folder; 0 for what is not there, or goes meanwhile.
 * @param bytesOf what a file counts
 */
async function sizeOf(path: string, bytesOf = ({ size }: Stats, _path: string) => size): Promise<number> {
  const found = await ifThere(stat(path))
  if (found === undefined) return 0
  if (!found.isDirectory()) return bytesOf(found, path)
  const names = (await ifThere(readdir(path))) ?? []
  return sum(names.map(name => sizeOf(join(path, name), bytesOf)))
}

/** What is not whole yet has its whole length from the beginning on. */
const brought = (file: Stats, path: string): number => (isPartial(basename(path)) ? takenBytes(file) : file.size)

/** A picture of a chat that is still there is a second name of a file that counts as the chat's. */
const ofOneName = ({ nlink, size }: Stats): number => (nlink <= 1 ? size : 0)

async function sum(sizes: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
}
