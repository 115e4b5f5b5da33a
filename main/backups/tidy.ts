import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { freeBytes } from '../files/free-space.ts'
import { type Kept, readBackups, readPictures, removeBackup } from './about.ts'
import type { Place } from './place.ts'
import { outlived } from './retention.ts'

/** Of what is free on the disk and what backups take already, so much is theirs. */
const share = 0.25

/**
 * Removes what was left unfinished, what has outlived its use, and the pictures that only those had. Called under the
 * lock: an unfinished folder is nobody's.
 * @param now milliseconds since 1970
 * @param needed the id of a backup that stays, however old
 */
export async function tidy({ folder, pool }: Place, now: number, needed: string | undefined): Promise<void> {
  const { kept, unfinished, unknown } = await readBackups(folder)
  const free = freeBytes(await statfs(folder)) ?? Number.POSITIVE_INFINITY
  const taken = kept.reduce((sum, { bytes }) => sum + bytes, 0)
  const old = outlived(kept, now, (free + taken) * share).filter(({ id }) => id !== needed)
  for (const id of [...old.map(one => one.id), ...unfinished]) await removeBackup(join(folder, id))
  const staying = [...kept.filter(one => !old.includes(one)).map(({ id }) => id), ...unknown]
  const pictures = picturesOf(folder, staying)
  // A list that cannot be read may name any of them: all stay.
  if (pictures) await pool.keepOnly(pictures).catch(() => undefined)
}

/** Bytes the disk gets back when a backup is removed, with the pictures that only it has. */
export async function freedBy({ folder, pool }: Place, { id, files }: Kept): Promise<number> {
  const { kept, unknown } = await readBackups(folder)
  const others = [...kept.map(one => one.id).filter(one => one !== id), ...unknown]
  const sizes = [...files, 'settings.json', 'pictures.json'].map(name =>
    statSync(join(folder, id, name), { throwIfNoEntry: false }),
  )
  const own = sizes.reduce((sum, stat) => sum + (stat?.size ?? 0), 0)
  const [mine, theirs] = [picturesOf(folder, [id]), picturesOf(folder, others)]
  // Where a list cannot be read, all pictures stay.
  if (!mine || !theirs) return own
  return own + (await pool.ownBytes([...mine].filter(hash => !theirs.has(hash))))
}

/** Hashes of the pictures that backups refer to; undefined where that cannot be read. @param ids names of folders */
function picturesOf(folder: string, ids: readonly string[]): ReadonlySet<string> | undefined {
  try {
    return new Set(ids.flatMap(id => Object.values(readPictures(join(folder, id)))).flat())
  } catch {
    return undefined
  }
}
