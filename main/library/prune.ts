import type { Dirent } from 'node:fs'
import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ifThere } from '../files/errno.ts'
import { removeEmptyFolders } from '../files/removed.ts'
import type { Blobs } from './blobs.ts'
import type { ManifestStore } from './manifest-store.ts'
import { isDigest, isPartial, type ModelsFolder } from './models-folder.ts'

const hour = 3_600_000
/** An interrupted download is worth keeping: a person who comes back after a weekend goes on where it stopped. */
const partialKept = 7 * 24 * hour

export interface PruneReport {
  /** Paths removed. */
  readonly removed: readonly string[]
  /** Why unreferenced blobs were left alone, if they were. */
  readonly skipped?: 'references-unknown' | 'folder-in-use'
}

/**
 * Clears away what crashes and interrupted work left (upstream server/images.go, PruneLayers): temporary files and
 * unreferenced blobs untouched for an hour, interrupted downloads untouched for a week, empty manifest folders.
 * Another program may be at work in the folder, so blobs are left alone while anything in it is fresh that is
 * unfinished or that nothing refers to yet, and whenever it is not certain what every manifest refers to. Call it with
 * the blobs' gate held.
 */
export async function prune(
  folder: ModelsFolder,
  manifests: ManifestStore,
  blobs: Blobs,
  { keep = new Set(), now = Date.now() }: { keep?: ReadonlySet<string>; now?: number } = {},
): Promise<PruneReport> {
  await renameOldBlobs(folder)
  const files = await listFiles(folder.blobs)
  const age = (file: BlobFile) => now - file.modified
  const unfinished = files.filter(file => !isDigest(file.name))
  const removed: string[] = []
  const remove = async (path: string) => {
    if ((await ifThere(rm(path).then(() => true))) === true) removed.push(path)
  }

  const partials = unfinished.filter(({ name }) => isPartial(name))
  // The states of parts that were finished long ago are as fresh as the file the others still come into.
  const freshest = new Map<string, number>()
  for (const file of partials) {
    const digest = digestOf(file)
    freshest.set(digest, Math.min(age(file), freshest.get(digest) ?? Number.POSITIVE_INFINITY))
  }
  for (const file of partials) {
    if (freshest.get(digestOf(file))! > partialKept && !keep.has(digestOf(file))) await remove(file.path)
  }
  for (const file of unfinished.filter(isOurs)) {
    // The lock of a download is as old as its beginning, and may be held.
    const belongsToDownload = freshest.has(digestOf(file))
    if (age(file) > hour && !belongsToDownload) await remove(file.path)
  }
  for (const file of await listFiles(folder.manifests)) {
    if (file.name.startsWith('.manifest-') && age(file) > hour) await remove(file.path)
  }
  // Another program may have made a fresh one for the manifest it writes next.
  await removeEmptyFolders(folder.manifests, now - hour)

  // A download or an upload in flight: its finished layers are not referenced by anything yet, whatever their age.
  if (unfinished.some(file => age(file) < hour)) return { removed, skipped: 'folder-in-use' }
  const references = await manifests.references()
  if (!references) return { removed, skipped: 'references-unknown' }
  // Layers that are whole wait with the interrupted one for the manifest, which comes last.
  const kept = [...freshest.values()].some(fresh => fresh <= partialKept) ? partialKept : hour
  const spare = files.filter(
    file => isDigest(file.name) && !references.has(digestOf(file)) && !keep.has(digestOf(file)),
  )
  // Between two layers, and while it makes sure of them all, a program has nothing unfinished there.
  if (spare.some(file => age(file) < hour)) return { removed, skipped: 'folder-in-use' }
  for (const file of spare) {
    if (age(file) <= kept || blobs.isWanted(digestOf(file))) continue
    // Somebody may have taken it up since the folder was listed, which shows in its time of change.
    if ((await ifThere(lstat(file.path)))?.mtimeMs === file.modified) await remove(file.path)
  }
  return { removed }
}

interface BlobFile {
  readonly name: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** `sha256:<hex>` of a blob's file, or of a part of it. */
function digestOf({ name }: BlobFile): string {
  return `sha256:${name.slice('sha256-'.length, 'sha256-'.length + 64).toLowerCase()}`
}

/** Files this layout has no name for, a person's notes say, are nobody's to delete. */
function isOurs({ name }: BlobFile): boolean {
  return /^sha256-[0-9A-Za-z-]+$/.test(name)
}

/** Regular files directly in a folder; links and folders are none of pruning's business. */
async function listFiles(path: string): Promise<BlobFile[]> {
  const entries: Dirent[] = (await ifThere(readdir(path, { withFileTypes: true }))) ?? []
  const files = entries
    .filter(entry => entry.isFile())
    .map(async ({ name }) => {
      const found = await ifThere(lstat(join(path, name)))
      return found && { name, path: join(path, name), modified: found.mtimeMs }
    })
  return (await Promise.all(files)).filter(file => file !== undefined)
}

/** Blobs of the first versions were called `sha256:<hex>` (upstream server/fixblobs.go). */
async function renameOldBlobs(folder: ModelsFolder): Promise<void> {
  for (const { name, path } of await listFiles(folder.blobs)) {
    if (!name.startsWith('sha256:') || !isDigest(name)) continue
    const target = folder.blobPath(name)
    if (!(await ifThere(lstat(target)))) await rename(path, target)
  }
}
