import type { JsonObject } from '../../forms/field.ts'
import type { Attachment, Form, FormRow, FormSource, ProblemInfo } from '../../preload/contract.ts'
import { sourceSchema } from '../../preload/contract-forms.ts'
import type { Database, Value } from '../database/database.ts'
import { readableRows } from '../database/readable-rows.ts'
import { keptHashes } from './kept-sources.ts'
import {
  formColumns,
  parsed,
  picturesOf,
  rowColumns,
  type StoredForm,
  type StoredRow,
  storedForm,
  storedRow,
} from './rows.ts'

/** Characters of a source that a list of rows shows. */
const excerptLength = 200
/** How often a row may be begun by a process that did not live to end it. */
const mostAttempts = 2

/** What makes up what a row holds, and is put back together. */
const held = ['answer', 'partial', 'corrected', 'problem', 'model'] as const

/** Of rows: with a whole answer. */
const answered = 'answer IS NOT NULL AND partial IS NOT 1'

const rowsWithExcerpt = `(SELECT *, substr(source_text, 1, ${excerptLength}) AS excerpt, earlier_answer IS NOT NULL AS earlier FROM rows)`

export interface NewRow {
  readonly id: string
  readonly formId: string
  readonly kind: FormRow['source']['kind']
  readonly name: string
  readonly text: string
  readonly pictures: readonly Attachment[]
  /** The source, where it could not be read. */
  readonly unread?: FormSource
  readonly first: boolean
  readonly model: string
  readonly createdAt: number
}

export interface RowEnd {
  readonly state: 'done' | 'failed'
  readonly answer: JsonObject | null
  readonly problem: ProblemInfo | null
}

/**
 * When something was deleted, or null for what is taken back: not before any form was changed, as after a clock that was
 * years behind it would count as deleted long ago, and be gone at the next start.
 */
const notBeforeAll = 'max(?, (SELECT max(updated_at) FROM forms))'

/** Of rows: in the queue. */
const inQueue = `state IN ('waiting', 'running')`
/** Of rows: the present batch of their form. */
const presentBatch = '(SELECT batch FROM forms WHERE id = form_id)'

/** The SQL of forms. Reads are synchronous and short; what writes is called inside `database.write`. */
export class FormStore {
  constructor(readonly database: Database) {}

  /** Those outside the trash, the last changed first. */
  forms(): StoredForm[] {
    return this.#forms('')
      .reverse()
      .sort((one, other) => other.updatedAt - one.updatedAt)
  }

  /** @returns undefined for one that is unknown or in the trash */
  form(id: string): StoredForm | undefined {
    return this.#forms('AND id = ?', id)[0]
  }

  addForm(form: Pick<Form, 'id' | 'name' | 'instructions' | 'fields' | 'createdAt'>): void {
    this.database.run(
      'INSERT INTO forms (id, name, instructions, fields, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[form.id, form.name, form.instructions, JSON.stringify(form.fields), form.createdAt, form.createdAt],
    )
  }

  changeForm(id: string, change: Partial<Pick<Form, 'name' | 'instructions' | 'fields' | 'model'>>, now: number): void {
    const values: Record<string, Value> = {}
    for (const [name, value] of Object.entries(change)) {
      if (value !== undefined) values[name] = typeof value === 'string' ? value : JSON.stringify(value)
    }
    const columns = Object.keys(values).map(name => `${name} = ?, `)
    this.database.run(
      `UPDATE forms SET ${columns.join('')} updated_at = max(updated_at + 1, ?) WHERE id = ?`,
      ...[...Object.values(values), now, id],
    )
  }

  /** Holds the queue of a form still, or lets it go on. A row that was run alone is in it, too, and waits like the others. */
  pauseForm(id: string, paused: boolean): void {
    this.database.run('UPDATE forms SET paused = ? WHERE id = ?', paused ? 1 : 0, id)
    if (paused) this.database.run(`UPDATE rows SET first = 0 WHERE form_id = ? AND ${inQueue}`, id)
  }

  /** Before rows go into a form's queue: one that is empty begins a new batch, and is not paused any more. */
  beginBatch(id: string): void {
    this.database.run(
      `UPDATE forms SET batch = batch + 1, paused = 0 WHERE id = ? AND NOT EXISTS (
         SELECT 1 FROM rows WHERE form_id = forms.id AND deleted_at IS NULL AND ${inQueue})
       AND NOT EXISTS (SELECT 1 FROM runs WHERE form_id = forms.id)`,
      id,
    )
  }

  /** @param at milliseconds since 1970; null takes it out of the trash */
  trashForm(id: string, at: number | null): number {
    return this.database.run(`UPDATE forms SET deleted_at = ${notBeforeAll} WHERE id = ?`, at, id)
  }

  addRow(row: NewRow): void {
    const pictures = row.pictures.length > 0 ? JSON.stringify(row.pictures) : null
    this.database.run(
      `INSERT INTO rows
         (id, form_id, source_kind, source_name, source_text, pictures, unread, state, first, model, created_at, batch)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, (SELECT batch FROM forms WHERE id = ?))`,
      ...[row.id, row.formId, row.kind, row.name, row.text, pictures, row.unread ? JSON.stringify(row.unread) : null],
      ...[row.first ? 1 : 0, row.model, row.createdAt, row.formId],
    )
  }

  /**
   * Rows of a form outside the trash, oldest first, those after a number; without those that cannot be read.
   * @param which all, or those with a whole answer, also where they are run again
   */
  rows(
    formId: string,
    after: number,
    limit: number,
    which: 'all' | 'answered' = 'all',
  ): { rows: StoredRow[]; last: number | undefined } {
    const wanted = which === 'answered' ? `AND ${answered}` : ''
    const ofForm = `WHERE form_id = ? AND deleted_at IS NULL ${wanted} AND number > ?`
    const numbers = this.database.rows(
      { number: 'REAL' },
      `FROM rows ${ofForm} ORDER BY number LIMIT ?`,
      ...[formId, after, limit],
    )
    const last = numbers.at(-1)?.number
    if (last === null || last === undefined) return { rows: [], last: undefined }
    const where = `${ofForm} AND number <= ?`
    const read = readableRows(this.database, rowsWithExcerpt, rowColumns, where, formId, after, last)
    return { rows: read.flatMap(row => storedRow(row) ?? []), last }
  }

  /** How many rows of a form have a whole answer. */
  answered(formId: string): number {
    const [row] = this.database.rows(
      { count: 'REAL' },
      `FROM (SELECT count(*) AS count FROM rows WHERE form_id = ? AND deleted_at IS NULL AND ${answered})`,
      formId,
    )
    return row?.count ?? 0
  }

  /** @returns undefined for one that is unknown or in the trash */
  row(id: string): StoredRow | undefined {
    const [row] = this.database.rows(rowColumns, `FROM ${rowsWithExcerpt} WHERE id = ? AND deleted_at IS NULL`, id)
    return row && storedRow(row)
  }

  sourceText(id: string): string | undefined {
    const [row] = this.database.rows({ source_text: 'TEXT' }, 'FROM rows WHERE id = ? AND deleted_at IS NULL', id)
    return row && (row.source_text ?? '')
  }

  /** The source of a row, where it could not be read yet. */
  unread(id: string): FormSource | undefined {
    const [row] = this.database.rows({ unread: 'TEXT' }, 'FROM rows WHERE id = ? AND unread IS NOT NULL', id)
    return row && sourceSchema.safeParse(parsed(row.unread)).data
  }

  /** Its source could be read after all. */
  hasRead(id: string, { name, text, pictures }: Pick<NewRow, 'name' | 'text' | 'pictures'>): void {
    this.database.run(
      'UPDATE rows SET source_name = ?, source_text = ?, pictures = ?, unread = NULL WHERE id = ?',
      ...[name, text, pictures.length > 0 ? JSON.stringify(pictures) : null, id],
    )
  }

  /** The row whose turn it is. */
  next(): StoredRow | undefined {
    const [row] = this.database.rows(
      rowColumns,
      `FROM ${rowsWithExcerpt} AS waiting WHERE state = 'waiting' AND deleted_at IS NULL AND EXISTS (
         SELECT 1 FROM forms WHERE forms.id = waiting.form_id AND deleted_at IS NULL AND (paused = 0 OR first = 1)
       ) ORDER BY first DESC, number LIMIT 1`,
    )
    return row && storedRow(row)
  }

  begin(id: string): void {
    this.database.run(`UPDATE rows SET state = 'running', attempts = attempts + 1 WHERE id = ?`, id)
  }

  /**
   * Ends a run. A whole answer replaces what the row held; the half of one that failed stands only where it held nothing.
   * A row that was taken out of the queue meanwhile stays as it is.
   */
  end(id: string, { state, answer, problem }: RowEnd): void {
    const replaced =
      state === 'done'
        ? 'answer = ?, partial = 0, corrected = 0'
        : 'partial = iif(answer IS NULL, 1, partial), answer = coalesce(answer, ?)'
    this.database.run(
      `UPDATE rows SET ${replaced}, revision = revision + 1, state = ?, problem = ?, first = 0, attempts = 0
       WHERE id = ? AND state = 'running'`,
      ...[answer && JSON.stringify(answer), state, problem && JSON.stringify(problem), id],
    )
  }

  /** Puts a row that was broken off back into the queue. */
  wait(id: string): void {
    this.database.run(`UPDATE rows SET state = 'waiting', attempts = 0 WHERE id = ? AND state = 'running'`, id)
  }

  /**
   * Runs rows anew that are not in the queue already, and keeps what they hold now for `putBack`: where the last run left
   * nothing new, what was kept before it.
   */
  runAgain(ids: readonly string[], model: string, first: boolean): void {
    const kept = held.map(
      column => `earlier_${column} = iif(state = 'failed' AND answer IS earlier_answer, earlier_${column}, ${column})`,
    )
    this.database.run(
      `UPDATE rows SET ${kept.join(', ')}, state = 'waiting', problem = NULL, model = ?, first = ?, batch = ${presentBatch}
       WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('done', 'failed') AND deleted_at IS NULL`,
      ...[model, first ? 1 : 0, JSON.stringify(ids)],
    )
  }

  /**
   * Puts back what rows held before they were run again, and takes those out of the queue that are in it. What they hold
   * now is what they held before from then on, where there is something new.
   */
  putBack(formId: string, ids: readonly string[]): void {
    const columns = held.flatMap(column => [
      `${column} = earlier_${column}`,
      `earlier_${column} = iif(answer IS earlier_answer, NULL, ${column})`,
    ])
    this.database.run(
      `UPDATE rows SET ${columns.join(', ')}, revision = revision + 1,
         batch = iif(${inQueue}, -1, batch), first = 0, attempts = 0,
         state = iif(earlier_problem IS NULL, 'done', 'failed')
       WHERE form_id = ? AND id IN (SELECT value FROM json_each(?)) AND earlier_answer IS NOT NULL AND deleted_at IS NULL`,
      ...[formId, JSON.stringify(ids)],
    )
  }

  /** What a process that is gone left running waits again; what was begun too often has failed. */
  takeUp(problem: ProblemInfo): void {
    this.database.run(
      `UPDATE rows SET state = 'failed', attempts = 0, problem = ? WHERE state = 'running' AND attempts >= ?`,
      ...[JSON.stringify(problem), mostAttempts],
    )
    this.database.run(`UPDATE rows SET state = 'waiting' WHERE state = 'running'`)
  }

  /**
   * Replaces an answer by what a person made of it; of a row in the queue, what it held before and `putBack` brings.
   * @param seen the revision of the answer it was made of
   * @returns whether it has that one still
   */
  correct(id: string, seen: number, answer: JsonObject): boolean {
    const changed = this.database.run(
      `UPDATE rows SET answer = ?1, corrected = 1, revision = revision + 1, partial = 0, problem = NULL,
         state = iif(${inQueue}, state, 'done'),
         earlier_answer = iif(${inQueue}, ?1, earlier_answer),
         earlier_corrected = iif(${inQueue}, 1, earlier_corrected),
         earlier_partial = iif(${inQueue}, 0, earlier_partial),
         earlier_problem = iif(${inQueue}, NULL, earlier_problem),
         earlier_model = iif(${inQueue}, coalesce(earlier_model, model), earlier_model)
       WHERE id = ?2 AND revision = ?3`,
      ...[JSON.stringify(answer), id, seen],
    )
    return changed > 0
  }

  /** The time at which rows are put into the trash together. @param now milliseconds since 1970 */
  trashTime(now: number): number {
    return this.database.rows({ at: 'REAL' }, `FROM (SELECT ${notBeforeAll} AS at)`, now)[0]?.at ?? now
  }

  /** @param at of `trashTime`; null takes them out of the trash */
  trashRows(formId: string, ids: readonly string[], at: number | null): void {
    this.database.run(
      `UPDATE rows SET deleted_at = ? WHERE form_id = ? AND id IN (SELECT value FROM json_each(?))`,
      ...[at, formId, JSON.stringify(ids)],
    )
  }

  /** @param before milliseconds since 1970 */
  emptyTrash(before: number): void {
    this.database.run('DELETE FROM forms WHERE deleted_at < ?', before)
    this.database.run('DELETE FROM rows WHERE deleted_at < ?', before)
  }

  /**
   * Hashes of all pictures that rows were made from, those in the trash included, and of what is to be run next; of a
   * database of any version.
   */
  pictureHashes(): Set<string> {
    const rows = this.database.rows({ pictures: 'TEXT' }, 'FROM rows WHERE pictures IS NOT NULL')
    const ofRows = rows.flatMap(({ pictures }) => picturesOf(pictures).map(({ hash }) => hash))
    return new Set([...ofRows, ...keptHashes(this.database)])
  }

  /** The id that sorts last, of a row that may be in the trash; undefined where there is none. */
  newestRow(): string | undefined {
    return this.database.rows({ id: 'TEXT' }, 'FROM rows ORDER BY id DESC LIMIT 1')[0]?.id ?? undefined
  }

  /** The ids of all forms outside the trash, and when each was changed last. */
  changes(): Map<string, number> {
    const rows = this.database.rows({ id: 'TEXT', updated_at: 'REAL' }, 'FROM forms WHERE deleted_at IS NULL')
    return new Map(rows.map(({ id, updated_at }) => [id ?? '', updated_at ?? 0]))
  }

  #forms(rest: string, ...values: Value[]): StoredForm[] {
    const kept = `FROM rows WHERE form_id = forms.id AND deleted_at IS NULL`
    // Those there is no row of yet wait like the others.
    const toCome = '(SELECT coalesce(sum(sources - made), 0) FROM runs WHERE form_id = forms.id)'
    const read = readableRows(
      this.database,
      `(SELECT *, (SELECT count(*) ${kept}) AS rows,
         (SELECT count(*) ${kept} AND ${inQueue}) + ${toCome} AS waiting,
         (SELECT count(*) ${kept} AND (batch = forms.batch OR ${inQueue})) + ${toCome} AS queued,
         (SELECT count(*) ${kept} AND state = 'failed') AS failed FROM forms)`,
      formColumns,
      `WHERE deleted_at IS NULL ${rest}`,
      ...values,
    )
    return read.flatMap(row => storedForm(row) ?? [])
  }
}
