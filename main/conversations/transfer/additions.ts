import type { Database } from '../../database/database.ts'
import { storable } from '../../database/storable.ts'
import { oneLine } from '../../one-line.ts'
import { addAttachments } from '../store.ts'
import { titleOf } from '../titles/first-words.ts'
import type { ChatRecord, ConversationRecord, FolderRecord, MessageRecord } from './format.ts'

/** What an import found, by what became of it. */
export interface Additions {
  /** Conversations and messages that were not here. */
  conversations: number
  messages: number
  /** Conversations and messages that lay in the trash, and were taken out of it. */
  restored: number
  /** Conversations and messages that are here as they were: nothing of theirs is changed. */
  known: number
}

/** What one transaction leaves to the next. */
export interface Place {
  /** Ids in the file of folders that are here under another id. */
  readonly folders: Map<string, string>
  /** The last message, and its conversation. */
  readonly last: { readonly conversationId: string; readonly id: string } | undefined
}

/**
 * Adds records of a file to the database. Nothing that is there is changed, but for taking it out of the trash: after
 * an import everything in the file is there. Damage is put up with as in MessageTree: a message whose parent is missing
 * hangs on the one before it, one whose conversation is missing gets it made.
 */
export class Adding {
  readonly counts: Additions = { conversations: 0, messages: 0, restored: 0, known: 0 }
  /** Records that were dealt with. */
  added = 0
  readonly #database: Database
  readonly #folders: Place['folders']
  #last: Place['last']

  /** One for each run of a transaction, which may have to be run again. */
  constructor(database: Database, { folders, last }: Place) {
    this.#database = database
    this.#folders = folders
    this.#last = last
  }

  get place(): Place {
    return { folders: this.#folders, last: this.#last }
  }

  add(record: ChatRecord): void {
    this.added += 1
    if (record.type === 'folder') this.#addFolder(record)
    else if (record.type === 'conversation') this.#addConversation(record)
    else if (record.type === 'message') this.#addMessage(record)
  }

  /** A folder of the same name is the same folder: the person sees names. */
  #addFolder({ id, name }: FolderRecord): void {
    const given = oneLine(storable(name))
    if (given === '') return
    const [same] = this.#database.rows(
      { id: 'TEXT' },
      'FROM folders WHERE id = ? OR name = ? ORDER BY id = ? DESC LIMIT 1',
      ...[id, given, id],
    )
    if (same?.id) this.#folders.set(id, same.id)
    else this.#database.run('INSERT INTO folders (id, name) VALUES (?, ?)', id, given)
  }

  #addConversation(record: ConversationRecord): void {
    if (this.#take('conversations', 'id', record.id) !== undefined) return
    const folderId = record.folderId && (this.#folders.get(record.folderId) ?? record.folderId)
    // The title is the person's now: none that is made replaces it.
    this.#database.run(
      `INSERT INTO conversations
         (id, title, title_source, model, active_leaf, created_at, updated_at, pinned, folder_id, system, parameters)
       VALUES (?, ?, 'person', ?, ?, ?, ?, ?, (SELECT id FROM folders WHERE id = ?), ?, ?)`,
      ...[record.id, oneLine(storable(record.title)), storable(record.model), record.activeLeaf],
      ...[record.createdAt, record.updatedAt, record.pinned ? 1 : 0, folderId],
      ...[storable(record.system), JSON.stringify(record.parameters)],
    )
    this.counts.conversations += 1
  }

  #addMessage(record: MessageRecord): void {
    const { id, conversationId } = record
    const before = this.#last?.conversationId === conversationId ? this.#last.id : null
    const here = this.#take('messages', 'conversation_id', id)
    // One that is here in another conversation stays there, and nothing of this one may hang on it.
    if (here !== undefined && here !== conversationId) return
    if (here === undefined) {
      this.#makeMissingConversation(record)
      this.#insertMessage(record, before)
    }
    this.#last = { conversationId, id }
    // What goes on where the shown path ended is shown.
    this.#database.run(
      `UPDATE conversations SET active_leaf = ?
       WHERE id = ? AND active_leaf = (SELECT parent_id FROM messages WHERE id = ?)`,
      ...[id, conversationId, id],
    )
  }

  #insertMessage(record: MessageRecord, before: string | null): void {
    const { parentId, conversationId } = record
    const known = parentId === null || parentId === before || this.#isIn(parentId, conversationId)
    const parent = known ? parentId : before
    this.#database.run(
      `INSERT INTO messages
         (id, conversation_id, parent_id, role, content, thinking, model, state, problem, metrics, context, tool_calls,
          tool, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[record.id, conversationId, parent, record.role],
      ...[storable(record.content), storable(record.thinking), storable(record.model), record.state],
      ...[record.problem, record.metrics, record.context].map(value => value && JSON.stringify(value)),
      ...[
        record.toolCalls.length > 0 ? JSON.stringify(record.toolCalls) : null,
        record.tool && JSON.stringify(record.tool),
      ],
      record.createdAt,
    )
    addAttachments(this.#database, record.id, record.attachments)
    this.counts.messages += 1
  }

  /** A conversation whose own record could not be read, under the text of its first message. */
  #makeMissingConversation({ conversationId, content, model, createdAt }: MessageRecord): void {
    // Almost always it is there, and making a title takes longer than everything else here.
    if (this.#database.rows({ id: 'TEXT' }, 'FROM conversations WHERE id = ?', conversationId).length > 0) return
    this.counts.conversations += this.#database.run(
      'INSERT INTO conversations (id, title, model, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
      ...[conversationId, titleOf(storable(content)), storable(model), createdAt, createdAt],
    )
  }

  #isIn(messageId: string, conversationId: string): boolean {
    const where = 'FROM messages WHERE id = ? AND conversation_id = ?'
    return this.#database.rows({ id: 'TEXT' }, where, messageId, conversationId).length > 0
  }

  /** Takes out of the trash what is here. @returns the value of a column; undefined for what is not here */
  #take(table: 'conversations' | 'messages', column: 'id' | 'conversation_id', id: string): string | undefined {
    const columns = { value: 'TEXT', deleted_at: 'REAL' } as const
    const [row] = this.#database.rows(
      columns,
      `FROM (SELECT ${column} AS value, deleted_at FROM ${table} WHERE id = ?)`,
      id,
    )
    if (!row) return undefined
    if (row.deleted_at === null) this.counts.known += 1
    else {
      this.#database.run(`UPDATE ${table} SET deleted_at = NULL WHERE id = ?`, id)
      this.counts.restored += 1
    }
    return row.value ?? ''
  }
}
