import type { Attachment, Draft, DraftBox } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { attachmentsOf, parsedJson } from './rows.ts'

/** @returns an empty one where there is none */
export function draftOf(database: Database, box: DraftBox): Draft {
  const columns = { text: 'TEXT', attachments: 'TEXT' } as const
  const [row] = database.rows(columns, 'FROM drafts WHERE conversation_id = ?', keyOf(box))
  return { text: row?.text ?? '', attachments: picturesOf(row?.attachments ?? null) }
}

/** Replaces the draft of a chat, unless the chat is gone. */
export function keepDraft(database: Database, box: DraftBox, { text, attachments }: Draft, at: number) {
  const key = keyOf(box)
  const isUnbegun = box.conversationId === null ? 1 : 0
  database.run(
    `INSERT OR REPLACE INTO drafts (conversation_id, text, attachments, updated_at)
     SELECT ?, ?, ?, ? WHERE ? OR EXISTS (SELECT 1 FROM conversations WHERE id = ?)`,
    ...[key, text, JSON.stringify(attachments), at, isUnbegun, key],
  )
}

/** Called in the write that makes a question of it: after a kill there is one or the other. */
export function forgetDraft(database: Database, box: DraftBox): void {
  database.run('DELETE FROM drafts WHERE conversation_id = ?', keyOf(box))
}

/** Removes the drafts of chats that are gone for good. */
export function forgetOrphanedDrafts(database: Database): void {
  database.run(
    `DELETE FROM drafts WHERE conversation_id <> '' AND conversation_id NOT LIKE '${ofWindow}%'
       AND conversation_id NOT IN (SELECT id FROM conversations)`,
  )
}

/** Where drafts stand. */
export function draftBoxes(database: Database): DraftBox[] {
  return database
    .rows({ conversation_id: 'TEXT' }, 'FROM drafts')
    .map(({ conversation_id }) => boxOf(conversation_id ?? ''))
}

/** Hashes of the pictures of all drafts. */
export function draftedHashes(database: Database): string[] {
  return database
    .rows({ attachments: 'TEXT' }, `FROM drafts WHERE attachments <> '[]'`)
    .flatMap(({ attachments }) => picturesOf(attachments).map(({ hash }) => hash))
}

/**
 * A chat that is not begun stands under no id: SQLite takes any number of nulls for different keys. That of the first
 * window has an empty one, as it was when all windows shared it.
 */
function keyOf({ conversationId, window = 1 }: DraftBox): string {
  return conversationId ?? (window === 1 ? '' : `${ofWindow}${window}`)
}

function boxOf(key: string): DraftBox {
  if (key === '') return { conversationId: null, window: 1 }
  if (key.startsWith(ofWindow)) return { conversationId: null, window: Number(key.slice(ofWindow.length)) }
  return { conversationId: key }
}

const ofWindow = 'window-'

const picturesOf = (json: string | null): Attachment[] => attachmentsOf(parsedJson(json))
