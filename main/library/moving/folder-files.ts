import { createHash } from 'node:crypto'
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ifThere } from '../../files/errno.ts'
import { removed, removedIfEmpty, removeEmptyFolders } from '../../files/removed.ts'
import { syncFolder } from '../../files/sync-folder.ts'
import { Problem } from '../../problem.ts'
import { isDigest, isPartial, type ModelsFolder } from '../models-folder.ts'

/** Bytes read, hashed and written at once; a longer piece would hold up everything else main does. */
const pieceBytes = 1024 * 1024
/** Some file systems keep times to two seconds. Milliseconds. */
const sameTimeMs = 2_000
/** What a copy is called until it is whole and verified. */
const makingSuffix = '.hearth-moving'

/** A file that belongs to the models. */
export interface FolderFile {
  /** Below the models folder. */
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/**
 * Manifests, blobs and interrupted downloads: what is a models folder's own. Locks and files in the making are nobody's
 * any more, and what else lies there is not ours to move.
 * @throws Problem `file-unreadable` for a link to a folder, which cannot be moved as it is; the file system's error
 */
export async function filesOf(folder: ModelsFolder): Promise<FolderFile[]> {
  const files: FolderFile[] = []
  const visit = async (within: 'manifests' | 'blobs', inner: string): Promise<void> => {
    const here = join(folder[within], inner)
    for (const entry of (await ifThere(readdir(here, { withFileTypes: true }))) ?? []) {
      const path = join(here, entry.name)
      const below = join(inner, entry.name)
      if (entry.isDirectory()) {
        if (within === 'manifests') await visit(within, below)
        continue
      }
      if (!(within === 'blobs' ? isBlob(entry.name) : isManifest(entry.name))) continue
      const found = await ifThere(stat(path))
      // A link that leads nowhere, or out of the folder, is no model to Hearth either.
      if (!found || (entry.isSymbolicLink() && !(await folder.holds(path, within)))) continue
      if (found.isDirectory()) throw new Problem('file-unreadable', 500, 'a link to a folder cannot be moved', path)
      if (found.isFile()) files.push({ path: join(within, below), size: found.size })
    }
  }
  await visit('manifests', '')
  await visit('blobs', '')
  return files
}

const isBlob = (name: string) => isDigest(name) || isPartial(name)
const isManifest = (name: string) => !name.startsWith('.') && !name.endsWith(makingSuffix)

/**
 * Copies a file and makes sure that the copy holds the same: it is read again, and gets its name only then. A blob must
 * be what its name says, or what the original, damaged as it is, says itself.
 * @param onBytes told of bytes copied, and again of bytes verified
 * @throws Problem `copy-differs`, the file system's error, or the signal's reason; nothing is left then
 */
export async function copyVerified(
  from: string,
  to: string,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<void> {
  const making = `${to}${makingSuffix}`
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  try {
    const { atime, mtime } = await stat(from)
    const original = await copy(from, making, signal, onBytes)
    const copied = await digestOf(making, signal, onBytes)
    if (copied !== original) throw new Problem('copy-differs', 500, 'the copy of a file is not what was copied', from)
    // The time of a manifest is the time of its model.
    await utimes(making, atime, mtime)
    await rename(making, to)
  } catch (error) {
    await rm(making, { force: true })
    throw error
  }
}

/** @returns SHA-256 of what was read, hex */
async function copy(from: string, to: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<string> {
  const target = await open(to, 'w', 0o644)
  try {
    const digest = await eachPiece(from, signal, async piece => {
      await target.appendFile(piece)
      onBytes(piece.length)
    })
    await target.sync()
    return digest
  } finally {
    await target.close()
  }
}

async function digestOf(path: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<string> {
  return eachPiece(path, signal, async piece => onBytes(piece.length))
}

/** Reads a file piece by piece. @returns its SHA-256, hex */
async function eachPiece(path: string, signal: AbortSignal, take: (piece: Buffer) => Promise<void>): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(pieceBytes)
  const file = await open(path, 'r')
  try {
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, pieceBytes)
      if (bytesRead === 0) return hash.digest('hex')
      const piece = buffer.subarray(0, bytesRead)
      // The disk works while the processor hashes.
      const taken = take(piece)
      hash.update(piece)
      await taken
    }
  } finally {
    await file.close()
  }
}

/** Brings the names of all files in a models folder to the disk. */
export async function syncFolders(root: string, files: readonly FolderFile[]): Promise<void> {
  const folders = new Set<string>([root])
  for (const { path } of files) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.add(join(root, at))
  }
  for (const folder of folders) await syncFolder(folder)
}

/**
 * Removes from one models folder what the other holds as well, copies in the making included, and the folders this
 * leaves empty. What is only here, or is another here, stays.
 * @returns whether everything that both hold could be removed: Windows keeps a file that an engine reads
 */
export async function removeTwins(folder: ModelsFolder, other: ModelsFolder, signal: AbortSignal): Promise<boolean> {
  let all = true
  for (const { path } of await filesOf(folder)) {
    signal.throwIfAborted()
    const here = join(folder.root, path)
    if (await isTwin(here, join(other.root, path))) all = (await removed(here)) && all
  }
  // Not copied: they are made again from what was.
  all = (await removed(folder.translations)) && all
  await removeMaking(folder.blobs)
  await removeMaking(folder.manifests)
  for (const inner of [folder.manifests, folder.blobs]) {
    // On Windows rmdir removes a link, whatever it leads to.
    if (!(await ifThere(lstat(inner)))?.isDirectory()) continue
    await removeEmptyFolders(inner)
    await removedIfEmpty(inner)
  }
  await removedIfEmpty(folder.root)
  return all
}

/** Whether two files, not one under two names, hold the same. */
async function isTwin(here: string, there: string): Promise<boolean> {
  const [one, two] = [await ifThere(stat(here)), await ifThere(stat(there))]
  if (!one?.isFile() || !two?.isFile() || one.size !== two.size) return false
  if (one.dev === two.dev && one.ino === two.ino) return false
  const name = basename(here)
  // A blob has its name only when it is whole; a manifest is small.
  if (isDigest(name)) return true
  if (isPartial(name)) return Math.abs(one.mtimeMs - two.mtimeMs) <= sameTimeMs
  return (await readFile(here)).equals(await readFile(there))
}

async function removeMaking(path: string): Promise<void> {
  for (const entry of (await ifThere(readdir(path, { withFileTypes: true }))) ?? []) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await removeMaking(inner)
    else if (entry.isFile() && entry.name.endsWith(makingSuffix)) await removed(inner)
  }
}
