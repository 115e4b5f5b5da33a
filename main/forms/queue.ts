import { setTimeout as delay } from 'node:timers/promises'
import type { ProblemInfo } from '../../preload/contract.ts'
import type { ChatRequest, Inference } from '../inference/requests.ts'
import { eachOf } from '../portions.ts'
import { asProblem, Problem } from '../problem.ts'
import { CutOff, extractionRequest, isLost, readAnswer, withLargerContext } from './extraction.ts'
import type { StoredRow } from './rows.ts'
import type { FormSession } from './session.ts'
import type { ReadSource } from './source.ts'
import type { RowEnd } from './store.ts'

export interface QueueEvents {
  /** A row's state has changed, or how far its model is loaded. */
  changed(row: Pick<StoredRow, 'id' | 'formId'>): void
  /** The model has written on. */
  grown(row: Pick<StoredRow, 'id' | 'formId'>, text: string): void
  /** Why it stands still: its rows cannot be written; null once they can. */
  stuck(problem: ProblemInfo | null): void
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

/** How much a row weighs in its form's pace, beside those before it. */
const newestWeight = 0.3

/** Tokens that a full context may lack: some count as one more, or one less, than the model sees. */
const nearlyFull = 16

/** Milliseconds until a database that could not be written is tried again. */
const retry = 2_000

/** Milliseconds without a write that succeeds, after which the app need not stay for the rows that wait. */
const patience = 10 * 60_000

/**
 * Runs the rows that wait, one at a time: a model answers one as fast as several together on most computers, and the
 * person's chats share it. What fails, fails alone.
 */
export class Queue {
  readonly #session: FormSession
  readonly #inference: Pick<Inference, 'chat'>
  readonly #events: QueueEvents
  readonly #read: ReadSource
  readonly #closed = new AbortController()
  #working: Promise<void> | undefined
  /** Something may have come in since the queue was last looked at. */
  #wanted = false
  /** Milliseconds that rows of a form have taken of late, by its id. */
  readonly #paces = new Map<string, number>()
  /** Since when no write has succeeded, by the process's clock. */
  #refusedSince: number | undefined
  #current: { readonly row: RowInFlight; readonly abort: AbortController; readonly over: Promise<void> } | undefined

  /** @param read for sources that could not be read before */
  constructor(session: FormSession, inference: Pick<Inference, 'chat'>, events: QueueEvents, read: ReadSource) {
    this.#session = session
    this.#read = read
    this.#inference = inference
    this.#events = events
  }

  get current(): RowInFlight | undefined {
    return this.#current?.row
  }

  /** Milliseconds a row of a form has taken of late, without the loading of its model; null before one has ended. */
  pace(formId: string): number | null {
    return this.#paces.get(formId) ?? null
  }

  /** The database has taken nothing for long: what waits is the next start's. */
  get isHeldUp(): boolean {
    return this.#refusedSince !== undefined && performance.now() - this.#refusedSince >= patience
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

  /**
   * Writes, and tries again as long as the database cannot be written: nothing that was read may be lost for that.
   * @throws once it is closed
   */
  async insist<T>(work: () => T): Promise<T> {
    let refused = false
    for (;;) {
      try {
        const done = await this.#session.store.database.write(work)
        // By what was refused itself: another that writes nothing is taken on a full disk, too.
        if (refused) {
          this.#events.stuck(null)
          this.#refusedSince = undefined
        }
        return done
      } catch (error) {
        if (this.#closed.signal.aborted) throw error
        refused = true
        this.#refusedSince ??= performance.now()
        const { code, message, details } = asProblem(error)
        this.#events.stuck({ code, message, details })
      }
      await delay(retry, undefined, { signal: this.#closed.signal })
    }
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#closed.signal.aborted) return
      this.#wanted = false
      const row = await this.insist(() => {
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
    await this.insist(() => {
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
      const { answer, taken } = await this.#whole(row, request, signal)
      const before = this.#paces.get(row.formId)
      this.#paces.set(row.formId, before === undefined ? taken : before + (taken - before) * newestWeight)
      return { state: 'done', answer, problem: null }
    } catch (error) {
      if (signal.aborted) return undefined
      const { code, message, details } = asProblem(error)
      // Inference is being closed under it.
      if (code === 'cancelled') return undefined
      const answer = error instanceof CutOff ? error.answer : null
      return { state: 'failed', answer, problem: { code, message, details } }
    }
  }

  /**
   * A whole answer. One that did not find room in the context is asked for once more in one of twice the size, where the
   * model and the memory have it: some answers are longer than what they are made from.
   * @throws CutOff with what the first came to, whatever the second fails for
   */
  async #whole(row: RowInFlight, request: ChatRequest, signal: AbortSignal) {
    const first = await this.#ask(row, request, signal)
    try {
      return { answer: readAnswer(row.written), taken: first.taken }
    } catch (error) {
      if (!(error instanceof CutOff) || !first.full) throw error
      row.written = ''
      this.#events.changed(row)
      try {
        const { taken } = await this.#ask(row, withLargerContext(request, first.contextSize), signal, first.contextSize)
        return { answer: readAnswer(row.written), taken: first.taken + taken }
      } catch (second) {
        throw asProblem(second).code === 'cancelled' ? second : error
      }
    }
  }

  /**
   * Asks once; what is written grows in `row`.
   * @param above tokens: with a context no larger than this it is not worth the while, and is broken off
   * @returns milliseconds it took without loading, the tokens of the context, and whether they were all used
   */
  async #ask(row: RowInFlight, request: ChatRequest, signal: AbortSignal, above = 0) {
    let begun = performance.now()
    let contextSize = 0
    let full = false
    for await (const event of eachOf(this.#inference.chat(request, signal))) {
      if (signal.aborted) break
      if (event.type === 'prompt') {
        contextSize = event.contextSize
        if (contextSize <= above) break
      } else if (event.type === 'done') {
        const used = (event.metrics?.promptEvalCount ?? 0) + (event.metrics?.evalCount ?? 0)
        full = event.reason === 'length' && contextSize > 0 && used >= contextSize - nearlyFull
        break
      } else if (event.type === 'loading') {
        row.loading = event.fraction
        this.#events.changed(row)
      } else if (event.type === 'delta' && event.content !== '') {
        row.written += event.content
        if (row.loading !== null) {
          row.loading = null
          begun = performance.now()
          this.#events.changed(row)
        } else this.#events.grown(row, event.content)
        if (isLost(row.written)) break
      }
    }
    signal.throwIfAborted()
    return { taken: performance.now() - begun, contextSize, full }
  }

  async #request(rowId: string): Promise<ChatRequest> {
    const { store, pictures } = this.#session
    const unread = store.unread(rowId)
    if (unread) {
      const source = await this.#read(unread)
      await this.insist(() => store.hasRead(rowId, source))
    }
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
}
