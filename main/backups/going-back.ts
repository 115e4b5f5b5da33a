import { constants, readFileSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { DatabaseProblem } from '../database/database-problem.ts'
import { conditionOf, openDatabaseFile } from '../database/opening.ts'
import { replaceContent } from '../database/whole-copy.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { requireSpace } from '../files/free-space.ts'
import { Problem } from '../problem.ts'
import { type Kept, readPictures } from './about.ts'
import type { BackedUp } from './part.ts'
import type { Place } from './place.ts'

/**
 * Gives the databases a backup's content, all that it has of them, with its pictures. Everybody is kept off them until
 * the end.
 * @param before called when nobody writes any more, and nothing has changed yet. @returns a backup of that moment
 * @param now milliseconds since 1970
 * @throws Problem: nothing has changed then. Should a second database fail, and the first then not take its content of
 * before either, `cutOff` tells so
 */
export async function goBack(place: Place, backup: Kept, before: () => Promise<Kept>, now: number): Promise<void> {
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
      const present = join(folder, (await before()).id)
      const whole = open.map(([one, database]) => ({
        path: one.path,
        tables: tablesOf(database),
        by: ready.get(one) ?? '',
        before: join(present, one.name),
      }))
      await writeAtomically(journal(folder), JSON.stringify({ id: backup.id }))
      await replaceWhole(folder, whole)
      await forgetCutOff(folder)
    }
    await replaceAll(parts, [])
  } finally {
    // On Windows a file may stay open for a while; it goes the next time.
    await rm(work, { recursive: true, force: true }).catch(() => undefined)
  }
}

interface Replacing {
  readonly path: string
  readonly tables: readonly string[]
  /** The database with what it is to hold, and the one with what it holds. */
  readonly by: string
  readonly before: string
}

/** All of them or none. @throws DatabaseProblem of the first that failed */
async function replaceWhole(folder: string, whole: readonly Replacing[]): Promise<void> {
  const done: Replacing[] = []
  for (const one of whole) {
    try {
      await replaceContent(one.path, one.by, one.tables)
    } catch (error) {
      for (const { path, before, tables } of done) await replaceContent(path, before, tables)
      await forgetCutOff(folder)
      throw error
    }
    done.push(one)
  }
}

/** There from before the first database goes back until after the last: each does so in a transaction of its own. */
const journal = (folder: string): string => join(folder, 'going-back.json')

/**
 * Which backup was being gone back to when the process was killed; undefined when none was.
 * @param folder of all backups
 */
export function cutOff(folder: string): string | undefined {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(journal(folder), 'utf8'))).id
  } catch {
    // Not there, or of an end that was reached.
    return undefined
  }
}

const journalSchema = z.object({ id: z.string() })

/** @throws the file system's error */
export async function forgetCutOff(folder: string): Promise<void> {
  // Synced before the file goes, so that no power cut brings it back after more was written; a full disk lets it go,
  // too.
  await writeAtomically(journal(folder), '{}').catch(() => undefined)
  await rm(journal(folder), { force: true })
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
