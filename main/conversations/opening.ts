import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from './database.ts'
import {
  hasCompanions,
  putInPlace,
  readingDatabaseFile,
  removeDatabase,
  setAside,
  stamp,
  withDatabaseFile,
} from './database-file.ts'
import { DatabaseProblem, databaseProblem } from './database-problem.ts'
import { salvage } from './salvage.ts'
import { applicationId, migrate, migrations, tables } from './schema.ts'

export interface SetAside {
  /** Where the file that could not be read lies now. */
  readonly path: string
  /** How much of it came back. */
  readonly conversations: number
  readonly messages: number
}

export interface Opened {
  readonly database: Database
  readonly setAside: SetAside | undefined
}

type Condition = 'sound' | 'damaged' | 'older' | 'newer'

/**
 * Opens conversations.db: checks it, replaces a damaged one by what can be rescued of it, and brings an older one up to
 * date. What is replaced or changed is kept beside it. The caller holds the opening lock, as two processes must not do
 * this at once.
 *
 * @param home the folder; made when missing, for its owner alone
 * @param now milliseconds since 1970; names the files kept
 * @throws DatabaseProblem for what passes or is not ours to mend: locked, newer, disk-full, read-only, unreadable. The
 *   file is then as it was.
 */
export async function openDatabase(home: string, now: number, steps: readonly string[] = migrations): Promise<Opened> {
  const path = join(home, 'conversations.db')
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const condition = await conditionOf(path, steps.length)
    if (condition === 'newer') throw new DatabaseProblem('newer', `this version knows schema ${steps.length}`)
    if (condition === undefined) await create(path, now, steps)
    const aside = condition === 'damaged' ? await replace(path, now, steps) : undefined
    if (condition === 'older') await bringUpToDate(path, now, steps)
    const database = Database.open(path)
    return { database, setAside: aside === undefined ? undefined : { path: aside, ...countOf(database) } }
  } catch (error) {
    throw databaseProblem(error, home)
  }
}

/**
 * How a file stands. Damaged is what cannot be right: not SQLite, another program's, pages that contradict each other;
 * also an empty file, as Hearth never leaves one, and an unexplained empty history is what no one should see.
 * The answer comes as the name of the constraint that failed.
 * @returns undefined when there is no file
 */
async function conditionOf(path: string, newest: number): Promise<Condition | undefined> {
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

/** Makes the first database, or takes up one that was finished when the process was killed before giving it its name. */
async function create(path: string, now: number, steps: readonly string[]): Promise<void> {
  const finished = (await conditionOf(making(path), steps.length)) === 'sound'
  if (!finished) await build(making(path), steps)
  // A log without its file belongs to a database that someone took away.
  if (hasCompanions(path)) setAside(path, now)
  putInPlace(making(path), path)
}

/** @returns where the damaged file lies now */
async function replace(path: string, now: number, steps: readonly string[]): Promise<string> {
  await build(making(path), steps, path)
  const aside = setAside(path, now)
  putInPlace(making(path), path)
  return aside
}

const making = (path: string) => `${path}.making`

/** The application id is written last: it says that the file is finished. */
async function build(path: string, steps: readonly string[], damaged?: string): Promise<void> {
  removeDatabase(path)
  await withDatabaseFile(path, async exec => {
    await exec(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; ${steps.join('\n')}`)
    if (damaged !== undefined && statSync(damaged).size > 0) await salvage(exec, damaged)
    await exec(`PRAGMA user_version = ${steps.length}; PRAGMA application_id = ${applicationId}`)
  })
}

/** Brings an older file up to date, after a copy of it that is whole before it gets its name. */
async function bringUpToDate(path: string, now: number, steps: readonly string[]): Promise<void> {
  const copy = path.replace(/\.db$/, `-before-version-${steps.length}-${stamp(now)}.db`)
  removeDatabase(making(copy))
  await withDatabaseFile(path, exec => exec(`VACUUM INTO '${making(copy).replaceAll("'", "''")}'`))
  putInPlace(making(copy), copy)
  const database = Database.open(path)
  try {
    migrate(database, steps)
  } finally {
    database.close()
  }
}

function countOf(database: Database): { conversations: number; messages: number } {
  const [row] = database.rows(
    { conversations: 'REAL', messages: 'REAL' },
    'FROM (SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages)',
  )
  return { conversations: row?.conversations ?? 0, messages: row?.messages ?? 0 }
}
