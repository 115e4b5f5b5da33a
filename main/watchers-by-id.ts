import { Watchers, type WatchersOptions } from './watchers.ts'

/** The windows that watch things of one kind, each by its id; see `Watchers`. */
export class WatchersById<Event> {
  readonly #options: (id: string) => WatchersOptions<Event>
  readonly #watchers = new Map<string, Watchers<Event>>()

  /** @param options how each is watched */
  constructor(options: (id: string) => WatchersOptions<Event>) {
    this.#options = options
  }

  /** @returns ends it */
  watch(id: string, listener: (event: Event) => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Watchers(this.#options(id))
    this.#watchers.set(id, watchers)
    const end = watchers.add(listener)
    return () => {
      end()
      if (watchers.empty && this.#watchers.get(id) === watchers) this.#watchers.delete(id)
    }
  }

  /** Those of one thing; undefined where nobody watches it. */
  of(id: string): Watchers<Event> | undefined {
    return this.#watchers.get(id)
  }

  /** Gives everyone everything anew; of one thing where it is named. */
  refresh(id?: string): void {
    for (const [own, watchers] of this.#watchers) if (id === undefined || own === id) watchers.refresh()
  }

  close(): void {
    for (const watchers of this.#watchers.values()) watchers.close()
    this.#watchers.clear()
  }
}
