import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from '../database/database.ts'
import { stamp } from '../database/database-file.ts'
import { DatabaseProblem, databaseProblem } from '../database/database-problem.ts'
import { copyWhole } from '../database/whole-copy.ts'
import { requireSpace } from '../files/free-space.ts'
import { asProblem } from '../problem.ts'
import { type About, type Kept, writeAbout, writePictures } from './about.ts'
import type { MigrationCopy } from './migration-copies.ts'
import type { BackedUp } from './part.ts'
import type { PicturePool } from './picture-pool.ts'
import type { Place } from './place.ts'

/** Bytes a disk keeps free beside what is written: a backup must not be what fills it. */
const reserve = 16 * 1024 * 1024

/**
 * Takes a backup. Its folder counts from the moment about.json has its name, when all else is on disk and checked.
 * @param settings the file with the person's settings, which goes along
 * @param now milliseconds since 1970
 * @throws Problem disk-full or database, or of the file system; nothing of it is left then
 */
export async function takeSnapshot(
  { folder, pool, parts }: Place,
  settings: string,
  now: number,
  reason: About['reason'],
): Promise<Kept> {
  const id = freeId(folder, now)
  const making = join(folder, id)
  try {
    await mkdir(making, { recursive: true, mode: 0o700 })
    const present = parts.filter(({ path }) => existsSync(path))
    for (const { path, name, kind } of present) {
      await requireSpace(folder, (await stat(path)).size + reserve)
      await copyWhole(path, join(making, name), kind)
    }
    if (existsSync(settings)) await copyFile(settings, join(making, 'settings.json'))
    return { id, ...(await writeDown(making, present, pool, now, reason)) }
  } catch (error) {
    // What cannot be removed now is taken for unfinished, and removed later.
    await rm(making, { recursive: true, force: true }).catch(() => undefined)
    throw asProblem(error)
  }
}

/**
 * Makes a backup of a copy that a migration left beside its database.
 * @throws Problem; a copy that can never be read has another name then, so that it is told once
 */
export async function adopt({ folder, pool }: Place, { part, path, at }: MigrationCopy): Promise<void> {
  const home = join(folder, freeId(folder, at))
  await mkdir(home, { recursive: true, mode: 0o700 })
  try {
    // The copy comes last: until then it lies where it was, and the folder counts as unfinished.
    await writeDown(home, [part], pool, at, 'migration', path)
    await rename(path, join(home, part.name))
  } catch (error) {
    const problem = databaseProblem(error, folder)
    const mayPass = problem instanceof DatabaseProblem && problem.trouble !== 'damaged'
    if (!mayPass) await rename(path, `${path}.unreadable`)
    throw problem
  }
}

/** Says what databases hold, takes their pictures in, and writes both down. @param elsewhere where the only one lies */
async function writeDown(
  home: string,
  parts: readonly BackedUp[],
  pool: PicturePool,
  at: number,
  reason: About['reason'],
  elsewhere?: string,
): Promise<About> {
  const counts = { chats: null as number | null, forms: null as number | null }
  const pictures: Record<string, string[]> = {}
  let bytes = 0
  for (const part of parts) {
    const path = elsewhere ?? join(home, part.name)
    bytes += (await stat(path)).size
    const database = Database.openReadOnly(path)
    try {
      counts[part.name === 'forms.db' ? 'forms' : 'chats'] = part.items(database).size
      pictures[part.name] = [...part.hashes(database)].filter(isHash)
    } finally {
      database.close()
    }
    await pool.take(pictures[part.name] ?? [], part.pictures)
  }
  await writePictures(home, pictures)
  const about = { at, reason, bytes, ...counts, files: parts.map(({ name }) => name) }
  await writeAbout(home, about)
  return about
}

/** Nothing else is ever a path here. */
const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

function freeId(folder: string, now: number): string {
  const first = stamp(now)
  let id = first
  for (let number = 2; existsSync(join(folder, id)); number += 1) id = `${first}-${number}`
  return id
}
