import type { Attachment } from '../../../preload/contract.ts'
import type { Columns, Database } from '../../database/database.ts'
import { finite } from '../rows.ts'
import { searchedText } from './searched-text.ts'

const foundColumns = {
  number: 'REAL',
  id: 'TEXT',
  conversation_id: 'TEXT',
  role: 'TEXT',
  content: 'TEXT',
  names: 'TEXT',
  created_at: 'REAL',
  title: 'TEXT',
} as const satisfies Columns

/** The names of a message's pictures and documents, a line each. */
const namesOfFiles = `(SELECT group_concat(name, char(10)) FROM attachments WHERE message_id = messages.id) AS names`

const isDocument = `type = 'text/plain'`

/** A message as the search index takes it. */
interface Searchable {
  readonly number: number
  readonly id: string
  readonly text: string
  /** Of its content in UTF-8, as `finishedMessages` tells them. */
  readonly bytes: number
  readonly hasDocuments: boolean
}

/** A message search has found, with the title of its conversation. */
interface FoundMessage {
  readonly number: number
  readonly messageId: string
  readonly conversationId: string
  readonly title: string
  readonly role: 'user' | 'assistant'
  /** What it is found by. */
  readonly text: string
  readonly createdAt: number
}

export function lastMessageNumber(database: Database): number {
  return database.rows({ last: 'REAL' }, 'FROM (SELECT max(number) AS last FROM messages)')[0]?.last ?? 0
}

/** Messages that are neither being written nor deleted, with numbers from `from` up to but without `to`. */
export function finishedMessages(
  database: Database,
  from: number,
  to: number,
): { number: number; id: string; bytes: number }[] {
  const rows = database.rows(
    { number: 'REAL', id: 'TEXT', bytes: 'REAL' },
    // The length in bytes is known without reading the text.
    `FROM (SELECT number, id, octet_length(content) AS bytes FROM messages
       WHERE number >= ? AND number < ? AND owner IS NULL AND deleted_at IS NULL)`,
    ...[from, to],
  )
  return rows.map(({ number, id, bytes }) => ({ number: finite(number), id: id ?? '', bytes: finite(bytes) }))
}

/** What the search index takes of those of these messages that are not being written. */
export function searchable(database: Database, ids: readonly string[]): Searchable[] {
  const rows = database.rows(
    { number: 'REAL', id: 'TEXT', role: 'TEXT', content: 'TEXT', names: 'TEXT', documents: 'REAL' },
    `FROM (SELECT number, id, role, content, ${namesOfFiles},
         EXISTS (SELECT 1 FROM attachments WHERE message_id = messages.id AND ${isDocument}) AS documents
       FROM messages
       WHERE id IN (SELECT value FROM json_each(?)) AND owner IS NULL AND deleted_at IS NULL)`,
    JSON.stringify(ids),
  )
  return rows.map(row => ({
    number: finite(row.number),
    id: row.id ?? '',
    text: searchedText(row),
    bytes: Buffer.byteLength(row.content ?? ''),
    hasDocuments: row.documents === 1,
  }))
}

/** The documents of a message, in their order. */
export function documentsOf(database: Database, messageId: string): Pick<Attachment, 'hash' | 'name'>[] {
  const rows = database.rows(
    { hash: 'TEXT', name: 'TEXT' },
    `FROM attachments WHERE message_id = ? AND ${isDocument} ORDER BY position`,
    messageId,
  )
  return rows.map(({ hash, name }) => ({ hash: hash ?? '', name: name ?? '' }))
}

/** The newest so many of these questions and answers that are outside the trash, the newest first. */
export function newestOf(database: Database, numbers: readonly number[], most: number): FoundMessage[] {
  const rows = database.rows(
    foundColumns,
    `FROM (SELECT messages.number, messages.id, conversation_id, role, content, ${namesOfFiles},
         messages.created_at, title
       FROM messages JOIN conversations ON conversations.id = conversation_id
       WHERE messages.number IN (SELECT value FROM json_each(?)) AND conversations.deleted_at IS NULL
         AND messages.deleted_at IS NULL AND role IN ('user', 'assistant'))
     ORDER BY number DESC LIMIT ?`,
    ...[JSON.stringify(numbers), most],
  )
  return rows.flatMap(row => {
    const role = row.role === 'user' || row.role === 'assistant' ? row.role : undefined
    if (!row.id || !row.conversation_id || !role) return []
    const { id, conversation_id: conversationId, title, created_at: createdAt } = row
    return {
      number: finite(row.number),
      messageId: id,
      conversationId,
      title: title ?? '',
      role,
      text: searchedText(row),
      createdAt: finite(createdAt),
    }
  })
}
