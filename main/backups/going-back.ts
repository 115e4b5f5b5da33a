import { constants } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../database/database.ts'
import { DatabaseProblem } from '../database/database-problem.ts'
import { conditionOf, openDatabaseFile } from '../database/opening.ts'
import { replaceContent } from '../database/whole-copy.ts'
import { requireSpace } from '../free-space.ts'
import { Problem } from '../problem.ts'
import { type Kept, readPictures } from './about.ts'
import type { BackedUp } from './part.ts'
import type { Place } from './snapshot.ts'

/**
 * Gives the databases a backup's content, all that it has of them, with its pictures. Everybody is kept off them until
 * the end.
 * @param before called when nobody writes any more, and nothing has changed yet
 * @param now milliseconds since 1970
 * @throws Problem: nothing has changed then; only when a second database fails, the first has gone back already
 */
export async function goBack(place: Place, backup: Kept, before: () => Promise<void>, now: number): Promise<void> {
  const { folder, pool } = place
  const home = join(folder, backup.id)
  const parts = place.parts.filter(({ name }) => backup.files.includes(name))
  const work = join(folder, 'going-back')
  await rm(work, { recursive: true, force: true })
  try {
    await requireSpace(folder, 2 * backup.bytes)
    const ready = new Map<BackedUp, string>()
    for (const part of parts) ready.set(part, await upToDate(part, join(home, part.name), work, now))
    const pictures = readPictures(home)
    for (const part of parts) await pool.giveBack(pictures[part.name] ?? [], part.pictures)
    const replaceAll = async (left: readonly BackedUp[], open: readonly [BackedUp, Database][]): Promise<void> => {
      const [part, ...others] = left
      if (part) return part.replaced(database => replaceAll(others, [...open, [part, database]]))
      await before()
      for (const [one, database] of open) await replaceContent(one.path, ready.get(one) ?? '', tablesOf(database))
    }
    await replaceAll(parts, [])
  } finally {
    // On Windows a file may stay open for a while; it goes the next time.
    await rm(work, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** @returns the path of a database of the newest version: the backup's own, or a copy that was brought there */
async function upToDate({ kind, name }: BackedUp, path: string, work: string, now: number): Promise<string> {
  const condition = await conditionOf(path, kind)
  if (condition === 'sound') return path
  if (condition === 'newer') throw new DatabaseProblem('newer', path)
  if (condition !== 'older') throw new Problem('database', 500, 'the backup is damaged', path)
  const copy = join(work, name)
  await mkdir(work, { recursive: true, mode: 0o700 })
  await copyFile(path, copy, constants.COPYFILE_FICLONE)
  const { database } = await openDatabaseFile(copy, now, kind)
  database.close()
  return copy
}

function tablesOf(database: Database): string[] {
  const rows = database.rows({ name: 'TEXT' }, `FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
  return rows.flatMap(({ name }) => name ?? [])
}
