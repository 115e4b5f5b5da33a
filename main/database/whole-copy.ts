import { open } from 'node:fs/promises'
import { type Exec, readOnlyUrl, withDatabaseFile } from './database-file.ts'
import { DatabaseProblem } from './database-problem.ts'
import { conditionOf, type DatabaseKind } from './opening.ts'

/** A path as it stands in SQL. */
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`

/**
 * Copies a database as it is at one moment, while others write to it: on libsql's own thread, synced and checked page
 * by page before this resolves. The copy has no log beside it.
 * @param to must not be there
 * @throws DatabaseProblem; what was written of the copy by then is the caller's to remove
 */
export async function copyWhole(path: string, to: string, kind: DatabaseKind): Promise<void> {
  await withDatabaseFile(path, exec => exec(`VACUUM INTO ${quoted(to)}`))
  const copy = await open(to, 'r+')
  try {
    await copy.sync()
  } finally {
    await copy.close()
  }
  const condition = await conditionOf(to, kind)
  if (condition !== 'sound' && condition !== 'older') throw new DatabaseProblem('damaged', `${to} is ${condition}`)
}

/**
 * Gives a database the content of another of the same version, in one transaction on libsql's own thread: who reads it
 * meanwhile sees all of the old or all of the new, and a kill leaves the old. No file is replaced, so connections that
 * are open, in this process or another, stay good.
 * @param tables all of them
 * @throws DatabaseProblem; nothing has changed then
 */
export async function replaceContent(path: string, by: string, tables: readonly string[]): Promise<void> {
  await withDatabaseFile(path, async exec => {
    await exec(`
      PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536;
      ATTACH ${quoted(readOnlyUrl(by))} AS kept;
    `)
    await exec('BEGIN IMMEDIATE')
    for (const table of tables) await replaceRows(exec, table)
    await exec('COMMIT')
  })
}

async function replaceRows(exec: Exec, table: string): Promise<void> {
  await exec(`DELETE FROM main.${table}`)
  await exec(`INSERT INTO main.${table} SELECT * FROM kept.${table}`)
}
