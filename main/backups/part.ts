import { z } from 'zod'
import type { Database } from '../database/database.ts'
import type { DatabaseKind } from '../database/opening.ts'

export const databaseName = z.enum(['conversations.db', 'forms.db'])

/** A database that backups hold, as its room describes it. */
export interface BackedUp {
  /** Its name in a backup. */
  readonly name: z.output<typeof databaseName>
  /** Where it lies; the file may not be there yet. */
  readonly path: string
  readonly kind: DatabaseKind
  /** The folder with the pictures it refers to, each under its hash. */
  readonly pictures: string
  /** Hashes of the pictures a database of any version refers to. */
  readonly hashes: (database: Database) => ReadonlySet<string>
  /** What a person would count of it, outside the trash: the id of each, and when it was changed last. */
  readonly items: (database: Database) => ReadonlyMap<string, number>
  /**
   * Brings all that is under way to a safe end, keeps everybody off the database while `work` replaces its content, and
   * shows what is there then.
   * @param work takes the database, to read from
   * @throws what `work` throws, or what kept it from beginning; everything is as it was then
   */
  readonly replaced: (work: (database: Database) => Promise<void>) => Promise<void>
}
