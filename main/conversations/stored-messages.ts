import type { Attachment } from '../../preload/contract.ts'
import type { Database, Row, Value } from '../database/database.ts'
import { readableRows } from '../database/readable-rows.ts'
import type { TreeNode } from './message-tree.ts'
import {
  attachmentColumns,
  finite,
  messageColumns,
  roleOf,
  type StoredMessage,
  storedAttachment,
  storedMessage,
} from './rows.ts'

const placeColumns = { id: 'TEXT', parent_id: 'TEXT', role: 'TEXT', model: 'TEXT', deleted_at: 'REAL' } as const
const ofConversation = 'WHERE conversation_id = ?'

/** Reads the messages of a conversation: all, in slices, or first only their places in its tree. */
export class StoredMessages {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * All messages of a conversation but the deleted ones, oldest first, with what is saved so far of replies in flight.
   */
  of(conversationId: string): StoredMessage[] {
    return [...this.#read(conversationId, [[0, Number.MAX_SAFE_INTEGER]])].flat()
  }

  /** The same, in slices that are each read in a few milliseconds. */
  slices(conversationId: string): Generator<StoredMessage[]> {
    return this.#read(conversationId, this.#shortRanges(conversationId))
  }

  /** The places of the same messages: an eighth of the work of reading them. */
  places(conversationId: string): TreeNode[] {
    const skipped: Skipped = new Map()
    return readableRows(this.#database, 'messages', placeColumns, ofConversation, conversationId).flatMap(row =>
      row.id ? placed({ id: row.id, parentId: row.parent_id, role: roleOf(row) }, row, skipped) : [],
    )
  }

  /** The messages at these places, in their order, without those that cannot be read. */
  at(places: readonly TreeNode[]): StoredMessage[] {
    const named = 'IN (SELECT value FROM json_each(?))'
    const ids = JSON.stringify(places.map(({ id }) => id))
    const complete = this.#completion(named, ids)
    const read = new Map<string, StoredMessage>()
    for (const row of readableRows(this.#database, 'messages', messageColumns, `WHERE id ${named}`, ids)) {
      const message = storedMessage(row)
      if (message) read.set(message.id, complete(message))
    }
    return places.flatMap(({ id, parentId }) => {
      const message = read.get(id)
      return message ? { ...message, parentId } : []
    })
  }

  /** @param ranges of row numbers, both ends included; together all of the conversation's messages, in order */
  *#read(conversationId: string, ranges: readonly (readonly [number, number])[]): Generator<StoredMessage[]> {
    const complete = this.#completion(`IN (SELECT id FROM messages ${ofConversation})`, conversationId)
    const columns = { ...messageColumns, deleted_at: 'REAL' } as const
    const skipped: Skipped = new Map()
    for (const range of ranges) {
      const where = `${ofConversation} AND number BETWEEN ? AND ?`
      yield readableRows(this.#database, 'messages', columns, where, conversationId, ...range).flatMap(row => {
        const message = storedMessage(row)
        return message ? placed(message, row, skipped).map(complete) : []
      })
    }
  }

  /** Row numbers of a conversation's messages, cut wherever half a megabyte has come together. */
  #shortRanges(conversationId: string): [number, number][] {
    const rows = this.#database.rows(
      { number: 'REAL', size: 'REAL' },
      `FROM (SELECT number, octet_length(content) + octet_length(thinking) AS size FROM messages
         ${ofConversation}) ORDER BY number`,
      conversationId,
    )
    const ranges: [number, number][] = []
    let weight = 0
    for (const row of rows) {
      const number = finite(row.number)
      const last = ranges.at(-1)
      if (last && weight < 512 * 1024) last[1] = number
      else {
        ranges.push([number, number])
        weight = 0
      }
      // A row costs about as much as a kilobyte of text.
      weight += 1024 + finite(row.size)
    }
    return ranges
  }

  /**
   * What gives messages their pictures, and the text saved so far of replies in flight.
   * @param named `IN (…)`: which messages it is for
   */
  #completion(named: string, value: Value): (message: StoredMessage) => StoredMessage {
    const pictures = this.#pictures(named, value)
    const texts = this.#unfinishedTexts(named, value)
    return message => {
      const text = texts.get(message.id)
      const attachments = pictures.get(message.id)
      if (!text && !attachments) return message
      const content = message.content + (text?.content ?? '')
      const thinking = message.thinking + (text?.thinking ?? '')
      return { ...message, content, thinking, attachments: attachments ?? message.attachments }
    }
  }

  #pictures(named: string, value: Value): Map<string, Attachment[]> {
    const pictures = new Map<string, Attachment[]>()
    const rows = this.#database.rows(
      attachmentColumns,
      `FROM attachments WHERE message_id ${named} ORDER BY message_id, position`,
      value,
    )
    for (const row of rows) {
      const picture = storedAttachment(row)
      if (picture) pictures.set(row.message_id ?? '', [...(pictures.get(row.message_id ?? '') ?? []), picture])
    }
    return pictures
  }

  #unfinishedTexts(named: string, value: Value): Map<string, { content: string; thinking: string }> {
    const texts = new Map<string, { content: string; thinking: string }>()
    const rows = this.#database.rows(
      { message_id: 'TEXT', content: 'TEXT', thinking: 'TEXT' },
      `FROM reply_parts WHERE message_id ${named} ORDER BY message_id, part`,
      value,
    )
    for (const { message_id, content, thinking } of rows) {
      const text = texts.get(message_id ?? '') ?? { content: '', thinking: '' }
      texts.set(message_id ?? '', { content: text.content + content, thinking: text.thinking + thinking })
    }
    return texts
  }
}

/** Parents of deleted messages: what answers a deleted one hangs on the one before it. */
type Skipped = Map<string, string | null>

/** A message, or its place, where it stands among those that are not deleted; nothing for a deleted one. */
function placed<M extends TreeNode>(message: M, row: Row<{ deleted_at: 'REAL' }>, skipped: Skipped): M[] {
  const { id, parentId } = message
  const above = parentId === null || !skipped.has(parentId) ? parentId : (skipped.get(parentId) ?? null)
  if (row.deleted_at === null) return [above === parentId ? message : { ...message, parentId: above }]
  skipped.set(id, above)
  return []
}
