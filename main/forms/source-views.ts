import type { KeptSources, StreamEvent } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { WatchersById } from '../watchers-by-id.ts'
import { keepSources, keptSources, listed } from './kept-sources.ts'
import type { FormStore } from './store.ts'

type SourcesEvent = StreamEvent<'forms.sources'>

/**
 * What forms are to be run on next, in all windows: each is told what another makes of it, and changes only what it has
 * seen. A listener must not throw.
 */
export class SourceViews {
  readonly #views: WatchersById<SourcesEvent>
  /** Of the last change of whatever form. */
  #newest = 0
  /** Of the last change of each, since it was opened. */
  readonly #revisions = new Map<string, number>()
  /** Of those that are not changed since. */
  #opened = 0

  /** @param database undefined while it is not open; it is asked for again */
  constructor(database: () => Database | undefined) {
    const picture = (formId: string): SourcesEvent => {
      const open = database()
      if (!open) throw new Error('the forms are not open yet')
      return { ...keptSources(open, formId), revision: this.#revisionOf(formId) }
    }
    // Why it cannot be read is told with the list of forms.
    this.#views = new WatchersById(formId => ({ picture: () => picture(formId), failed: () => undefined }))
  }

  /** @returns ends it */
  watch(formId: string, listener: (event: SourcesEvent) => void): () => void {
    return this.#views.watch(formId, listener)
  }

  /**
   * Replaces what is kept of a form that is there; what is left out stays.
   * @param seen the revision that was changed here
   * @returns the new one; null where somebody was quicker: nothing is replaced
   * @throws DatabaseProblem
   */
  async keep(store: FormStore, formId: string, seen: number, kept: Partial<KeptSources>): Promise<number | null> {
    return this.#change(store, formId, seen, () => kept)
  }

  /**
   * Hands over what is kept of a form that is there: one source alone stays, as it may be run again on other fields.
   * @param seen the revision that is to be run
   * @param work what becomes of it, in the same write
   * @returns what `work` does; undefined where somebody was quicker: nothing is handed over
   * @throws DatabaseProblem
   */
  async handOver<T>(
    store: FormStore,
    formId: string,
    seen: number,
    work: (kept: KeptSources) => T,
  ): Promise<T | undefined> {
    let done: T | undefined
    await this.#change(store, formId, seen, () => {
      const kept = keptSources(store.database, formId)
      done = work(kept)
      return listed(kept).length === 1 ? undefined : { text: '', files: [] }
    })
    return done
  }

  /** @param work what it is changed to, inside the write; undefined to leave it */
  async #change(
    store: FormStore,
    formId: string,
    seen: number,
    work: () => Partial<KeptSources> | undefined,
  ): Promise<number | null> {
    const change = await store.database
      .write(() => {
        if (seen !== this.#revisionOf(formId)) return null
        const kept = work()
        if (!kept) return undefined
        keepSources(store.database, formId, kept)
        this.#newest += 1
        this.#revisions.set(formId, this.#newest)
        return { ...kept, revision: this.#newest }
      })
      .catch(error => {
        // Whoever has seen less must not be refused for ever.
        this.#views.refresh(formId)
        throw error
      })
    if (change === null) this.#views.refresh(formId)
    else if (change) this.#views.of(formId)?.tell(change)
    return change === undefined ? seen : (change?.revision ?? null)
  }

  /** The database holds something else now. */
  replaced(): void {
    this.#newest += 1
    this.#opened = this.#newest
    this.#revisions.clear()
    this.#views.refresh()
  }

  close(): void {
    this.#views.close()
  }

  #revisionOf(formId: string): number {
    return this.#revisions.get(formId) ?? this.#opened
  }
}
