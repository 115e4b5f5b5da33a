import type { Attachment, Message, Parameters, ProblemInfo } from '../../preload/contract.ts'
import type { Columns, Database, Row } from '../database/database.ts'
import { readableRows } from '../database/readable-rows.ts'
import { storable } from '../database/storable.ts'
import { oneLine } from '../one-line.ts'
import { draftedHashes } from './draft-rows.ts'
import { finite, parametersOf, parsedJson } from './rows.ts'
import { StoredMessages } from './stored-messages.ts'

const conversationColumns = {
  id: 'TEXT',
  title: 'TEXT',
  model: 'TEXT',
  active_leaf: 'TEXT',
  created_at: 'REAL',
  updated_at: 'REAL',
  pinned: 'REAL',
  folder_id: 'TEXT',
  system: 'TEXT',
  parameters: 'TEXT',
} as const satisfies Columns

export interface StoredConversation {
  readonly id: string
  readonly title: string
  readonly model: string
  readonly activeLeaf: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly pinned: boolean
  readonly folderId: string | null
  readonly system: string
  readonly parameters: Parameters
}

/**
 * When something was deleted, or null for what is taken back: not before anything else was done, as after a clock that
 * was years behind it would count as deleted long ago, and be gone at the next start.
 */
const notBeforeAll = 'max(?, (SELECT max(updated_at) FROM conversations))'

/** A reply that begins: its row says which process writes it. */
export interface NewReply {
  readonly id: string
  readonly conversationId: string
  /** Null for one that is gone on with after its question was deleted. */
  readonly parentId: string | null
  readonly model: string
  readonly owner: string
  readonly createdAt: number
}

export interface ReplyEnd {
  readonly content: string
  readonly thinking: string
  readonly state: Message['state']
  readonly problem: ProblemInfo | null
  readonly metrics: Message['metrics']
  readonly context: Message['context']
  readonly toolCalls: Message['toolCalls']
}

/** The SQL of conversations. Reads are synchronous and short; what writes is called inside `database.write`. */
export class ConversationStore {
  /** Reads messages. */
  readonly messages: StoredMessages

  constructor(readonly database: Database) {
    this.messages = new StoredMessages(database)
  }

  /** Those outside the trash, the last used first. */
  conversations(): StoredConversation[] {
    return readableRows(this.database, 'conversations', conversationColumns, 'WHERE deleted_at IS NULL')
      .flatMap(row => storedConversation(row) ?? [])
      .sort((a, b) => b.updatedAt - a.updatedAt)
  }

  /** @returns undefined for one that is unknown or in the trash */
  conversation(id: string): StoredConversation | undefined {
    const [row] = this.database.rows(conversationColumns, 'FROM conversations WHERE id = ? AND deleted_at IS NULL', id)
    return row && storedConversation(row)
  }

  /** The conversation a message belongs to, also in the trash. */
  conversationOf(messageId: string): string | undefined {
    const [row] = this.database.rows({ conversation_id: 'TEXT' }, 'FROM messages WHERE id = ?', messageId)
    return row?.conversation_id ?? undefined
  }

  /** Owners of replies in flight, of one conversation or of all. */
  owners(conversationId?: string): string[] {
    const where = conversationId === undefined ? '' : 'AND conversation_id = ?'
    const values = conversationId === undefined ? [] : [conversationId]
    const rows = this.database.rows(
      { owner: 'TEXT' },
      `FROM messages WHERE owner IS NOT NULL ${where} GROUP BY owner`,
      ...values,
    )
    return rows.flatMap(({ owner }) => owner ?? [])
  }

  addConversation(id: string, title: string, model: string, at: number): void {
    this.database.run(
      'INSERT INTO conversations (id, title, model, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
      ...[id, title, model, at, at],
    )
  }

  pin(conversationId: string, pinned: boolean): void {
    this.database.run('UPDATE conversations SET pinned = ? WHERE id = ?', pinned ? 1 : 0, conversationId)
  }

  configure(conversationId: string, system: string, parameters: Parameters): void {
    this.database.run(
      'UPDATE conversations SET system = ?, parameters = ? WHERE id = ?',
      ...[system, JSON.stringify(parameters), conversationId],
    )
  }

  addQuestion(id: string, conversationId: string, parentId: string | null, content: string, at: number): void {
    this.database.run(
      `INSERT INTO messages (id, conversation_id, parent_id, role, content, state, created_at)
       VALUES (?, ?, ?, 'user', ?, 'complete', ?)`,
      ...[id, conversationId, parentId, content, at],
    )
  }

  /** Hashes of all pictures that messages and drafts refer to, those in the trash included. */
  attachedHashes(): Set<string> {
    return new Set([...attachedHashes(this.database), ...draftedHashes(this.database)])
  }

  /** Adds the empty reply and makes it what the conversation shows. */
  addReply(reply: NewReply): void {
    this.database.run(
      `INSERT INTO messages (id, conversation_id, parent_id, role, model, state, owner, created_at)
       VALUES (?, ?, ?, 'assistant', ?, 'waiting', ?, ?)`,
      ...[reply.id, reply.conversationId, reply.parentId, reply.model, reply.owner, reply.createdAt],
    )
    this.database.run(
      'UPDATE conversations SET active_leaf = ?, model = ?, updated_at = ? WHERE id = ?',
      ...[reply.id, reply.model, reply.createdAt, reply.conversationId],
    )
  }

  /** Opens a reply that has ended, so that more can be appended to it. */
  continueReply(messageId: string, model: string, owner: string): void {
    this.database.run(
      `UPDATE messages SET state = 'waiting', model = ?, owner = ?, problem = NULL WHERE id = ? AND owner IS NULL`,
      ...[model, owner, messageId],
    )
  }

  /** Appends to a reply in flight. One that is gone from the database meanwhile is left alone. */
  addReplyPart(messageId: string, part: number, content: string, thinking: string): void {
    this.database.run(
      `INSERT INTO reply_parts (message_id, part, content, thinking)
       SELECT id, ?, ?, ? FROM messages WHERE id = ? AND owner IS NOT NULL`,
      ...[part, content, thinking, messageId],
    )
    this.database.run(`UPDATE messages SET state = 'streaming' WHERE id = ? AND state = 'waiting'`, messageId)
  }

  endReply(messageId: string, end: ReplyEnd): void {
    this.database.run(
      `UPDATE messages SET content = ?, thinking = ?, state = ?, problem = ?, metrics = ?, context = ?, tool_calls = ?,
         owner = NULL
       WHERE id = ?`,
      ...[end.content, end.thinking, end.state, jsonOf(end.problem), jsonOf(end.metrics), jsonOf(end.context)],
      ...[end.toolCalls.length > 0 ? JSON.stringify(end.toolCalls) : null, messageId],
    )
    this.database.run('DELETE FROM reply_parts WHERE message_id = ?', messageId)
  }

  /** Joins what a process that is gone left of its replies. */
  interruptReplies(owner: string): void {
    const joined = (column: string) =>
      `${column} || coalesce((SELECT group_concat(${column}, '' ORDER BY part) FROM reply_parts WHERE message_id = messages.id), '')`
    this.database.run(
      `UPDATE messages SET content = ${joined('content')}, thinking = ${joined('thinking')}, state = 'interrupted'
       WHERE owner = ?`,
      owner,
    )
    this.database.run('DELETE FROM reply_parts WHERE message_id IN (SELECT id FROM messages WHERE owner = ?)', owner)
    this.database.run('UPDATE messages SET owner = NULL WHERE owner = ?', owner)
  }

  /** Marks messages as deleted, or as there again. */
  markDeleted(messageIds: readonly string[], at: number | null): void {
    this.database.run(
      `UPDATE messages SET deleted_at = ${notBeforeAll} WHERE id IN (SELECT value FROM json_each(?)) AND owner IS NULL`,
      ...[at, JSON.stringify(messageIds)],
    )
  }

  /**
   * Hangs below a message that was taken back what stands beside it and is no version of it: it was written since,
   * where the message had been, and no path would hold both.
   * @param parentId what the message stands below now that others may still be deleted
   */
  hangBelow(messageId: string, conversationId: string, parentId: string | null): void {
    this.database.run(
      `UPDATE messages SET parent_id = it.id FROM (SELECT id, number, role FROM messages WHERE id = ?) AS it
       WHERE conversation_id = ? AND messages.role <> it.role AND messages.number > it.number AND (
         parent_id IS ? OR messages.deleted_at IS NULL AND parent_id IN
           (SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ? AND deleted_at IS NOT NULL))`,
      ...[messageId, conversationId, parentId, conversationId, parentId],
    )
  }

  /** @param leaf the last message of the shown path; null for the newest */
  showLeaf(conversationId: string, leaf: string | null): void {
    this.database.run('UPDATE conversations SET active_leaf = ? WHERE id = ?', leaf, conversationId)
  }

  /** @param source who gave the title: `person`'s is never replaced by a made one */
  rename(conversationId: string, title: string, source: 'question' | 'person'): void {
    this.database.run(
      'UPDATE conversations SET title = ?, title_source = ? WHERE id = ?',
      ...[oneLine(title), source, conversationId],
    )
  }

  /** Whether the title is the first words of the first question, so that a better one may replace it. */
  isTitledByQuestion(conversationId: string): boolean {
    const where = `FROM conversations WHERE id = ? AND title_source = 'question' AND deleted_at IS NULL`
    return this.database.rows({ id: 'TEXT' }, where, conversationId).length > 0
  }

  /** Gives a title a model has written, unless the person has given one meanwhile. @returns whether it did */
  nameByModel(conversationId: string, title: string): boolean {
    return (
      this.database.run(
        `UPDATE conversations SET title = ?, title_source = 'model' WHERE id = ? AND title_source = 'question'`,
        ...[title, conversationId],
      ) > 0
    )
  }

  /** @returns false when there is no such conversation */
  moveToTrash(conversationId: string, at: number): boolean {
    return (
      this.database.run(
        `UPDATE conversations SET deleted_at = coalesce(deleted_at, ${notBeforeAll}) WHERE id = ?`,
        at,
        conversationId,
      ) > 0
    )
  }

  /** @returns false when there is no such conversation, any more */
  restore(conversationId: string): boolean {
    return this.database.run('UPDATE conversations SET deleted_at = NULL WHERE id = ?', conversationId) > 0
  }
}

const jsonOf = (value: object | null): string | null => value && JSON.stringify(value)

/** Hashes of the pictures of all messages. */
export function attachedHashes(database: Database): string[] {
  return database.rows({ hash: 'TEXT' }, 'FROM attachments GROUP BY hash').flatMap(({ hash }) => hash ?? [])
}

export function addAttachments(database: Database, messageId: string, attachments: readonly Attachment[]): void {
  for (const [position, { hash, name, type, width, height, bytes }] of attachments.entries()) {
    database.run(
      `INSERT INTO attachments (message_id, position, hash, name, type, width, height, bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[messageId, position, hash, storable(name), type, width, height, bytes],
    )
  }
}

function storedConversation(row: Row<typeof conversationColumns>): StoredConversation | undefined {
  if (!row.id) return undefined
  return {
    id: row.id,
    title: row.title ?? '',
    model: row.model ?? '',
    activeLeaf: row.active_leaf,
    createdAt: finite(row.created_at),
    updatedAt: finite(row.updated_at),
    pinned: finite(row.pinned) !== 0,
    folderId: row.folder_id,
    system: row.system ?? '',
    parameters: parametersOf(parsedJson(row.parameters)),
  }
}
