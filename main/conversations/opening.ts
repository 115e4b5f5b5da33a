import { join } from 'node:path'
import type { Database } from '../database/database.ts'
import { type DatabaseKind, openDatabaseFile } from '../database/opening.ts'
import { salvage } from './salvage.ts'
import { applicationId, migrations, tables } from './schema.ts'

export interface SetAside {
  /** Where the file that could not be read lies now. */
  readonly path: string
  /** When it was moved there, in milliseconds since 1970. */
  readonly at: number
  /** How much of it came back. */
  readonly conversations: number
  readonly messages: number
}

export interface Opened {
  readonly database: Database
  readonly setAside: SetAside | undefined
}

export const conversationsDatabase: DatabaseKind = { applicationId, migrations, tables, salvage }

/**
 * Opens conversations.db. The caller holds the opening lock.
 * @param home the folder; made when missing, for its owner alone
 * @param now milliseconds since 1970; names the files kept
 * @throws DatabaseProblem as `openDatabaseFile`
 */
export async function openDatabase(home: string, now: number, steps: readonly string[] = migrations): Promise<Opened> {
  const kind = { ...conversationsDatabase, migrations: steps }
  const { database, aside } = await openDatabaseFile(join(home, 'conversations.db'), now, kind)
  return { database, setAside: aside === undefined ? undefined : { path: aside, at: now, ...countOf(database) } }
}

function countOf(database: Database): { conversations: number; messages: number } {
  const [row] = database.rows(
    { conversations: 'REAL', messages: 'REAL' },
    'FROM (SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages)',
  )
  return { conversations: row?.conversations ?? 0, messages: row?.messages ?? 0 }
}
