/** Events a window may be behind before it gets no more. */
export const creditEvents = 64

/** Where a stream's events go. */
export interface Outlet<T> {
  emit(event: T): void
  /** There will be no more events, and the window has dealt with the last one. Never called for a watch. */
  end(): void
}

/** A stream in flow, as the window's side sees it. */
export interface OpenStream {
  /** The window has dealt with one event. */
  acknowledge(): void
  /** Lets go; no event comes afterwards. */
  end(): void
}

/** Starts telling a listener what happens, a whole picture first; the returned function ends it. */
export type Watch<T> = (listener: (event: T) => void) => () => void

/**
 * A watch whose listener may fall behind, as a hidden or blocked window does. Events that nobody takes must not pile
 * up: once too many are unacknowledged the watch is let go, and started again, with its whole picture, when the window
 * has caught up.
 */
export class WatchStream<T> implements OpenStream {
  readonly #watch: Watch<T>
  readonly #outlet: Outlet<T>
  #stop: (() => void) | undefined
  #unacknowledged = 0
  #behind = false
  #ended = false

  constructor(watch: Watch<T>, outlet: Outlet<T>) {
    this.#watch = watch
    this.#outlet = outlet
    this.#start()
  }

  acknowledge(): void {
    if (this.#unacknowledged > 0) this.#unacknowledged -= 1
    if (this.#behind && this.#unacknowledged === 0) this.#start()
  }

  end(): void {
    this.#ended = true
    this.#letGo()
  }

  #start(): void {
    if (this.#ended) return
    this.#behind = false
    this.#stop = this.#watch(event => this.#take(event))
    // The watch may have told so much at once that it has to be let go before its stop function was known.
    if (this.#behind || this.#ended) this.#letGo()
  }

  #take(event: T): void {
    if (this.#ended || this.#behind) return
    if (this.#unacknowledged === creditEvents) {
      this.#behind = true
      this.#letGo()
      return
    }
    this.#unacknowledged += 1
    this.#outlet.emit(event)
  }

  #letGo(): void {
    const stop = this.#stop
    this.#stop = undefined
    stop?.()
  }
}

/** A source that waits for its reader: its next event is asked for only when the window has room for it. */
export type Pull<T> = (signal: AbortSignal) => AsyncIterable<T>

/**
 * An exchange with an end, in which no event may be lost: the source is held up instead. Ending it aborts the source.
 */
export class PullStream<T> implements OpenStream {
  readonly #aborted = new AbortController()
  #unacknowledged = 0
  #onAcknowledged: (() => void) | undefined

  constructor(pull: Pull<T>, outlet: Outlet<T>) {
    void this.#run(pull, outlet)
  }

  acknowledge(): void {
    if (this.#unacknowledged > 0) this.#unacknowledged -= 1
    this.#onAcknowledged?.()
  }

  end(): void {
    this.#aborted.abort()
    this.#onAcknowledged?.()
  }

  async #run(pull: Pull<T>, outlet: Outlet<T>): Promise<void> {
    const { signal } = this.#aborted
    for await (const event of pull(signal)) {
      if (signal.aborted) return
      this.#unacknowledged += 1
      outlet.emit(event)
      await this.#fallTo(creditEvents - 1)
    }
    await this.#fallTo(0)
    if (!signal.aborted) outlet.end()
  }

  /** Waits until at most so many events are unacknowledged, or nobody listens any more. */
  async #fallTo(count: number): Promise<void> {
    while (this.#unacknowledged > count && !this.#aborted.signal.aborted) {
      await new Promise<void>(resolve => {
        this.#onAcknowledged = resolve
      })
    }
  }
}
