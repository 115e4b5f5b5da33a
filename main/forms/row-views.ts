import type { FormRow, StreamEvent } from '../../preload/contract.ts'
import { WatchersById } from '../watchers-by-id.ts'

export type RowsEvent = StreamEvent<'forms.rows'>

/** Reads a form's rows after the one with a number. */
export type ReadRows = (formId: string, after: number) => { rows: FormRow[]; last: number | undefined }

/**
 * What windows see of the rows of forms: all of them in portions, as ten thousand at once would hold main up, then what
 * happens to them. What cannot be read is tried again. A listener must not throw, as it is called in the middle of
 * other work.
 */
export class RowViews {
  readonly #read: ReadRows
  readonly #views: WatchersById<RowsEvent>

  /** @param failed hears why rows could not be read */
  constructor(read: ReadRows, failed: (error: unknown) => void) {
    this.#read = read
    this.#views = new WatchersById(formId => ({
      // All at once only where a portion could not be read.
      picture: () => ({ type: 'all', rows: [...this.#pieces(formId)].flatMap(({ rows }) => rows) }),
      pieces: () => this.#pieces(formId),
      failed,
      join: joinDeltas,
    }))
  }

  /** @returns ends it */
  watch(formId: string, listener: (event: RowsEvent) => void): () => void {
    return this.#views.watch(formId, listener)
  }

  /** Gives everyone everything anew. */
  refresh(): void {
    this.#views.refresh()
  }

  tell(formId: string, event: RowsEvent): void {
    this.#views.of(formId)?.tell(event)
  }

  /** Tells what a model has written, at most once a frame. */
  grow(formId: string, rowId: string, text: string): void {
    this.#views.of(formId)?.tellByFrame({ type: 'delta', rowId, text })
  }

  close(): void {
    this.#views.close()
  }

  *#pieces(formId: string): Generator<{ type: 'all' | 'more'; rows: FormRow[] }> {
    let read = this.#read(formId, 0)
    yield { type: 'all', rows: read.rows }
    while (read.last !== undefined) {
      read = this.#read(formId, read.last)
      if (read.rows.length > 0) yield { type: 'more', rows: read.rows }
    }
  }
}

function joinDeltas(earlier: RowsEvent, later: RowsEvent): RowsEvent | undefined {
  if (earlier.type !== 'delta' || later.type !== 'delta' || earlier.rowId !== later.rowId) return undefined
  return { ...later, text: earlier.text + later.text }
}
