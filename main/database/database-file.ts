import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import AsyncLibsql from 'libsql/promise'
import { syncFolderNow, syncNow } from '../files/sync-folder.ts'
import { databaseProblem } from './database-problem.ts'

/** The files SQLite keeps beside a database. */
const companions = ['-wal', '-shm', '-journal']

export type Exec = (sql: string) => Promise<void>

/**
 * Works on a database file as a whole: checking, building, copying. It runs on libsql's own thread, as it reads whole
 * files, and knows only statements that give no rows: prepared ones would keep the file open after closing, and SQLite
 * removes the log by its name when such a leftover is collected, even if another database has taken that name since.
 * @throws DatabaseProblem, or Problem `database`
 */
export function withDatabaseFile<T>(path: string, work: (exec: Exec) => Promise<T>): Promise<T> {
  return connected(path, dirname(path), work)
}

/** The same for a file that must stay as it is. */
export function readingDatabaseFile<T>(path: string, work: (exec: Exec) => Promise<T>): Promise<T> {
  return connected(readOnlyUrl(path), dirname(path), work)
}

async function connected<T>(name: string, folder: string, work: (exec: Exec) => Promise<T>): Promise<T> {
  try {
    const connection = new AsyncLibsql(name, { timeout: 1_000 })
    try {
      return await work(sql => connection.exec(sql).catch(fail))
    } finally {
      await connection.close()
    }
  } catch (error) {
    return fail(error)
  }

  function fail(error: unknown): never {
    throw databaseProblem(error, folder)
  }
}

/**
 * The name SQLite opens a file by without changing it: neither is its log written back, nor removed.
 * An empty file is the exception: its log is removed all the same.
 */
export function readOnlyUrl(path: string): string {
  return `${pathToFileURL(path).href}?mode=ro`
}

/** Removes a database that was never used. */
export function removeDatabase(path: string): void {
  removeCompanions(path)
  rmSync(path, { force: true })
}

/** Removes what lies beside a database whose file is gone. */
export function removeCompanions(path: string): void {
  for (const suffix of companions) rmSync(path + suffix, { force: true })
}

/**
 * Moves a file and its companions away under a name that tells why and when. The companions go first: were the file
 * moved and its log left, a new database of the same name would replay it.
 * @param now milliseconds since 1970
 * @returns where the file lies now
 */
export function setAside(path: string, now: number): string {
  const aside = asideName(path, now)
  for (const suffix of [...companions, '']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  syncFolderNow(dirname(path))
  return aside
}

/** What a database is called that lies beside the place of another, by milliseconds since 1970. */
export const asideName = (path: string, now: number): string => path.replace(/\.db$/, `-set-aside-${stamp(now)}.db`)

/** Whether a file of that name is a database that was moved away. */
export const isSetAside = (name: string): boolean => /-set-aside-.*\.db$/.test(name)

/** Whether a log lies beside the place of a database. */
export function hasCompanions(path: string): boolean {
  return companions.some(suffix => existsSync(path + suffix))
}

/** Gives a finished file its name, so that it survives a power cut. */
export function putInPlace(finished: string, path: string): void {
  syncNow(finished)
  renameSync(finished, path)
  syncFolderNow(dirname(path))
}

/** A time as it can stand in a file name everywhere. */
export function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[:.]/g, '-')
}
