import { join } from 'node:path'
import type { BackedUp } from '../backups/part.ts'
import type { Database } from '../database/database.ts'
import { DatabaseProblem } from '../database/database-problem.ts'
import type { Availability } from './availability.ts'
import { draftedHashes } from './draft-rows.ts'
import type { Drafts } from './drafts.ts'
import { conversationsDatabase } from './opening.ts'
import type { RepliesInFlight } from './replies-in-flight.ts'
import { attachedHashes } from './store.ts'

export interface BackedUpOptions {
  /** The folder conversations.db lies in. */
  readonly home: string
  readonly availability: Availability
  readonly replies: RepliesInFlight
  readonly drafts: Drafts
  /** The database holds something else now. */
  readonly replaced: () => void
}

/** The conversations as backups see them. */
export function backedUpConversations({ home, availability, replies, drafts, replaced }: BackedUpOptions): BackedUp {
  return {
    name: 'conversations.db',
    path: join(home, 'conversations.db'),
    pictures: join(home, 'attachments'),
    kind: conversationsDatabase,
    hashes,
    items,
    async replaced(work) {
      await availability.hold(async session => {
        const { database } = session.store
        if (!(await replies.interrupt())) throw new DatabaseProblem('disk-full', 'answers could not be saved')
        const drafted = drafts.boxes(database)
        await work(database)
        await session.interruptUnfinished()
        drafts.replaced(database, drafted)
      })
      replaced()
    },
  }
}

function items(database: Database): ReadonlyMap<string, number> {
  const rows = database.rows({ id: 'TEXT', updated_at: 'REAL' }, 'FROM conversations WHERE deleted_at IS NULL')
  return new Map(rows.map(({ id, updated_at }) => [id ?? '', updated_at ?? 0]))
}

/** Tables came with later versions. */
function hashes(database: Database): ReadonlySet<string> {
  return new Set([
    ...(database.hasTable('attachments') ? attachedHashes(database) : []),
    ...(database.hasTable('drafts') ? draftedHashes(database) : []),
  ])
}
