/** Milliseconds of a frame at 60 a second: text comes no faster than it can be drawn. */
const frame = 16
/** Milliseconds until a picture that could not be read is tried again. */
const retry = 500

export interface WatchersOptions<Event> {
  /** Reads the whole picture. May throw; then it is tried again, as what keeps it from being read mostly passes. */
  readonly picture: () => Event
  /**
   * The same in pieces: the first is told at once, the others one a frame, with changes among them. May throw, as
   * `picture`. Without it all get the picture.
   */
  readonly pieces?: () => Iterator<Event, unknown>
  /** Hears why the picture could not be read. */
  readonly failed: (error: unknown) => void
  /** Two events of a frame as one, where they can be. */
  readonly join?: (earlier: Event, later: Event) => Event | undefined
}

interface Watcher<Event> {
  readonly listener: (event: Event) => void
  /** It has had its picture, or the first piece; only then does a change mean anything to it. */
  ready: boolean
  /** The next piece is due. */
  piece?: NodeJS.Timeout
}

/**
 * The windows that watch one thing: each gets the whole picture first, at once or in pieces, then changes. A listener
 * must not throw, as it is called in the middle of other work.
 */
export class Watchers<Event> {
  readonly #options: WatchersOptions<Event>
  readonly #watchers = new Set<Watcher<Event>>()
  #pending: Event[] = []
  #frame: NodeJS.Timeout | undefined
  #lastFrame = Number.NEGATIVE_INFINITY
  #retry: NodeJS.Timeout | undefined

  constructor(options: WatchersOptions<Event>) {
    this.#options = options
  }

  get empty(): boolean {
    return this.#watchers.size === 0
  }

  /** @returns ends it */
  add(listener: (event: Event) => void): () => void {
    const watcher: Watcher<Event> = { listener, ready: false }
    this.#watchers.add(watcher)
    const { pieces } = this.#options
    if (pieces) this.#tellPieces(watcher, pieces)
    else this.#show([watcher])
    return () => {
      clearTimeout(watcher.piece)
      this.#watchers.delete(watcher)
      if (this.empty) this.close()
    }
  }

  /**
   * Gives everyone the whole picture anew, in pieces where there are some.
   * @param pieces other ones than a newcomer's
   */
  refresh(pieces: WatchersOptions<Event>['pieces'] = this.#options.pieces): void {
    const watchers = [...this.#watchers]
    for (const watcher of watchers) watcher.ready = false
    if (!pieces) this.#show(watchers)
    else for (const watcher of watchers) if (this.#watchers.has(watcher)) this.#tellPieces(watcher, pieces)
  }

  /** Tells a change now, after what is pending. */
  tell(event: Event): void {
    this.#flush()
    this.#send(event)
  }

  /**
   * Tells a change at the next frame, joined with the others of that frame; now, when none was told in the last one.
   */
  tellByFrame(event: Event): void {
    const last = this.#pending.at(-1)
    const joined = last === undefined ? undefined : this.#options.join?.(last, event)
    if (joined === undefined) this.#pending.push(event)
    else this.#pending[this.#pending.length - 1] = joined
    const wait = this.#lastFrame + frame - performance.now()
    if (wait <= 0) this.#flush()
    else this.#frame ??= setTimeout(() => this.#flush(), wait)
  }

  close(): void {
    for (const { piece } of this.#watchers) clearTimeout(piece)
    clearTimeout(this.#frame)
    clearTimeout(this.#retry)
    this.#frame = undefined
    this.#retry = undefined
    this.#pending = []
  }

  #show(watchers: Watcher<Event>[]): void {
    // The picture holds what is pending: those who are ready get that now, so that no one gets anything twice.
    this.#flush()
    for (const { piece } of watchers) clearTimeout(piece)
    const picture = this.#attempt(this.#options.picture)
    for (const watcher of picture === undefined ? [] : watchers) {
      watcher.ready = true
      watcher.listener(picture as Event)
    }
  }

  #tellPieces(watcher: Watcher<Event>, begin: () => Iterator<Event, unknown>): void {
    this.#flush()
    // Pieces of an earlier picture would put old messages over this one, also when it can only be read later.
    clearTimeout(watcher.piece)
    const pieces = begin()
    const tellNext = () => {
      // A piece holds what is pending, as the first one does.
      this.#flush()
      const next = this.#attempt(() => pieces.next())
      // What could not be read is tried again, as a whole picture.
      if (!next) watcher.ready = false
      if (!next || next.done) return
      watcher.ready = true
      // Before it hears this one, as it may let go then.
      watcher.piece = setTimeout(tellNext, frame)
      watcher.listener(next.value)
    }
    tellNext()
  }

  /** @returns undefined for what could not be read; those who wait for it get the whole picture as soon as it can be */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.#options.failed(error)
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined
        this.#show([...this.#watchers].filter(watcher => !watcher.ready))
      }, retry)
      return undefined
    }
  }

  #flush(): void {
    clearTimeout(this.#frame)
    this.#frame = undefined
    if (this.#pending.length === 0) return
    const pending = this.#pending
    this.#pending = []
    this.#lastFrame = performance.now()
    for (const event of pending) this.#send(event)
  }

  #send(event: Event): void {
    for (const watcher of this.#watchers) if (watcher.ready) watcher.listener(event)
  }
}
