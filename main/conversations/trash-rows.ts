import type { CallOutput } from '../../preload/contract.ts'
import { plainText } from '../../preload/contract-plain-text.ts'
import type { Database, Row, Value } from '../database/database.ts'
import { deletedTogether } from '../database/deleted-together.ts'
import { oneLine } from '../one-line.ts'
import { forgetOrphanedDrafts } from './draft-rows.ts'
import { finite, roleOf } from './rows.ts'

/** Letters that are read of a message, and that are told. */
const read = 600
const told = 200

const columns = {
  id: 'TEXT',
  conversation_id: 'TEXT',
  title: 'TEXT',
  role: 'TEXT',
  model: 'TEXT',
  text: 'TEXT',
  name: 'TEXT',
  deleted_at: 'REAL',
} as const

/** Deleted messages of conversations outside the trash, the last deleted first; those deleted together, as one. */
export function trashedMessages(database: Database): CallOutput<'trash.messages'> {
  const rows = database.rows(
    columns,
    `FROM (SELECT messages.id, conversation_id, title, role, messages.model, substr(content, 1, ${read}) AS text,
         (SELECT name FROM attachments WHERE message_id = messages.id ORDER BY position) AS name, messages.deleted_at
       FROM messages JOIN conversations ON conversations.id = conversation_id
       WHERE messages.deleted_at IS NOT NULL AND conversations.deleted_at IS NULL
       ORDER BY messages.deleted_at DESC, messages.number)`,
  )
  return deletedTogether(rows, row => row.id && row.conversation_id).map(group => {
    const [first] = group
    return {
      messageIds: group.flatMap(({ id }) => id ?? []),
      conversationId: first.conversation_id ?? '',
      title: first.title ?? '',
      role: roleOf(first),
      text: oneLine(shownText(first)).slice(0, told),
      deletedAt: finite(first.deleted_at),
    }
  })
}

/** What a person read: a question as it was typed, an answer without the marks of its Markdown, else a file's name. */
function shownText({ role, text, name }: Row<typeof columns>): string {
  if (!text) return name ?? ''
  return role === 'assistant' ? plainText(text) : text
}

/** Ids of some messages that were deleted before a time, the newest first, as the older are their parents. */
export function deletedBefore(database: Database, before: number, most: number): string[] {
  return database
    .rows({ id: 'TEXT' }, 'FROM messages WHERE deleted_at < ? ORDER BY number DESC LIMIT ?', before, most)
    .flatMap(({ id }) => id ?? [])
}

/** Hashes of the pictures of deleted messages. */
export function trashedMessageHashes(database: Database, messageIds: readonly string[]): string[] {
  const rows = database.rows(
    { hash: 'TEXT' },
    `FROM attachments WHERE message_id IN
       (SELECT id FROM messages WHERE deleted_at IS NOT NULL AND id IN (SELECT value FROM json_each(?)))`,
    JSON.stringify(messageIds),
  )
  return rows.flatMap(({ hash }) => hash ?? [])
}

/**
 * Removes deleted messages for good; what stays of their answers hangs on what stood before them.
 * @param which a condition on them, in SQL
 */
export function removeMessages(database: Database, which: string, value: Value): void {
  const gone = `SELECT id FROM messages WHERE deleted_at IS NOT NULL AND ${which}`
  const lift = `UPDATE messages SET parent_id = (SELECT parent_id FROM messages AS gone WHERE gone.id = messages.parent_id)
    WHERE parent_id IN (${gone}) AND id NOT IN (${gone})`
  // One step up at a time, past parents that go, too.
  while (database.run(lift, value, value) > 0);
  database.run(`DELETE FROM messages WHERE id IN (${gone})`, value)
  forgetOrphanedDrafts(database)
}

/** Conversations in the trash, the last deleted first. */
export function trashedConversations(database: Database): CallOutput<'trash.list'> {
  const rows = database.rows(
    { id: 'TEXT', title: 'TEXT', deleted_at: 'REAL', messages: 'REAL' },
    `FROM (SELECT id, title, deleted_at,
       (SELECT count(*) FROM messages WHERE conversation_id = conversations.id AND deleted_at IS NULL) AS messages
       FROM conversations WHERE deleted_at IS NOT NULL)
     ORDER BY deleted_at DESC`,
  )
  return rows.flatMap(({ id, title, deleted_at, messages }) =>
    id ? { id, title: title ?? '', deletedAt: finite(deleted_at), messages: finite(messages) } : [],
  )
}

/** Hashes of the pictures of a conversation in the trash. */
export function trashedConversationHashes(database: Database, conversationId: string): string[] {
  const rows = database.rows(
    { hash: 'TEXT' },
    `FROM attachments WHERE message_id IN (SELECT messages.id FROM messages
       JOIN conversations ON conversations.id = conversation_id
       WHERE conversation_id = ? AND conversations.deleted_at IS NOT NULL)`,
    conversationId,
  )
  return rows.flatMap(({ hash }) => hash ?? [])
}

/**
 * Removes some messages of a conversation in the trash for good, the newest first, as the older are their parents;
 * with the last of them the conversation.
 * @returns whether there are more
 */
export function removeSomeOfConversation(database: Database, conversationId: string, most: number): boolean {
  const inTrash = 'SELECT id FROM conversations WHERE id = ? AND deleted_at IS NOT NULL'
  const removed = database.run(
    `DELETE FROM messages WHERE number IN
       (SELECT number FROM messages WHERE conversation_id = (${inTrash}) ORDER BY number DESC LIMIT ?)`,
    ...[conversationId, most],
  )
  if (removed === most) return true
  database.run('DELETE FROM conversations WHERE id = ? AND deleted_at IS NOT NULL', conversationId)
  forgetOrphanedDrafts(database)
  return false
}

/** Ids of the conversations that were put into the trash before a time. */
export function conversationsDeletedBefore(database: Database, before: number): string[] {
  return database.rows({ id: 'TEXT' }, 'FROM conversations WHERE deleted_at < ?', before).flatMap(({ id }) => id ?? [])
}
