import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { backupSchema } from '../../preload/contract.ts'
import { writeAtomically } from '../settings/atomic-file.ts'

/** The file that makes a folder a backup: it is written last. */
const aboutFile = 'about.json'

const aboutSchema = backupSchema.omit({ id: true }).extend({
  /** Names of its databases. */
  files: z.array(z.enum(['conversations.db', 'forms.db'])).min(1),
})

export type About = z.output<typeof aboutSchema>

/** A backup that is whole. */
export interface Kept extends About {
  /** The name of its folder. */
  readonly id: string
}

export const writeAbout = (folder: string, about: About): Promise<void> =>
  writeAtomically(join(folder, aboutFile), `${JSON.stringify(about, null, 2)}\n`)

/** What each database of a backup refers to. */
const picturesSchema = z.partialRecord(z.enum(['conversations.db', 'forms.db']), z.array(z.string()))

type Pictures = z.output<typeof picturesSchema>

export const writePictures = (folder: string, pictures: Pictures): Promise<void> =>
  writeAtomically(join(folder, 'pictures.json'), JSON.stringify(pictures))

/** @throws the file system's error, or of a file that is broken */
export const readPictures = (folder: string): Pictures =>
  picturesSchema.parse(JSON.parse(readFileSync(join(folder, 'pictures.json'), 'utf8')))

/**
 * The backups in a folder, the newest first, and the names of folders that a backup was begun in and never finished.
 * Other names are none of ours.
 */
export async function readBackups(folder: string): Promise<{ kept: Kept[]; unfinished: string[] }> {
  const names = (await readdir(folder).catch(() => [])).filter(isId)
  const read = await Promise.all(names.map(async id => ({ id, about: await readAbout(join(folder, id)) })))
  const kept = read.flatMap(({ id, about }) => (about ? [{ id, ...about }] : []))
  const unfinished = read.flatMap(({ id, about }) => (about ? [] : [id]))
  return { kept: kept.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)), unfinished }
}

async function readAbout(folder: string): Promise<About | undefined> {
  try {
    const about = aboutSchema.parse(JSON.parse(readFileSync(join(folder, aboutFile), 'utf8')))
    for (const name of about.files) await stat(join(folder, name))
    return about
  } catch {
    // Cut off before its end, or taken apart by hand: no backup either way.
    return undefined
  }
}

/** As `stamp` makes them of a time; a second one of the same millisecond gets a number. */
const isId = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z(-\d+)?$/.test(name)
