import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { errno } from '../files/errno.ts'

/**
 * The pictures of all backups, each once under its hash. A second name for the same file where the disk can do that, so
 * that a picture takes its space once, and stays when its chat is gone; a copy elsewhere.
 */
export class PicturePool {
  readonly #folder: string

  /** @param folder made with the first picture */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Takes pictures in; those that are not there any more are left out. @throws the file system's error */
  async take(hashes: Iterable<string>, from: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const hash of hashes) await put(join(from, hash), join(this.#folder, hash))
  }

  /** Puts pictures back where they were. @throws the file system's error */
  async giveBack(hashes: Iterable<string>, to: string): Promise<void> {
    await mkdir(to, { recursive: true, mode: 0o700 })
    const now = new Date()
    for (const hash of hashes) {
      // What nothing refers to yet is kept for the time after it was put there.
      if (await put(join(this.#folder, hash), join(to, hash))) await utimes(join(to, hash), now, now)
    }
  }

  /** Bytes of those pictures that are here alone: a chat may have another name for the same file. */
  async ownBytes(hashes: Iterable<string>): Promise<number> {
    let bytes = 0
    for (const hash of hashes) {
      const found = await stat(join(this.#folder, hash)).catch(() => undefined)
      if (found && found.nlink <= 1) bytes += found.size
    }
    return bytes
  }

  /** Removes all pictures but these. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!hashes.has(name)) await rm(join(this.#folder, name), { force: true })
    }
  }
}

/** @returns whether it is there now. @throws the file system's error */
async function put(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (errno(error) === 'EEXIST') return true
    if (errno(error) === 'ENOENT') return false
    // The disk knows no second names, or has given this file all it may have.
  }
  const making = `${to}.making`
  try {
    await copyFile(from, making, constants.COPYFILE_FICLONE)
    if ((await stat(making)).size !== (await stat(from)).size) throw new Error(`${from} changed while it was copied`)
    await rename(making, to)
    return true
  } catch (error) {
    await rm(making, { force: true })
    if (errno(error) === 'ENOENT') return false
    throw error
  }
}
