import type { Attachment, Draft, DraftBox } from '../../preload/contract.ts'
import { tuningSchema } from '../../preload/contract-conversations.ts'
import type { Database } from '../database/database.ts'
import { attachmentsOf, parsedJson } from './rows.ts'

/** @returns an empty one where there is none */
export function draftOf(database: Database, box: DraftBox): Draft {
  const columns = { text: 'TEXT', attachments: 'TEXT', tuning: 'TEXT' } as const
  const [row] = database.rows(columns, 'FROM drafts WHERE conversation_id = ?', keyOf(box))
  const tuning = tuningSchema.safeParse(parsedJson(row?.tuning ?? null)).data
  const draft = { text: row?.text ?? '', attachments: picturesOf(row?.attachments ?? null) }
  return tuning ? { ...draft, tuning } : draft
}

/** Replaces the draft of a chat, unless the chat, or the question that is edited, is gone. */
export function keepDraft(database: Database, box: DraftBox, { text, attachments, tuning }: Draft, at: number) {
  const isUnbegun = box.conversationId === null ? 1 : 0
  const place = box.editedId ?? box.conversationId
  const table = box.editedId === undefined ? 'conversations' : 'messages'
  database.run(
    `INSERT OR REPLACE INTO drafts (conversation_id, text, attachments, tuning, updated_at)
     SELECT ?, ?, ?, ?, ? WHERE ? OR EXISTS (SELECT 1 FROM ${table} WHERE id = ?)`,
    ...[keyOf(box), text, JSON.stringify(attachments), tuning ? JSON.stringify(tuning) : null, at],
    ...[isUnbegun, place],
  )
}

/** The questions of a chat whose edits are kept. */
export function editedIds(database: Database, conversationId: string): string[] {
  return database
    .rows(
      { id: 'TEXT' },
      `FROM messages WHERE conversation_id = ? AND deleted_at IS NULL
         AND id IN (SELECT ${editedId} FROM drafts WHERE conversation_id LIKE '${ofEdit}%')`,
      conversationId,
    )
    .flatMap(({ id }) => id ?? [])
}

/** Called in the write that makes a question of it: after a kill there is one or the other. */
export function forgetDraft(database: Database, box: DraftBox): void {
  database.run('DELETE FROM drafts WHERE conversation_id = ?', keyOf(box))
}

/** Removes the drafts of chats and questions that are gone for good. */
export function forgetOrphanedDrafts(database: Database): void {
  database.run(
    `DELETE FROM drafts WHERE conversation_id <> '' AND conversation_id NOT LIKE '${ofWindow}%'
       AND conversation_id NOT LIKE '${ofEdit}%' AND conversation_id NOT IN (SELECT id FROM conversations)`,
  )
  database.run(
    `DELETE FROM drafts WHERE conversation_id LIKE '${ofEdit}%'
       AND NOT EXISTS (SELECT 1 FROM messages WHERE id = ${editedId})`,
  )
}

/** Where drafts stand. */
export function draftBoxes(database: Database): DraftBox[] {
  return database
    .rows({ conversation_id: 'TEXT' }, 'FROM drafts')
    .flatMap(({ conversation_id }) => boxOf(database, conversation_id ?? '') ?? [])
}

/** Hashes of the pictures of all drafts. */
export function draftedHashes(database: Database): string[] {
  return database
    .rows({ attachments: 'TEXT' }, `FROM drafts WHERE attachments <> '[]'`)
    .flatMap(({ attachments }) => picturesOf(attachments).map(({ hash }) => hash))
}

/**
 * A chat that is not begun stands under no id: SQLite takes any number of nulls for different keys. That of the first
 * window has an empty one, as it was when all windows shared it. An edit stands under its question's.
 */
function keyOf({ conversationId, window = 1, editedId }: DraftBox): string {
  if (editedId !== undefined) return `${ofEdit}${editedId}`
  return conversationId ?? (window === 1 ? '' : `${ofWindow}${window}`)
}

/** @returns undefined for the edit of a question that is gone */
function boxOf(database: Database, key: string): DraftBox | undefined {
  if (key === '') return { conversationId: null, window: 1 }
  if (key.startsWith(ofWindow)) return { conversationId: null, window: Number(key.slice(ofWindow.length)) }
  if (!key.startsWith(ofEdit)) return { conversationId: key }
  const edited = key.slice(ofEdit.length)
  const [row] = database.rows({ conversation_id: 'TEXT' }, 'FROM messages WHERE id = ?', edited)
  return row ? { conversationId: row.conversation_id, editedId: edited } : undefined
}

const ofWindow = 'window-'
const ofEdit = 'edit-'
/** The question of a row that is an edit, in SQL. */
const editedId = `substr(drafts.conversation_id, ${ofEdit.length + 1})`

const picturesOf = (json: string | null): Attachment[] => attachmentsOf(parsedJson(json))
