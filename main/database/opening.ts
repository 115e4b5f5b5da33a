import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Database } from './database.ts'
import {
  type Exec,
  hasCompanions,
  putInPlace,
  readingDatabaseFile,
  removeDatabase,
  setAside,
  stamp,
  withDatabaseFile,
} from './database-file.ts'
import { DatabaseProblem, databaseProblem } from './database-problem.ts'

/** What tells one of Hearth's databases from another. */
export interface DatabaseKind {
  /** Written into the file's header: tells it from another program's SQLite file. */
  readonly applicationId: number
  /** SQL that makes version n+1 out of version n. Appended to, never changed: files of every version are out there. */
  readonly migrations: readonly string[]
  /** Tables without which a file is not of this kind, whatever its header says. */
  readonly tables: readonly string[]
  /**
   * Copies what can still be read of a damaged file.
   * @param exec works on the new database, which has the tables and nothing in them
   */
  readonly salvage: (exec: Exec, damaged: string) => Promise<void>
}

export interface Opened {
  readonly database: Database
  /** Where a file that could not be read lies now. */
  readonly aside: string | undefined
}

export type Condition = 'sound' | 'damaged' | 'older' | 'newer'

/**
 * Opens a database: checks it, replaces a damaged one by what can be rescued of it, and brings an older one up to date.
 * What is replaced or changed is kept beside it. The caller holds a lock, as two processes must not do this at once.
 *
 * @param path its folder is made when missing, for its owner alone
 * @param now milliseconds since 1970; names the files kept
 * @throws DatabaseProblem for what passes or is not ours to mend: locked, newer, disk-full, read-only, unreadable. The
 *   file is then as it was.
 */
export async function openDatabaseFile(path: string, now: number, kind: DatabaseKind): Promise<Opened> {
  const newest = kind.migrations.length
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const condition = await conditionOf(path, kind)
    if (condition === 'newer') throw new DatabaseProblem('newer', `this version knows schema ${newest}`)
    if (condition === undefined) await create(path, now, kind)
    const aside = condition === 'damaged' ? await replace(path, now, kind) : undefined
    if (condition === 'older') await bringUpToDate(path, now, kind)
    return { database: Database.open(path), aside }
  } catch (error) {
    throw databaseProblem(error, dirname(path))
  }
}

/**
 * How a file stands. Damaged is what cannot be right: not SQLite, another program's, pages that contradict each other;
 * also an empty file, as Hearth never leaves one, and an unexplained empty history is what no one should see.
 * The answer comes as the name of the constraint that failed.
 * @returns undefined when there is no file
 */
export async function conditionOf(
  path: string,
  { applicationId, migrations, tables }: DatabaseKind,
): Promise<Condition | undefined> {
  const newest = migrations.length
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (stat.isDirectory() || stat.size === 0) return 'damaged'
  const names = tables.map(table => `'${table}'`).join(', ')
  try {
    await readingDatabaseFile(path, exec =>
      exec(`
        PRAGMA cell_size_check = ON;
        CREATE TEMP TABLE verdict (
          found TEXT CONSTRAINT damaged CHECK (found <> 'damaged')
            CONSTRAINT newer CHECK (found <> 'newer') CONSTRAINT older CHECK (found <> 'older')
        );
        INSERT INTO verdict SELECT iif(application_id = ${applicationId}, 'sound', 'damaged') FROM pragma_application_id;
        INSERT INTO verdict SELECT iif(user_version > ${newest}, 'newer', 'sound') FROM pragma_user_version;
        INSERT INTO verdict SELECT iif(count(*) = ${tables.length}, 'sound', 'damaged') FROM main.sqlite_master
          WHERE type = 'table' AND name IN (${names});
        INSERT INTO verdict SELECT iif(quick_check = 'ok', 'sound', 'damaged') FROM pragma_quick_check;
        INSERT INTO verdict SELECT iif(user_version < ${newest}, 'older', 'sound') FROM pragma_user_version;
      `),
    )
    return 'sound'
  } catch (error) {
    const problem = databaseProblem(error, path)
    const failed = /CHECK constraint failed: (damaged|newer|older)/.exec(problem.details ?? problem.message)?.[1]
    if (failed) return failed as Condition
    // A broken schema comes as SQLITE_CORRUPT or as a plain error, by its place.
    if (problem.message.includes('malformed')) return 'damaged'
    if (problem instanceof DatabaseProblem && problem.trouble === 'damaged') return 'damaged'
    throw problem
  }
}

/**
 * Makes the first database, or takes up one that was finished when the process was killed before giving it its name.
 */
async function create(path: string, now: number, kind: DatabaseKind): Promise<void> {
  const finished = (await conditionOf(making(path), kind)) === 'sound'
  if (!finished) await build(making(path), kind)
  // A log without its file belongs to a database that someone took away.
  if (hasCompanions(path)) setAside(path, now)
  putInPlace(making(path), path)
}

/** @returns where the damaged file lies now */
async function replace(path: string, now: number, kind: DatabaseKind): Promise<string> {
  await build(making(path), kind, path)
  const aside = setAside(path, now)
  putInPlace(making(path), path)
  return aside
}

const making = (path: string) => `${path}.making`

/** The application id is written last: it says that the file is finished. */
async function build(
  path: string,
  { applicationId, migrations, salvage }: DatabaseKind,
  damaged?: string,
): Promise<void> {
  removeDatabase(path)
  await withDatabaseFile(path, async exec => {
    await exec(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; ${migrations.join('\n')}`)
    if (damaged !== undefined && statSync(damaged).size > 0) await salvage(exec, damaged)
    await exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`)
  })
}

/** Brings an older file up to date, after a copy of it that is whole before it gets its name. */
async function bringUpToDate(path: string, now: number, kind: DatabaseKind): Promise<void> {
  const copy = path.replace(/\.db$/, `-before-version-${kind.migrations.length}-${stamp(now)}.db`)
  removeDatabase(making(copy))
  await withDatabaseFile(path, exec => exec(`VACUUM INTO '${making(copy).replaceAll("'", "''")}'`))
  putInPlace(making(copy), copy)
  const database = Database.open(path)
  try {
    migrate(database, kind)
  } finally {
    database.close()
  }
}

/** Brings a file up to the newest version, or leaves it as it was. @throws DatabaseProblem */
function migrate(database: Database, { applicationId, migrations }: DatabaseKind): void {
  database.transaction(() => {
    // Read inside the transaction: another process may have done it since.
    const version = database.header('user_version')
    if (version >= migrations.length) return
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`)
  })
}
