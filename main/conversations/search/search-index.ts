import { fold } from '../../../preload/contract-fold.ts'
import { Database } from '../../database/database.ts'
import { removeDatabase } from '../../database/database-file.ts'
import { TextTable } from './text-table.ts'

/** One more, and older files are made anew. */
const version = 7

/**
 * More passages than all documents of a message have, where ten were imported and have a byte a character
 * (`mostDocumentBytes`): those of message 3 are numbered from 3 times this.
 */
const passagesOfOne = 32_768
/** Passages looked at together: many may be of one document. */
const together = 500

const entriesSchema = `
  CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    passages INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX entries_unread ON entries (number) WHERE unread = 1;
  PRAGMA user_version = ${version};
`

export interface Entry {
  /** The message's row number. */
  readonly number: number
  readonly id: string
  /** Of its content in UTF-8. One that has come or gone at its end, as that of an answer gone on with, has others. */
  readonly bytes: number
}

export interface Text extends Entry {
  readonly text: string
  /** Its documents are still to be read, passage by passage. */
  readonly hasDocuments: boolean
}

/** Where a document of a message holds what is looked for. */
export interface PassageHit {
  readonly number: number
  /** Counts through the passages of all its documents. */
  readonly passage: number
}

/**
 * The full-text index of all messages and their documents, in a file of its own beside conversations.db. It can be made
 * anew at any time, so trouble with it costs no conversation, and writing a message never waits for it.
 */
export class SearchIndex {
  readonly #database: Database
  readonly #messages: TextTable
  /** What documents say: a long one as a whole would hold up main while it is taken in. */
  readonly #passages: TextTable

  private constructor(database: Database) {
    this.#database = database
    this.#messages = new TextTable(database, 'message')
    this.#passages = new TextTable(database, 'passage')
  }

  /** Opens the file; one that is missing, broken or of another version is begun anew. @throws DatabaseProblem */
  static open(path: string): SearchIndex {
    try {
      return SearchIndex.#opened(path)
    } catch {
      removeDatabase(path)
      return SearchIndex.#opened(path)
    }
  }

  static #opened(path: string): SearchIndex {
    const database = Database.open(path)
    try {
      const index = new SearchIndex(database)
      const found = database.header('user_version')
      if (found === 0) {
        const schema = `${index.#messages.schema} ${index.#passages.schema} ${entriesSchema}`
        database.transaction(() => database.exec(schema))
      } else if (found !== version) throw new Error(`a search index of version ${found}`)
      return index
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** Entries with numbers from `from` up to but without `to`, in order. */
  entries(from: number, to: number): Entry[] {
    const rows = this.#database.rows(
      { number: 'REAL', id: 'TEXT', bytes: 'REAL' },
      'FROM entries WHERE number >= ? AND number < ? ORDER BY number',
      ...[from, to],
    )
    return rows.map(({ number, id, bytes }) => ({ number: number ?? 0, id: id ?? '', bytes: bytes ?? 0 }))
  }

  /** Numbers of those of these messages that are in. */
  numbersOf(ids: readonly string[]): number[] {
    const rows = this.#database.rows(
      { number: 'REAL' },
      'FROM entries WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    )
    return rows.map(({ number }) => number ?? 0)
  }

  get lastNumber(): number {
    return this.#database.rows({ last: 'REAL' }, 'FROM (SELECT max(number) AS last FROM entries)')[0]?.last ?? 0
  }

  /** Takes texts in, and out; one that is in already is replaced. All or nothing. @throws DatabaseProblem */
  change(added: readonly Text[], removed: readonly number[]): Promise<void> {
    return this.#database.write(() => {
      for (const number of [...removed, ...added.map(({ number }) => number)]) {
        this.#messages.remove(number)
        for (let at = this.#passagesIn(number) ?? 0; at > 0; at -= 1)
          this.#passages.remove(number * passagesOfOne + at - 1)
        this.#database.run('DELETE FROM entries WHERE number = ?', number)
      }
      for (const { number, id, text, bytes, hasDocuments } of added) {
        this.#messages.add(number, fold(text))
        const values = [number, id, bytes, hasDocuments ? 1 : 0]
        this.#database.run('INSERT INTO entries (number, id, bytes, unread) VALUES (?, ?, ?, ?)', ...values)
      }
    })
  }

  /** The newest message whose documents are still to be read. */
  unread(): { readonly number: number; readonly id: string } | undefined {
    const [row] = this.#database.rows(
      { number: 'REAL', id: 'TEXT' },
      'FROM entries WHERE unread = 1 ORDER BY number DESC LIMIT 1',
    )
    return row && { number: row.number ?? 0, id: row.id ?? '' }
  }

  /**
   * Takes a passage in.
   * @returns whether it is: not where its message has gone meanwhile, or was taken in anew and lacks those before it
   * @throws DatabaseProblem
   */
  addPassage({ number, passage }: PassageHit, text: string): Promise<boolean> {
    const own = number * passagesOfOne + passage
    return this.#database.write(() => {
      const before = this.#passagesIn(number)
      if (before === undefined || passage > before) return false
      // It may be in, where a reading was cut off.
      if (passage < before) this.#passages.remove(own)
      else this.#database.run('UPDATE entries SET passages = ? WHERE number = ?', passage + 1, number)
      this.#passages.add(own, fold(text))
      return true
    })
  }

  /**
   * The documents of a message are all in, unless it was taken in anew meanwhile.
   * @param passages how many they have
   * @throws DatabaseProblem
   */
  markRead(number: number, passages: number): Promise<void> {
    return this.#database.write(() => {
      this.#database.run('UPDATE entries SET unread = 0 WHERE number = ? AND passages >= ?', number, passages)
    })
  }

  /**
   * Numbers of messages that hold all terms, the newest first.
   * @param terms folded, none empty
   * @param before only numbers below this
   */
  find(terms: readonly string[], limit: number, before = Number.MAX_SAFE_INTEGER): number[] {
    return this.#messages.find(terms, limit, before)
  }

  /** The same for messages with a passage in their documents that holds all terms; of several, an early one. */
  findPassages(terms: readonly string[], limit: number, before = this.lastNumber + 1): PassageHit[] {
    const hits = new Map<number, number>()
    for (let below = before * passagesOfOne; hits.size < limit; ) {
      const found = this.#passages.find(terms, together, below)
      for (const one of found) hits.set(Math.floor(one / passagesOfOne), one % passagesOfOne)
      if (found.length < together) break
      // What else this message has is no other message.
      below = Math.floor((found.at(-1) ?? 0) / passagesOfOne) * passagesOfOne
    }
    return [...hits].slice(0, limit).map(([number, passage]) => ({ number, passage }))
  }

  close(): void {
    this.#database.close()
  }

  /** How many passages of a message's documents are in; undefined where the message is not. */
  #passagesIn(number: number): number | undefined {
    const [row] = this.#database.rows({ passages: 'REAL' }, 'FROM entries WHERE number = ?', number)
    return row && (row.passages ?? 0)
  }
}
