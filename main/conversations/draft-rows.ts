import type { Attachment, Draft } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { attachmentsOf, parsedJson } from './rows.ts'

/** @param conversationId null for the chat that is not begun. @returns an empty one where there is none */
export function draftOf(database: Database, conversationId: string | null): Draft {
  const columns = { text: 'TEXT', attachments: 'TEXT' } as const
  const [row] = database.rows(columns, 'FROM drafts WHERE conversation_id = ?', keyOf(conversationId))
  return { text: row?.text ?? '', attachments: picturesOf(row?.attachments ?? null) }
}

/** Replaces the draft of a chat, unless the chat is gone. */
export function keepDraft(database: Database, conversationId: string | null, { text, attachments }: Draft, at: number) {
  const key = keyOf(conversationId)
  database.run(
    `INSERT OR REPLACE INTO drafts (conversation_id, text, attachments, updated_at)
     SELECT ?, ?, ?, ? WHERE ? = '' OR EXISTS (SELECT 1 FROM conversations WHERE id = ?)`,
    ...[key, text, JSON.stringify(attachments), at, key, key],
  )
}

/** Called in the write that makes a question of it: after a kill there is one or the other. */
export function forgetDraft(database: Database, conversationId: string | null): void {
  database.run('DELETE FROM drafts WHERE conversation_id = ?', keyOf(conversationId))
}

/** Removes the drafts of chats that are gone for good. */
export function forgetOrphanedDrafts(database: Database): void {
  database.run(
    `DELETE FROM drafts WHERE conversation_id <> '' AND conversation_id NOT IN (SELECT id FROM conversations)`,
  )
}

/** Chats that have a draft; null is the one that is not begun. */
export function draftedChats(database: Database): (string | null)[] {
  return database.rows({ conversation_id: 'TEXT' }, 'FROM drafts').map(({ conversation_id }) => conversation_id || null)
}

/** Hashes of the pictures of all drafts. */
export function draftedHashes(database: Database): string[] {
  return database
    .rows({ attachments: 'TEXT' }, `FROM drafts WHERE attachments <> '[]'`)
    .flatMap(({ attachments }) => picturesOf(attachments).map(({ hash }) => hash))
}

/** The chat that is not begun stands under an empty name: SQLite takes any number of nulls for different keys. */
const keyOf = (conversationId: string | null): string => conversationId ?? ''

const picturesOf = (json: string | null): Attachment[] => attachmentsOf(parsedJson(json))
