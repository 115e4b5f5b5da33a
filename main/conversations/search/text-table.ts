import type { Database, Value } from '../../database/database.ts'

/** The tokenizer's pieces: three characters. Shorter terms are found through the pieces that begin with them. */
const piece = 3
/** Pieces looked at for a shorter term. In writing with letters fewer begin with one of them; it bounds the time. */
const mostPieces = 4_000

/**
 * Texts by number, and what they are found by. Pieces of three characters find Chinese, which has no spaces between
 * words, and parts of words. Most Chinese words have one or two characters, and begin tens of thousands of pieces: they
 * are found by the characters themselves.
 */
export class TextTable {
  readonly #database: Database
  readonly #texts: string
  readonly #pieces: string
  readonly #characters: string

  /** @param name tells its tables from those of others */
  constructor(database: Database, name: string) {
    this.#database = database
    this.#texts = `${name}_texts`
    this.#pieces = `${name}_pieces`
    this.#characters = `${name}_characters`
  }

  get schema(): string {
    const kept = `content='', contentless_delete=1`
    return `
      CREATE VIRTUAL TABLE ${this.#texts} USING fts5(text, ${kept}, tokenize='trigram case_sensitive 1');
      CREATE VIRTUAL TABLE ${this.#pieces} USING fts5vocab(${this.#texts}, 'row');
      CREATE VIRTUAL TABLE ${this.#characters} USING fts5(text, ${kept}, tokenize='unicode61');
    `
  }

  /** Called inside a transaction. @param folded the text; none is there under this number */
  add(number: number, folded: string): void {
    // Two spaces, so that the last characters, too, begin a piece.
    this.#database.run(`INSERT INTO ${this.#texts} (rowid, text) VALUES (?, ?)`, number, `${folded}  `)
    if (!han.test(folded)) return
    this.#database.run(`INSERT INTO ${this.#characters} (rowid, text) VALUES (?, ?)`, number, charactersOf(folded))
  }

  /** Called inside a transaction. Each by its own number: of a range FTS5 would look through the whole table. */
  remove(number: number): void {
    this.#database.run(`DELETE FROM ${this.#texts} WHERE rowid = ?`, number)
    this.#database.run(`DELETE FROM ${this.#characters} WHERE rowid = ?`, number)
  }

  /**
   * Numbers of texts that hold all terms, the highest first.
   * @param terms folded, none empty
   * @param before only numbers below this
   */
  find(terms: readonly string[], limit: number, before: number): number[] {
    if (terms.length === 0) return []
    const short = terms.filter(isShortHan)
    const parts = terms.filter(term => !isShortHan(term)).map(term => this.#matchOf(term))
    if (parts.includes('')) return []
    // All that must match, of each table in its own language.
    const matches = [
      ...(parts.length > 0 ? [[this.#texts, parts.map(part => `(${part})`).join(' AND ')] as const] : []),
      ...(short.length > 0
        ? [[this.#characters, short.map(term => quoted(charactersOf(term))).join(' AND ')] as const]
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

  /** One term in FTS5's language; empty when nothing can hold it. */
  #matchOf(term: string): string {
    if ([...term].length >= piece) return quoted(term)
    const rows = this.#database.rows(
      { term: 'TEXT' },
      `FROM ${this.#pieces} WHERE term >= ? AND term < ? LIMIT ${mostPieces}`,
      ...[term, `${term}\u{10ffff}`],
    )
    return rows.map(({ term }) => quoted(term ?? '')).join(' OR ')
  }
}

const han = /\p{Script=Han}/u

/** A term of Chinese characters alone, too short for a piece. */
const isShortHan = (term: string): boolean => /^\p{Script=Han}{1,2}$/u.test(term)

/**
 * Each Chinese character as a word of its own; whatever stands between them as one word, so that it keeps them apart.
 */
const charactersOf = (folded: string): string =>
  (folded.match(/\p{Script=Han}|\P{Script=Han}+/gu) ?? []).map(part => (han.test(part) ? part : 'x')).join(' ')

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
