import { readFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { backupSchema } from '../../preload/contract-app.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { errno } from '../files/errno.ts'
import { databaseName } from './part.ts'

/** The file that makes a folder a backup: it is written last. */
const aboutFile = 'about.json'

const aboutSchema = backupSchema.omit({ id: true }).extend({
  /** Names of its databases. */
  files: z.array(databaseName).min(1),
})

export type About = z.output<typeof aboutSchema>

/** A backup that is whole. */
export interface Kept extends About {
  /** The name of its folder. */
  readonly id: string
}

export const writeAbout = (folder: string, about: About): Promise<void> =>
  writeAtomically(join(folder, aboutFile), `${JSON.stringify(about, null, 2)}\n`)

/** Removes a backup, or what was begun of one. What cannot be removed now counts as unfinished, and goes later. */
export async function removeBackup(folder: string): Promise<void> {
  // The file that makes it a backup goes first, so that half of one is never taken for it.
  await rm(join(folder, aboutFile), { force: true })
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}

/** What each database of a backup refers to. */
const picturesSchema = z.partialRecord(databaseName, z.array(z.string()))

type Pictures = z.output<typeof picturesSchema>

export const writePictures = (folder: string, pictures: Pictures): Promise<void> =>
  writeAtomically(join(folder, 'pictures.json'), JSON.stringify(pictures))

/** @throws the file system's error, or of a file that is broken */
export const readPictures = (folder: string): Pictures =>
  picturesSchema.parse(JSON.parse(readFileSync(join(folder, 'pictures.json'), 'utf8')))

interface FoundBackups {
  /** The newest first. */
  readonly kept: Kept[]
  /** Names of folders that a backup was begun in and never finished, or that was taken apart by hand. */
  readonly unfinished: string[]
  /** Names of folders that nobody here can tell of: a newer version's, or of a disk that reads badly today. */
  readonly unknown: string[]
}

/** The backups in a folder. Names that are not as ours are none of ours. */
export async function readBackups(folder: string): Promise<FoundBackups> {
  const found: FoundBackups = { kept: [], unfinished: [], unknown: [] }
  for (const id of (await readdir(folder).catch(() => [])).filter(isId)) {
    try {
      found.kept.push({ id, ...(await readAbout(join(folder, id))) })
    } catch (error) {
      const isUnfinished = errno(error) === 'ENOENT'
      ;(isUnfinished ? found.unfinished : found.unknown).push(id)
    }
  }
  found.kept.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  return found
}

/** @throws the file system's error, ENOENT where one of its files is missing, or of what it says */
async function readAbout(folder: string): Promise<About> {
  const about = aboutSchema.parse(JSON.parse(readFileSync(join(folder, aboutFile), 'utf8')))
  for (const name of about.files) await stat(join(folder, name))
  return about
}

/** As `stamp` makes them of a time; a second one of the same millisecond gets a number. */
const isId = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z(-\d+)?$/.test(name)
