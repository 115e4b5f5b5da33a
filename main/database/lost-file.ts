import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from './database.ts'
import { asideName, putInPlace, removeCompanions, removeDatabase } from './database-file.ts'

interface LostFile {
  /** Where the database lies now: at its place again, or beside the file that was put there. */
  readonly path: string
  readonly isReplaced: boolean
}

/**
 * Looks before each write whether an open database still has its place. SQLite goes on in a file that was deleted or
 * replaced, whose name is gone, and all of it goes with the process. So a file that was deleted is written anew, whole;
 * one that somebody put there is left alone, and the database goes on in another beside it. Where the folder is gone as
 * well, nothing is done: it may have been moved, its file and all. Windows lets nobody delete or rename an open file.
 *
 * @param path where it was opened
 * @param now milliseconds since 1970; names the file beside
 * @param tell after the database has moved
 */
export function minding(database: Database, path: string, now: () => number, tell: (lost: LostFile) => void): void {
  let place = path
  let opened = inode(place)
  let log = inode(logOf(place))
  const look = (): void => {
    const found = inode(place)
    if (found === opened || !existsSync(dirname(place))) return
    const isReplaced = found !== undefined
    const next = isReplaced ? asideName(path, now()) : place
    const copy = `${next}.making`
    removeDatabase(copy)
    database.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`)
    // Copying takes its time: nothing that came meanwhile may be replaced.
    if (inode(place) !== found) {
      look()
      return
    }
    // The log of the file that is gone: whatever lies there then would replay it.
    if (!isReplaced || inode(logOf(place)) === log) removeCompanions(place)
    putInPlace(copy, next)
    database.goOnIn(next)
    place = next
    opened = inode(next)
    log = inode(logOf(next))
    tell({ path: next, isReplaced })
  }
  database.beforeWrites(look)
}

const logOf = (path: string): string => `${path}-wal`

/** What tells a file from another that has its name, as SQLite itself does it; undefined when there is none. */
const inode = (path: string): bigint | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino
