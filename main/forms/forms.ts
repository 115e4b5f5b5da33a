import { join } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import type { Field, JsonObject } from '../../forms/field.ts'
import { answerSchema } from '../../forms/form-schema.ts'
import type { Attachment, CallInput, CallOutput, ProblemInfo, StreamEvent } from '../../preload/contract.ts'
import { mostAttachmentBytes } from '../../preload/contract-limits.ts'
import type { BackedUp } from '../backups/part.ts'
import type { Transcript } from '../conversations/transcript.ts'
import type { Database } from '../database/database.ts'
import { idSource } from '../database/ids.ts'
import { storable } from '../database/storable.ts'
import type { Inference } from '../inference/requests.ts'
import { KeyedMutex } from '../mutex.ts'
import { asProblem, Problem } from '../problem.ts'
import { FormExport } from './export/export.ts'
import type { XlsxOf } from './export/xlsx.ts'
import { checkFields } from './fields.ts'
import { Intake } from './intake.ts'
import { Queue } from './queue.ts'
import type { RowsEvent } from './row-views.ts'
import type { StoredRow } from './rows.ts'
import { addRun } from './runs.ts'
import { formsDatabase } from './schema.ts'
import { FormSession } from './session.ts'
import { sourceReader } from './source.ts'
import { SourceViews } from './source-views.ts'
import { FormStore } from './store.ts'
import { removeTrashed, trashed } from './trash-rows.ts'
import { type FormsEvent, FormViews } from './views.ts'

export interface FormsOptions {
  /** The folder forms/ lies in: forms.db and the pictures of rows. It is made with the first look at the forms. */
  readonly home: string
  readonly inference: Pick<Inference, 'chat'>
  /** Whether answers can be bound by a schema. @throws Problem 400 when they cannot */
  readonly checkFormat: (schema: JsonObject) => Promise<void>
  /** @throws Problem not-found */
  readonly transcript: (conversationId: string) => Promise<Transcript>
  /** Writes workbooks; left out, main does. */
  readonly workbook?: XlsxOf
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** That many random bytes. */
  readonly random?: (bytes: number) => Uint8Array
}

/** Milliseconds until a database that cannot be opened is tried again. */
const retry = 2_000
/** Rows put into the trash by one write, or taken out: some twenty milliseconds. */
const trashedTogether = 200

interface Opened {
  readonly session: FormSession
  readonly queue: Queue
  readonly intake: Intake
  /** Rows are in the order of their ids, also where the clock was set back since the last start. */
  readonly newId: () => string
  /** Breaks off what runs; the session stays open. */
  readonly close: () => Promise<void>
}

/**
 * Form Studio: forms, their rows, and the queue that fills them. Opened with the first list that a window shows: who
 * only serves the API has none, and does not take the queue away from the one who shows it.
 *
 * Every call rejects with a Problem: not-found, invalid-form, disk-full, database, or what a picture is refused for.
 */
export class Forms {
  readonly #options: FormsOptions
  readonly #folder: string
  readonly #now: () => number
  #opening: Promise<Opened> | undefined
  #opened: Opened | undefined
  #closed = false
  readonly #views = new FormViews()
  #retry: NodeJS.Timeout | undefined
  /** By their forms: what was run last, and its first row. Asked for once more before that is filled, it is the same. */
  readonly #lastRuns = new Map<string, { readonly asked: string; readonly rowId: string }>()
  /** By their forms: a run begins once the one before it has its row. */
  readonly #starting = new KeyedMutex()
  readonly #sources = new SourceViews(() => this.#opened?.session.store.database)
  /** Rows to files. */
  readonly files: FormExport
  /** What backups hold of it. */
  readonly backedUp: BackedUp

  constructor(options: FormsOptions) {
    this.#options = options
    this.#folder = join(options.home, 'forms')
    this.#now = options.now ?? Date.now
    this.files = new FormExport(async () => (await this.#ready()).session.store, options.workbook)
    this.backedUp = {
      name: 'forms.db',
      path: join(this.#folder, 'forms.db'),
      pictures: join(this.#folder, 'attachments'),
      kind: formsDatabase,
      hashes: database => new FormStore(database).pictureHashes(),
      items: database => new FormStore(database).changes(),
      replaced: work => this.#replaced(work),
    }
  }

  async create({ name, instructions, fields }: CallInput<'forms.create'>): Promise<CallOutput<'forms.create'>> {
    const { session, newId } = await this.#ready()
    const { store } = session
    const form = { name: storable(name), instructions: storable(instructions), fields }
    await this.#check(fields)
    const formId = newId()
    await store.database.write(() => store.addForm({ id: formId, ...form, createdAt: this.#now() }))
    this.#views.listChanged()
    return { formId }
  }

  async change(input: CallInput<'forms.change'>): Promise<CallOutput<'forms.change'>> {
    const { formId, name, instructions, fields } = input
    if (fields) await this.#check(fields)
    return this.#write(formId, store => {
      store.changeForm(
        formId,
        {
          name: name === undefined ? undefined : storable(name),
          instructions: instructions === undefined ? undefined : storable(instructions),
          fields,
        },
        this.#now(),
      )
      return { updatedAt: store.form(formId)?.updatedAt ?? 0 }
    })
  }

  async delete(formId: string): Promise<void> {
    const { queue } = await this.#ready()
    await this.#write(formId, store => store.trashForm(formId, this.#now()))
    await queue.breakOff(row => row.formId === formId)
  }

  async restore(formId: string): Promise<void> {
    const { session, queue, intake } = await this.#ready()
    const changed = await session.store.database.write(() => session.store.trashForm(formId, null))
    if (changed === 0) throw notFound()
    this.#views.listChanged()
    intake.wake()
    queue.wake()
  }

  /** What is in the trash. */
  async trash(): Promise<CallOutput<'forms.trash'>> {
    return trashed((await this.#ready()).session.store.database)
  }

  async removeForGood(gone: CallInput<'forms.removeForGood'>): Promise<void> {
    await removeTrashed((await this.#ready()).session, gone)
  }

  /** Keeps a picture for a run to come. @throws Problem not-a-picture, broken-picture or picture-too-large */
  async addPicture({ name, content }: CallInput<'forms.addPicture'>): Promise<Attachment> {
    const { session } = await this.#ready()
    if (content.length > mostAttachmentBytes) {
      throw new Problem('picture-too-large', 400, `${content.length} bytes are more than ${mostAttachmentBytes}`)
    }
    return { ...(await session.pictures.add(content)), name: storable(name) }
  }

  /** Keeps what a document says for a run to come. */
  async addText({ text }: CallInput<'forms.addText'>): Promise<CallOutput<'forms.addText'>> {
    const { session } = await this.#ready()
    return { hash: (await session.pictures.addText(storable(text))).hash }
  }

  async keepSources(input: CallInput<'forms.keepSources'>): Promise<CallOutput<'forms.keepSources'>> {
    const { formId, revision, text, files } = input
    const { store } = (await this.#ready()).session
    if (!store.form(formId)) throw notFound()
    const kept = { text: text === undefined ? undefined : storable(text), files }
    return { revision: await this.#sources.keep(store, formId, revision, kept) }
  }

  /** A picture's bytes; undefined for one that is not there. */
  async picture(hash: string): ReturnType<FormSession['pictures']['read']> {
    return this.#opened?.session.pictures.read(hash)
  }

  async run(input: CallInput<'forms.run'>): Promise<CallOutput<'forms.run'>> {
    return this.#starting.run(input.formId, async () => {
      const { store } = (await this.#ready()).session
      const form = store.form(input.formId)
      const asked = JSON.stringify([input, form?.fields, form?.instructions])
      const last = this.#lastRuns.get(input.formId)
      const row = last?.asked === asked ? store.row(last.rowId) : undefined
      if (row?.state === 'running' || (row?.state === 'waiting' && !form?.paused)) return { rowId: row.id }
      const { rowId } = await this.#run(input)
      if (rowId !== null) this.#lastRuns.set(input.formId, { asked, rowId })
      return { rowId }
    })
  }

  async #run({ formId, model, revision }: CallInput<'forms.run'>): Promise<CallOutput<'forms.run'>> {
    const { session, intake } = await this.#ready()
    const { store } = session
    const run = await this.#sources.handOver(store, formId, revision, kept => {
      if (!store.form(formId)) throw notFound()
      store.beginBatch(formId)
      store.changeForm(formId, { model: storable(model) }, this.#now())
      return addRun(store.database, formId, storable(model), kept)
    })
    this.#views.listChanged()
    return { rowId: run === undefined ? null : await intake.first(run) }
  }

  async runAgain({ formId, model, rowIds }: CallInput<'forms.runAgain'>): Promise<void> {
    const { queue } = await this.#ready()
    await this.#write(formId, store => {
      store.beginBatch(formId)
      store.runAgain(rowIds, storable(model), rowIds.length === 1)
      store.changeForm(formId, { model: storable(model) }, this.#now())
    })
    this.#views.rowsChanged(rowIds.map(id => ({ id, formId })))
    queue.wake()
  }

  async putBack({ formId, rowIds }: CallInput<'forms.putBack'>): Promise<void> {
    const { queue } = await this.#ready()
    await this.#write(formId, store => store.putBack(formId, rowIds))
    const back = new Set(rowIds)
    await queue.breakOff(({ id }) => back.has(id))
    this.#views.rowsChanged(rowIds.map(id => ({ id, formId })))
  }

  async pause(formId: string): Promise<void> {
    const { queue } = await this.#ready()
    await this.#write(formId, store => store.pauseForm(formId, true))
    await queue.breakOff(row => row.formId === formId)
  }

  async resume(formId: string): Promise<void> {
    const { queue } = await this.#ready()
    await this.#write(formId, store => store.pauseForm(formId, false))
    queue.wake()
  }

  async deleteRows({ formId, rowIds }: CallInput<'forms.deleteRows'>): Promise<void> {
    const { queue, session } = await this.#ready()
    const at = session.store.trashTime(this.#now())
    await this.#trash(formId, rowIds, at, some => this.#views.rowsRemoved(formId, some))
    const gone = new Set(rowIds)
    await queue.breakOff(({ id }) => gone.has(id))
  }

  async restoreRows({ formId, rowIds }: CallInput<'forms.restoreRows'>): Promise<void> {
    const { queue } = await this.#ready()
    await this.#trash(formId, rowIds, null, some => this.#views.rowsChanged(some.map(id => ({ id, formId }))))
    queue.wake()
  }

  async correct(input: CallInput<'forms.correct'>): Promise<CallOutput<'forms.correct'>> {
    const { rowId, revision, answer } = input
    const { session } = await this.#ready()
    const row = session.store.row(rowId)
    if (!row) throw notFound()
    const corrected = await this.#write(row.formId, store => {
      const written = store.correct(rowId, revision, answer)
      const stands = store.row(rowId)
      if (!stands) throw notFound()
      return { written, revision: stands.revision, answer: stands.answer }
    })
    if (corrected.written) this.#views.rowsChanged([row])
    return corrected
  }

  async source(rowId: string): Promise<CallOutput<'forms.source'>> {
    const { session } = await this.#ready()
    const text = session.store.sourceText(rowId)
    if (text === undefined) throw notFound()
    return { text }
  }

  /** The forms, anew whenever one changes, at most four times a second. @returns ends it */
  watchList(listener: (event: FormsEvent) => void): () => void {
    return this.#views.watchList(listener, this.#ready())
  }

  /** Rows wait that this process cannot come to, as their database has taken nothing for long. */
  get isHeldUp(): boolean {
    return this.#opened?.queue.isHeldUp ?? false
  }

  /** The rows of a form in portions, then what happens to them. @returns ends it */
  watchRows(formId: string, listener: (event: RowsEvent) => void): () => void {
    return this.#views.watchRows(formId, listener)
  }

  /** What a form is to be run on next, anew with each change of it. @returns ends it */
  watchSources(formId: string, listener: (event: StreamEvent<'forms.sources'>) => void): () => void {
    return this.#sources.watch(formId, listener)
  }

  /** Breaks off what runs, which the next start takes up, and closes the database. Twice is once. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#retry)
    this.#views.close()
    this.#sources.close()
    const opened = await this.#opening?.catch(() => undefined)
    // A database that cannot be written now has told so while it was tried.
    await opened?.close().catch(() => undefined)
    opened?.session.close()
  }

  #ready(): Promise<Opened> {
    if (this.#closed) return Promise.reject(new Problem('cancelled', 499, 'the forms are closed'))
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<Opened> {
    clearTimeout(this.#retry)
    try {
      const session = await FormSession.open(this.#folder, this.#now())
      return this.#begin(session, idSource(this.#now, this.#options.random, session.newestRow))
    } catch (error) {
      this.#opening = undefined
      this.#views.unavailable(error)
      if (!this.#closed) this.#retry = setTimeout(() => void this.#reopen(), retry).unref()
      throw error
    }
  }

  #begin(session: FormSession, newId: () => string): Opened {
    const reader = sourceReader(session, this.#options.transcript)
    const events = {
      changed: (row: Pick<StoredRow, 'id' | 'formId'>) => {
        this.#views.rowsChanged([row])
        this.#views.listChanged()
      },
      grown: (row: Pick<StoredRow, 'id' | 'formId'>, text: string) => this.#views.rowGrown(row, text),
      stuck: (problem: ProblemInfo | null) => this.#views.stuck(problem),
    }
    const queue = new Queue(session, this.#options.inference, events, reader.read)
    const made = (rows: readonly Pick<StoredRow, 'id' | 'formId'>[]) => {
      this.#views.rowsChanged(rows)
      this.#views.listChanged()
      queue.wake()
    }
    const insist: Queue['insist'] = work => queue.insist(work)
    const intake = new Intake({ session, reader, insist, newId, now: this.#now, made })
    const close = async () => {
      await Promise.all([intake.close(), queue.close()])
    }
    this.#opened = { session, queue, intake, newId, close }
    this.#views.show(this.#opened)
    intake.wake()
    queue.wake()
    return this.#opened
  }

  /** See `BackedUp.replaced`: what runs goes back into the queue first, and calls wait for the end. */
  async #replaced(work: (database: Database) => Promise<void>): Promise<void> {
    const { session, newId, close } = await this.#ready()
    const done = close()
      .then(() => work(session.store.database))
      .then(() => session.takeUp(this.#now()))
    this.#opening = done
      .catch(() => undefined)
      .then(() => {
        const opened = this.#begin(session, newId)
        this.#sources.replaced()
        this.#views.listChanged()
        return opened
      })
    await done
  }

  async #reopen(): Promise<void> {
    await this.#ready().then(
      () => this.#views.listChanged(),
      // Told, and to be tried again.
      () => undefined,
    )
  }

  /** Whether an answer can be bound by fields. @throws Problem invalid-form */
  async #check(fields: readonly Field[]): Promise<void> {
    checkFields(fields)
    if (fields.length === 0) return
    try {
      await this.#options.checkFormat(answerSchema(fields))
    } catch (error) {
      const { status, message, details } = asProblem(error)
      throw status === 400 ? new Problem('invalid-form', 400, message, details) : error
    }
  }

  /** Changes a form that is there, or its rows. @throws Problem not-found */
  async #write<T>(formId: string, work: (store: FormSession['store']) => T): Promise<T> {
    const { store } = (await this.#ready()).session
    const done = await store.database.write(() => {
      if (!store.form(formId)) throw notFound()
      return work(store)
    })
    this.#views.listChanged()
    return done
  }

  /**
   * Puts rows into the trash or takes them out, some at a time: thousands would hold main up. A kill in the middle leaves
   * those in the trash that were there by then, as deleted together, to be taken out or put in again.
   */
  async #trash(
    formId: string,
    rowIds: readonly string[],
    at: number | null,
    done: (some: readonly string[]) => void,
  ): Promise<void> {
    for (let from = 0; from < rowIds.length; from += trashedTogether) {
      const some = rowIds.slice(from, from + trashedTogether)
      await this.#write(formId, store => store.trashRows(formId, some, at))
      done(some)
      await breath()
    }
  }
}

const notFound = () => new Problem('not-found', 404, 'the form or its row is no longer there')
