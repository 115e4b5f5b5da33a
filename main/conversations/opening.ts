import { join } from 'node:path'
import type { Database } from '../database/database.ts'
import { openDatabaseFile } from '../database/opening.ts'
import { salvage } from './salvage.ts'
import { applicationId, migrations, tables } from './schema.ts'

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

/**
 * Opens conversations.db. The caller holds the opening lock.
 * @param home the folder; made when missing, for its owner alone
 * @param now milliseconds since 1970; names the files kept
 * @throws DatabaseProblem as `openDatabaseFile`
 */
export async function openDatabase(home: string, now: number, steps: readonly string[] = migrations): Promise<Opened> {
  const kind = { applicationId, migrations: steps, tables, salvage }
  const { database, aside } = await openDatabaseFile(join(home, 'conversations.db'), now, kind)
  return { database, setAside: aside === undefined ? undefined : { path: aside, ...countOf(database) } }
}

function countOf(database: Database): { conversations: number; messages: number } {
  const [row] = database.rows(
    { conversations: 'REAL', messages: 'REAL' },
    'FROM (SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages)',
  )
  return { conversations: row?.conversations ?? 0, messages: row?.messages ?? 0 }
}
