import { fold } from '../../../preload/contract-fold.ts'
import { Database, type Value } from '../../database/database.ts'
import { removeDatabase } from '../../database/database-file.ts'

/** One more, and older files are made anew. */
const version = 1

/** The tokenizer's pieces: three characters. Shorter terms are found through the pieces that begin with them. */
const piece = 3
/** Pieces looked at for a shorter term. A single Latin letter begins thousands; the first of them find enough. */
const mostPieces = 400

const schema = `
  CREATE VIRTUAL TABLE texts USING fts5(text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');
  CREATE VIRTUAL TABLE pieces USING fts5vocab(texts, 'row');
  CREATE TABLE entries (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  PRAGMA user_version = ${version};
`

export interface Entry {
  /** The message's row number. */
  readonly number: number
  readonly id: string
}

/**
 * The full-text index of all messages, in a file of its own beside conversations.db. It can be made anew at any time,
 * so trouble with it costs no conversation, and writing a message never waits for it.
 *
 * Pieces of three characters find Chinese, which has no spaces between words, and parts of words.
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
      { number: 'REAL', id: 'TEXT' },
      'FROM entries WHERE number >= ? AND number < ? ORDER BY number',
      ...[from, to],
    )
    return rows.map(({ number, id }) => ({ number: number ?? 0, id: id ?? '' }))
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
  change(added: readonly (Entry & { readonly text: string })[], removed: readonly number[]): Promise<void> {
    return this.#database.write(() => {
      for (const number of [...removed, ...added.map(({ number }) => number)]) {
        this.#database.run('DELETE FROM texts WHERE rowid = ?', number)
        this.#database.run('DELETE FROM entries WHERE number = ?', number)
      }
      for (const { number, id, text } of added) {
        // Two spaces, so that the last characters, too, begin a piece.
        this.#database.run('INSERT INTO texts (rowid, text) VALUES (?, ?)', number, `${fold(text)}  `)
        this.#database.run('INSERT INTO entries (number, id) VALUES (?, ?)', number, id)
      }
    })
  }

  /**
   * Numbers of messages that hold all terms, the newest first.
   * @param terms folded, none empty
   * @param before only numbers below this
   */
  find(terms: readonly string[], limit: number, before = Number.MAX_SAFE_INTEGER): number[] {
    const parts = terms.map(term => this.#matchOf(term))
    if (parts.length === 0 || parts.includes('')) return []
    const values: Value[] = [parts.map(part => `(${part})`).join(' AND '), before, limit]
    const rows = this.#database.rows(
      { rowid: 'REAL' },
      'FROM texts WHERE texts MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
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

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
