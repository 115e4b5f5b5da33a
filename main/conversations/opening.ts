import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import AsyncLibsql from 'libsql/promise'
import { Database } from './database.ts'
import { DatabaseProblem, databaseProblem } from './database-problem.ts'
import { type Rescued, salvage } from './salvage.ts'
import { applicationId, migrate, migrations, tables } from './schema.ts'

export interface SetAside extends Rescued {
  /** Where the file that could not be read lies now. */
  readonly path: string
}

export interface Opened {
  readonly database: Database
  readonly setAside: SetAside | undefined
}

/** The files SQLite keeps beside a database. */
const companions = ['-wal', '-shm', '-journal']

/**
 * Opens conversations.db: checks it, sets a damaged one aside and rescues what can be read of it, brings an older one up
 * to date after copying it. The caller holds the opening lock, as two processes must not do this at once.
 *
 * @param home the folder; made when missing
 * @param now milliseconds since 1970; its time names files set aside
 * @param steps the migrations
 * @throws DatabaseProblem for what passes or is not for us to mend: locked, newer, disk-full, read-only, unreadable.
 *   Nothing has been moved or changed then.
 */
export async function openDatabase(home: string, now: number, steps = migrations): Promise<Opened> {
  const path = join(home, 'conversations.db')
  try {
    mkdirSync(home, { recursive: true })
    const damaged = existsSync(path) && (await isDamaged(path))
    const aside = damaged ? setAside(path, now) : undefined
    if (!existsSync(path)) create(path, now, steps)
    const database = Database.open(path)
    try {
      await bringUpToDate(database, path, now, steps)
      return { database, setAside: aside === undefined ? undefined : { path: aside, ...salvage(aside, database) } }
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw databaseProblem(error, home)
  }
}

/**
 * Whether the content cannot be right: not SQLite, another program's, pages that contradict each other. The check reads
 * the whole file, so it runs on libsql's own thread. As an error tells its outcome, no statement holds the file after.
 * An empty file is damage too: Hearth never leaves one, and an unexplained empty history is what no one should see.
 */
async function isDamaged(path: string): Promise<boolean> {
  const stat = statSync(path)
  if (stat.isDirectory() || stat.size === 0) return true
  const names = tables.map(table => `'${table}'`).join(', ')
  let connection: AsyncLibsql | undefined
  try {
    connection = new AsyncLibsql(path, { timeout: 1_000 })
    await connection.exec(`
      PRAGMA cell_size_check = ON;
      CREATE TEMP TABLE verdict (line TEXT CONSTRAINT is_ok CHECK (line = 'ok'));
      INSERT INTO verdict SELECT iif(application_id = ${applicationId}, 'ok', 'foreign') FROM pragma_application_id;
      INSERT INTO verdict SELECT iif(count(*) = ${tables.length}, 'ok', 'missing') FROM main.sqlite_master
        WHERE type = 'table' AND name IN (${names});
      INSERT INTO verdict SELECT quick_check FROM pragma_quick_check;
    `)
    return false
  } catch (error) {
    if (error instanceof Error && error.message.includes('is_ok')) return true
    const problem = databaseProblem(error, dirname(path))
    if (problem instanceof DatabaseProblem && problem.trouble === 'damaged') return true
    // "malformed database schema" comes as a plain SQLITE_ERROR or SQLITE_CORRUPT, by its place.
    if (problem.message.includes('malformed')) return true
    throw problem
  } finally {
    await connection?.close()
  }
}

/**
 * Moves the file and its companions away under a name that tells why and when.
 * The log goes first: were the file moved and the log left, a new database would replay the old one's log.
 * @returns where the file lies now
 */
function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  const aside = path.replace(/\.db$/, `-set-aside-${stamp}.db`)
  for (const suffix of [...companions, '']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  syncFolder(dirname(path))
  return aside
}

/** Makes a new file under another name and renames it when whole, so that a killed start leaves no half database. */
function create(path: string, now: number, steps: readonly string[]): void {
  // A log without its file belongs to a database that was taken away.
  if (companions.some(suffix => existsSync(path + suffix))) setAside(path, now)
  const fresh = `${path}.new`
  for (const suffix of ['', ...companions]) rmSync(fresh + suffix, { force: true })
  const database = Database.openPlain(fresh)
  try {
    database.exec(`BEGIN; ${steps.join('\n')}
      PRAGMA user_version = ${steps.length}; PRAGMA application_id = ${applicationId}; COMMIT`)
  } finally {
    database.close()
  }
  renameSync(fresh, path)
  syncFolder(dirname(path))
}

/** A copy first, whole and named only when finished, so that a migration that goes wrong costs nothing. */
async function bringUpToDate(database: Database, path: string, now: number, steps: readonly string[]): Promise<void> {
  const version = database.header('user_version')
  if (version === steps.length) return
  if (version > steps.length)
    throw new DatabaseProblem('newer', `schema ${version}, this version knows ${steps.length}`)
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  await copy(path, path.replace(/\.db$/, `-before-version-${steps.length}-${stamp}.db`))
  migrate(database, steps)
}

async function copy(path: string, target: string): Promise<void> {
  const unfinished = `${target}.tmp`
  rmSync(unfinished, { force: true })
  const connection = new AsyncLibsql(path, { timeout: 1_000 })
  try {
    await connection.exec(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    await connection.close()
  }
  renameSync(unfinished, target)
  syncFolder(dirname(target))
}

/** Makes a rename survive a power cut; Windows opens no folders and needs no such call. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
