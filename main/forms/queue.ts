import { setTimeout as delay } from 'node:timers/promises'
import type { Inference } from '../inference/requests.ts'
import { asProblem, Problem } from '../problem.ts'
import { CutOff, extractionRequest, readAnswer } from './extraction.ts'
import type { FormSession } from './session.ts'
import type { RowEnd, StoredRow } from './store.ts'

export interface QueueEvents {
  /** A row's state has changed, or how far its model is loaded. */
  changed(row: Pick<StoredRow, 'id' | 'formId'>): void
  /** The model has written on. */
  grown(row: Pick<StoredRow, 'id' | 'formId'>, text: string): void
}

/** A row while it is run. */
export interface RowInFlight {
  readonly id: string
  readonly formId: string
  /** What the model has written so far. */
  written: string
  /** Fraction of the model's weights loaded, while it waits for that. */
  loading: number | null
}

/** Milliseconds until a database that could not be written is tried again. */
const retry = 2_000

/**
 * Runs the rows that wait, one at a time: a model answers one as fast as several together on most computers, and the
 * person's chats share it. What fails, fails alone.
 */
export class Queue {
  readonly #session: FormSession
  readonly #inference: Pick<Inference, 'chat'>
  readonly #events: QueueEvents
  readonly #closed = new AbortController()
  #working: Promise<void> | undefined
  /** Something may have come in since the queue was last looked at. */
  #wanted = false
  #current: { readonly row: RowInFlight; readonly abort: AbortController; readonly over: Promise<void> } | undefined

  constructor(session: FormSession, inference: Pick<Inference, 'chat'>, events: QueueEvents) {
    this.#session = session
    this.#inference = inference
    this.#events = events
  }

  get current(): RowInFlight | undefined {
    return this.#current?.row
  }

  /** There may be something to run. */
  wake(): void {
    if (this.#closed.signal.aborted) return
    this.#wanted = true
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      // It came in between the last look and this.
      if (this.#wanted) this.wake()
    })
  }

  /** Breaks off what runs, where it is one of these; it waits again. Resolves when it is back in the queue. */
  async breakOff(which: (row: RowInFlight) => boolean): Promise<void> {
    const current = this.#current
    if (!current || !which(current.row)) return
    current.abort.abort()
    await current.over
  }

  /** Breaks off what runs; the next process takes it up. */
  async close(): Promise<void> {
    this.#closed.abort()
    this.#current?.abort.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#closed.signal.aborted) return
      this.#wanted = false
      const row = await this.#insist(() => {
        const next = this.#session.store.next()
        if (next) this.#session.store.begin(next.id)
        return next
      })
      if (!row) return
      await this.#runOne(row)
    }
  }

  async #runOne({ id, formId }: StoredRow): Promise<void> {
    const abort = new AbortController()
    // It was closed while the row was begun.
    if (this.#closed.signal.aborted) abort.abort()
    const row: RowInFlight = { id, formId, written: '', loading: null }
    const over = this.#run(row, abort.signal)
    this.#current = { row, abort, over }
    this.#events.changed(row)
    await over
  }

  async #run(row: RowInFlight, signal: AbortSignal): Promise<void> {
    const end = await this.#answer(row, signal)
    await this.#insist(() => {
      if (end) this.#session.store.end(row.id, end)
      else this.#session.store.wait(row.id)
    })
    this.#current = undefined
    this.#events.changed(row)
  }

  /** @returns undefined when it was broken off */
  async #answer(row: RowInFlight, signal: AbortSignal): Promise<RowEnd | undefined> {
    try {
      const request = await this.#request(row.id)
      if (signal.aborted) return undefined
      for await (const event of this.#inference.chat(request, signal)) {
        if (signal.aborted) return undefined
        if (event.type === 'done') break
        if (event.type === 'loading') {
          row.loading = event.fraction
          this.#events.changed(row)
        } else if (event.type === 'delta' && event.content !== '') {
          row.written += event.content
          if (row.loading !== null) {
            row.loading = null
            this.#events.changed(row)
          } else this.#events.grown(row, event.content)
        }
      }
      return { state: 'done', answer: readAnswer(row.written), problem: null }
    } catch (error) {
      if (signal.aborted) return undefined
      const { code, message, details } = asProblem(error)
      // Inference is being closed under it.
      if (code === 'cancelled') return undefined
      const answer = error instanceof CutOff ? error.answer : null
      return { state: 'failed', answer, problem: { code, message, details } }
    }
  }

  async #request(rowId: string) {
    const { store, pictures } = this.#session
    const row = store.row(rowId)
    const form = row && store.form(row.formId)
    if (!form) throw new Problem('not-found', 404, 'the form is no longer there')
    const bytes = await Promise.all(
      row.source.pictures.map(async ({ hash }) => {
        const picture = await pictures.read(hash)
        if (!picture) throw new Problem('picture-missing', 404, 'the picture is no longer there')
        return picture.bytes
      }),
    )
    const text = store.sourceText(rowId) ?? ''
    return extractionRequest(form, row.model, { kind: row.source.kind, text, pictures: bytes })
  }

  /** Writes, and tries again as long as the database cannot be written: nothing that was read may be lost for that. */
  async #insist<T>(work: () => T): Promise<T> {
    for (;;) {
      try {
        return await this.#session.store.database.write(work)
      } catch (error) {
        if (this.#closed.signal.aborted) throw error
      }
      await delay(retry, undefined, { signal: this.#closed.signal })
    }
  }
}
