import type { FormRow, ProblemInfo, StreamEvent } from '../../preload/contract.ts'
import { Listeners } from '../listeners.ts'
import { asProblem } from '../problem.ts'
import type { Queue } from './queue.ts'
import { type RowsEvent, RowViews } from './row-views.ts'
import type { StoredRow } from './rows.ts'
import type { FormSession } from './session.ts'

export type FormsEvent = StreamEvent<'forms.list'>

/** Milliseconds between two tellings of the list. */
const pace = 250
/** Rows read at once: a few milliseconds. */
const portion = 500

/** What is shown: nothing before the forms are open. */
interface Shown {
  readonly session: FormSession
  readonly queue: Queue
}

type RowId = Pick<StoredRow, 'id' | 'formId'>

/** What windows are told: all forms, at most four times a second, and the rows of a form that they show. */
export class FormViews {
  readonly #listeners = new Listeners<FormsEvent>()
  readonly #rows: RowViews
  #shown: Shown | undefined
  #telling: NodeJS.Timeout | undefined
  #closed = false
  /** Why the queue stands still. */
  #stuck: ProblemInfo | null = null

  constructor() {
    this.#rows = new RowViews(
      (formId, after) => this.#readRows(formId, after),
      error => this.unavailable(error),
    )
  }

  /** From now on this is shown. */
  show(shown: Shown): void {
    this.#stuck = null
    this.#shown = shown
    this.#rows.refresh()
  }

  /**
   * The forms, anew whenever one changes.
   * @param opened when there is a first list; whoever opens them tells why there is none
   * @returns ends it
   */
  watchList(listener: (event: FormsEvent) => void, opened: Promise<unknown>): () => void {
    let listening = true
    const end = this.#listeners.add(listener)
    void opened.then(
      () => listening && listener(this.#list()),
      () => undefined,
    )
    return () => {
      listening = false
      end()
    }
  }

  /** The rows of a form in portions, then what happens to them. @returns ends it */
  watchRows(formId: string, listener: (event: RowsEvent) => void): () => void {
    return this.#rows.watch(formId, listener)
  }

  listChanged(): void {
    if (this.#closed) return
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      if (this.#shown) this.#listeners.tell(this.#list())
    }, pace)
  }

  /** @param problem why the queue stands still; null when it goes on */
  stuck(problem: ProblemInfo | null): void {
    this.#stuck = problem
    this.listChanged()
  }

  /** @param error why the forms cannot be opened or read */
  unavailable(error: unknown): void {
    this.#listeners.tell(unavailable(error))
  }

  /** @param rows of one form; many are told together, as each telling costs a window as much as all it shows */
  rowsChanged(rows: readonly RowId[]): void {
    try {
      const { store } = this.#shown?.session ?? {}
      for (let from = 0; from < rows.length; from += portion) {
        const some = rows.slice(from, from + portion)
        const shown = some.flatMap(({ id }) => store?.row(id) ?? []).map(row => this.#shownRow(row))
        const [row] = shown
        if (!row) continue
        this.#rows.tell(row.formId, shown.length === 1 ? { type: 'row', row } : { type: 'more', rows: shown })
      }
    } catch {
      // Whoever watches gets all that can be read, as soon as it can be.
      this.#rows.refresh()
    }
  }

  rowsRemoved(formId: string, rowIds: readonly string[]): void {
    this.#rows.tell(formId, { type: 'removed', rowIds: [...rowIds] })
  }

  /** Tells what a model has written of a row, at most once a frame. */
  rowGrown({ id, formId }: RowId, text: string): void {
    this.#rows.grow(formId, id, text)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#telling)
    this.#listeners.clear()
    this.#rows.close()
  }

  /** What cannot be read is told so, and tried again. */
  #list(): FormsEvent {
    const { session, queue } = this.#shown ?? {}
    try {
      const forms = session?.store.forms().map(form => ({ ...form, pace: queue?.pace(form.id) ?? null }))
      return { type: 'forms', forms: forms ?? [], setAside: session?.setAside ?? null, stuck: this.#stuck }
    } catch (error) {
      this.listChanged()
      return unavailable(error)
    }
  }

  #readRows(formId: string, after: number): { rows: FormRow[]; last: number | undefined } {
    const read = this.#shown?.session.store.rows(formId, after, portion)
    return { rows: read?.rows.map(row => this.#shownRow(row)) ?? [], last: read?.last }
  }

  /** A row as windows see it. */
  #shownRow(row: StoredRow): FormRow {
    const flight = this.#shown?.queue.current
    const own = flight?.id === row.id ? flight : undefined
    return { ...row, loading: own?.loading ?? null, written: own?.written ?? '' }
  }
}

function unavailable(error: unknown): FormsEvent {
  const { code, message, details } = asProblem(error)
  return { type: 'unavailable', problem: { code, message, details } }
}
