import { setImmediate as breath } from 'node:timers/promises'
import type { FormSource } from '../../preload/contract.ts'
import { advanceRun, nextRun, type Run, sourcesOfRun } from './runs.ts'
import type { FormSession } from './session.ts'
import type { SourceReader } from './source.ts'
import type { NewRow } from './store.ts'

/** Rows written together, and characters of their texts after which no more come along: a few milliseconds of main. */
const portion = 50
const mostCharacters = 1_000_000

export interface IntakeOptions {
  readonly session: FormSession
  readonly reader: SourceReader
  /** Writes, and tries again as long as the database cannot be written. Rejects once the forms are closed. */
  readonly insist: <T>(work: () => T) => Promise<T>
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** There are new rows, of one form. */
  readonly made: (rows: readonly NewRow[]) => void
}

/**
 * Makes rows of the sources that were handed over, whatever the window does: a list is on disk as a whole before the
 * first is read, and a kill in the middle leaves the rest of it for the next start.
 */
export class Intake {
  readonly #options: IntakeOptions
  #working: Promise<void> | undefined
  #closed = false
  /** A run may have come in since they were last looked at. */
  #wanted = false
  /** The sources of the run that is worked at: of thousands, they are not read for each portion. */
  #list: { readonly number: number; readonly sources: readonly FormSource[] } | undefined
  /** Who waits for the first rows of a run, by its number. */
  readonly #waiting = new Map<number, (rowId: string | null) => void>()

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  /** There may be a run. */
  wake(): void {
    if (this.#closed) return
    this.#wanted = true
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      // It came in between the last look and this.
      if (this.#wanted) this.wake()
    })
  }

  /** The id of the first row of a run, once it is there; null where it is the next start's. */
  first(number: number): Promise<string | null> {
    return new Promise(resolve => {
      this.#waiting.set(number, resolve)
      this.wake()
    })
  }

  /** The rest is the next process's. */
  async close(): Promise<void> {
    this.#closed = true
    for (const resolve of this.#waiting.values()) resolve(null)
    await this.#working
  }

  async #work(): Promise<void> {
    const { insist, session } = this.#options
    try {
      while (!this.#closed) {
        this.#wanted = false
        const run = await insist(() => nextRun(session.store.database))
        if (!run) return
        await this.#makeRows(run)
      }
    } catch (error) {
      // Closed while a write was tried again.
      if (!this.#closed) throw error
    }
  }

  async #makeRows(run: Run): Promise<void> {
    const { session, insist, made } = this.#options
    const { store } = session
    if (this.#list?.number !== run.number) {
      const sources = await insist(() => sourcesOfRun(store.database, run.number))
      this.#list = { number: run.number, sources }
    }
    const { sources } = this.#list
    const rows: NewRow[] = []
    let characters = 0
    // One after the other: a chat is read in one go, with all its pictures.
    for (const source of sources.slice(run.made, run.made + portion)) {
      const row = await this.#row(run, source)
      if (this.#closed) return
      rows.push(row)
      characters += row.text.length
      if (characters >= mostCharacters) break
      await breath()
    }
    const to = run.made + rows.length
    const end = to >= sources.length
    const stood = await insist(() => {
      if (!advanceRun(store.database, run, to, end)) return false
      for (const row of rows) store.addRow(row)
      return true
    })
    // The next may get its number.
    if (end || !stood) this.#list = undefined
    if (stood) made(rows)
    this.#waiting.get(run.number)?.(rows[0]?.id ?? null)
    this.#waiting.delete(run.number)
  }

  /** One that cannot be read now is read when its turn comes, and fails alone where it still cannot. */
  async #row({ formId, model, sources }: Run, source: FormSource): Promise<NewRow> {
    const { reader, newId, now } = this.#options
    const row = { id: newId(), formId, model, first: sources === 1, createdAt: now() }
    try {
      return { ...row, ...(await reader.read(source)) }
    } catch {
      return { ...row, ...(await reader.unread(source)), unread: source }
    }
  }
}
