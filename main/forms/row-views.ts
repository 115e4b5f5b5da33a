import type { FormRow, StreamEvent } from '../../preload/contract.ts'

export type RowsEvent = StreamEvent<'forms.rows'>
type Listener = (event: RowsEvent) => void

/** Milliseconds of a frame at 60 a second: text comes no faster than it can be drawn. */
const frame = 16

/** Reads a form's rows after the one with a number. */
export type ReadRows = (formId: string, after: number) => { rows: FormRow[]; last: number | undefined }

/**
 * What windows see of the rows of forms: all of them in portions, as ten thousand at once would hold main up, then what
 * happens to them. A listener must not throw, as it is called in the middle of other work.
 */
export class RowViews {
  readonly #read: ReadRows
  readonly #listeners = new Map<string, Set<Listener>>()
  /** Text that waits for the next frame. */
  #pending: { readonly formId: string; readonly rowId: string; text: string } | undefined
  #frame: NodeJS.Timeout | undefined

  constructor(read: ReadRows) {
    this.#read = read
  }

  /** @returns ends it */
  watch(formId: string, listener: Listener): () => void {
    this.#flush()
    // Another for each call: one function may listen twice.
    const own: Listener = event => listener(event)
    const listeners = this.#listeners.get(formId) ?? new Set()
    this.#listeners.set(formId, listeners.add(own))
    this.#show(formId, own)
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#listeners.get(formId) === listeners) this.#listeners.delete(formId)
    }
  }

  /** Gives everyone everything anew. */
  refresh(): void {
    for (const [formId, listeners] of this.#listeners) for (const listener of listeners) this.#show(formId, listener)
  }

  tell(formId: string, event: RowsEvent): void {
    this.#flush()
    for (const listener of this.#listeners.get(formId) ?? []) listener(event)
  }

  /** Tells what a model has written, at most once a frame. */
  grow(formId: string, rowId: string, text: string): void {
    if (this.#pending?.rowId === rowId) this.#pending.text += text
    else {
      this.#flush()
      this.#pending = { formId, rowId, text }
    }
    this.#frame ??= setTimeout(() => this.#flush(), frame)
  }

  close(): void {
    clearTimeout(this.#frame)
    this.#listeners.clear()
  }

  #show(formId: string, listener: Listener): void {
    let after = 0
    const portion = (type: 'all' | 'more') => {
      if (type === 'more' && !this.#listeners.get(formId)?.has(listener)) return
      const { rows, last } = this.#read(formId, after)
      if (type === 'all' || rows.length > 0) listener({ type, rows })
      if (last === undefined) return
      after = last
      setImmediate(() => portion('more'))
    }
    portion('all')
  }

  #flush(): void {
    clearTimeout(this.#frame)
    this.#frame = undefined
    const pending = this.#pending
    this.#pending = undefined
    if (!pending) return
    const { formId, rowId, text } = pending
    for (const listener of this.#listeners.get(formId) ?? []) listener({ type: 'delta', rowId, text })
  }
}
