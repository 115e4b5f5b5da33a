import { fold } from '../../../preload/contract-fold.ts'
import { Database, type Value } from '../../database/database.ts'
import { removeDatabase } from '../../database/database-file.ts'

/** One more, and older files are made anew. */
const version = 3

/** The tokenizer's pieces: three characters. Shorter terms are found through the pieces that begin with them. */
const piece = 3
/** Pieces looked at for a shorter term. In writing with letters fewer begin with one of them; it bounds the time. */
const mostPieces = 4_000

const schema = `
  CREATE VIRTUAL TABLE texts USING fts5(text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');
  CREATE VIRTUAL TABLE pieces USING fts5vocab(texts, 'row');
  CREATE VIRTUAL TABLE characters USING fts5(text, content='', contentless_delete=1, tokenize='unicode61');
  CREATE TABLE entries (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${version};
`

export interface Entry {
  /** The message's row number. */
  readonly number: number
  readonly id: string
  /** Of the text in UTF-8. A text that has come or gone at its end, as that of an answer gone on with, has others. */
  readonly bytes: number
}

export interface Text extends Omit<Entry, 'bytes'> {
  readonly text: string
}

/**
 * The full-text index of all messages, in a file of its own beside conversations.db. It can be made anew at any time,
 * so trouble with it costs no conversation, and writing a message never waits for it.
 *
 * Pieces of three characters find Chinese, which has no spaces between words, and parts of words. Most Chinese words have
 * one or two characters, and begin tens of thousands of pieces: they are found by the characters themselves.
 */
export class SearchIndex {
  readonly #database: Database

  private constructor(database: Database) {
    this.#database = database
  }

  /** Opens the file; one that is missing, broken or of another version is begun anew. @throws DatabaseProblem */
  static open(path: string): SearchIndex {
    try {
      return new SearchIndex(SearchIndex.#opened(path))
    } catch {
      removeDatabase(path)
      return new SearchIndex(SearchIndex.#opened(path))
    }
  }

  static #opened(path: string): Database {
    const database = Database.open(path)
    try {
      const found = database.header('user_version')
      if (found === 0) database.transaction(() => database.exec(schema))
      else if (found !== version) throw new Error(`a search index of version ${found}`)
      return database
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
        this.#database.run('DELETE FROM texts WHERE rowid = ?', number)
        this.#database.run('DELETE FROM characters WHERE rowid = ?', number)
        this.#database.run('DELETE FROM entries WHERE number = ?', number)
      }
      for (const { number, id, text } of added) {
        const folded = fold(text)
        // Two spaces, so that the last characters, too, begin a piece.
        this.#database.run('INSERT INTO texts (rowid, text) VALUES (?, ?)', number, `${folded}  `)
        if (han.test(folded)) {
          this.#database.run('INSERT INTO characters (rowid, text) VALUES (?, ?)', number, charactersOf(folded))
        }
        const bytes = Buffer.byteLength(text)
        this.#database.run('INSERT INTO entries (number, id, bytes) VALUES (?, ?, ?)', number, id, bytes)
      }
    })
  }

  /**
   * Numbers of messages that hold all terms, the newest first.
   * @param terms folded, none empty
   * @param before only numbers below this
   */
  find(terms: readonly string[], limit: number, before = Number.MAX_SAFE_INTEGER): number[] {
    if (terms.length === 0) return []
    const short = terms.filter(isShortHan)
    const parts = terms.filter(term => !isShortHan(term)).map(term => this.#matchOf(term))
    if (parts.includes('')) return []
    // All that must match, of each table in its own language.
    const matches = [
      ...(parts.length > 0 ? [['texts', parts.map(part => `(${part})`).join(' AND ')] as const] : []),
      ...(short.length > 0
        ? [['characters', short.map(term => quoted(charactersOf(term))).join(' AND ')] as const]
        : []),
    ]
    const [[first, match], ...others] = matches as [(typeof matches)[0], ...typeof matches]
    // With the plus sign it is read once; without, each row of it would be a search of its own.
    const also = others.map(([table]) => `AND +rowid IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`).join(' ')
    const values: Value[] = [match, ...others.map(([, match]) => match), before, limit]
    const rows = this.#database.rows(
      { rowid: 'REAL' },
      `FROM ${first} WHERE ${first} MATCH ? ${also} AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
      ...values,
    )
    return rows.map(({ rowid }) => rowid ?? 0)
  }

  close(): void {
    this.#database.close()
  }

  /** One term in FTS5's language; empty when nothing can hold it. */
  #matchOf(term: string): string {
    if ([...term].length >= piece) return quoted(term)
    const rows = this.#database.rows(
      { term: 'TEXT' },
      `FROM pieces WHERE term >= ? AND term < ? LIMIT ${mostPieces}`,
      ...[term, `${term}\u{10ffff}`],
    )
    return rows.map(({ term }) => quoted(term ?? '')).join(' OR ')
  }
}

const han = /\p{Script=Han}/u

/** A term of Chinese characters alone, too short for a piece. */
const isShortHan = (term: string): boolean => /^\p{Script=Han}{1,2}$/u.test(term)

/** Each Chinese character as a word of its own; whatever stands between them as one word, so that it keeps them apart. */
const charactersOf = (folded: string): string =>
  (folded.match(/\p{Script=Han}|\P{Script=Han}+/gu) ?? []).map(part => (han.test(part) ? part : 'x')).join(' ')

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
