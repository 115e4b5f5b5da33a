import type { Engine } from '../engine/engine.ts'
import type { LoadWish } from './load-wish.ts'

/** The right to use an engine until `release`. */
export interface Lease {
  readonly engine: Engine
  /** Nanoseconds this request waited for its model. */
  readonly loadNanoseconds: number
  /** @param answered false when the engine gave nothing: it may hang, and the next request had better ask it first */
  readonly release: (answered?: boolean) => void
}

/** The latest moment a Date can hold. */
const farFuture = 8.64e15
/** The longest a timer of Node's can wait: about 25 days. */
const longestTimer = 2 ** 31 - 1
/** An engine not heard of for longer than this is asked whether it still answers before it gets a request. */
const trustFor = 10_000
/** Milliseconds without a picture or a sound after which a model need not see for the sake of who shows it some. */
const sightKept = 60_000
/** Milliseconds it may take to say so; it computes beside its event loop, so even a busy one answers at once. */
const pingTimeout = 5_000

/**
 * One loaded engine: who uses it, how long it stays once nobody does, and how it leaves. It ends in the middle of an
 * answer only when it hangs.
 */
export class LoadedEngine {
  readonly wish: LoadWish
  readonly engine: Engine
  /** Settles when its process is gone. */
  readonly gone: Promise<void>
  /** The name it was last asked by: two names may share their weights. */
  name: string
  /** Milliseconds it stays when idle. */
  keepAlive: number
  readonly #now: () => number
  readonly #onRelease: () => void
  #users = 0
  /** Those of them that show pictures or sound. */
  #showing = 0
  #idleUntil: number
  #lastHeard: number
  /** When the last answer about pictures or sound was over. */
  #lastSaw: number
  #timer: NodeJS.Timeout | undefined
  #state: 'serving' | 'leaving' | 'ending' = 'serving'

  /** @param onRelease called after each lease that was given back */
  constructor(wish: LoadWish, engine: Engine, keepAlive: number, now: () => number, onRelease: () => void) {
    this.wish = wish
    this.engine = engine
    this.name = wish.name
    this.keepAlive = keepAlive
    this.#now = now
    this.#onRelease = onRelease
    this.#idleUntil = now()
    this.#lastHeard = now()
    this.#lastSaw = now()
    this.gone = engine.exited.then(() => {
      this.#state = 'ending'
      clearTimeout(this.#timer)
    })
  }

  get isBusy(): boolean {
    return this.#users > 0
  }

  /** Whether it takes requests. */
  get isServing(): boolean {
    return this.#state === 'serving'
  }

  /** Loaded to see, which nobody has needed for a while: text is answered several times faster without. */
  get seesInVain(): boolean {
    const since = this.#now() - this.#lastSaw
    const isIdle = this.#showing === 0 && (since < 0 || since > sightKept)
    return isIdle && Boolean(this.wish.options.withProjector)
  }

  /** When it leaves if nobody asks it any more: from now on while it answers. No later where the clock was set back. */
  get expiresAt(): Date {
    const latest = this.#now() + this.keepAlive
    return new Date(Math.min(farFuture, latest, this.isBusy ? latest : this.#idleUntil))
  }

  /**
   * Whether it answers; asked only after a silence. One that does not is ended: a hung process cannot be reasoned with.
   * It may have been sent away meanwhile.
   */
  async responds(): Promise<boolean> {
    const silence = this.#now() - this.#lastHeard
    // The clock may have been set back.
    if (silence >= 0 && silence <= trustFor) return true
    this.#users++
    try {
      await this.engine.ping(pingTimeout)
      this.#lastHeard = this.#now()
      return true
    } catch {
      void this.end()
      return false
    } finally {
      this.#leaveOne()
    }
  }

  /** @param since `process.hrtime.bigint()` when the request arrived */
  lease({ name, keepAlive, options }: LoadWish, since: bigint): Lease {
    clearTimeout(this.#timer)
    this.name = name
    if (keepAlive !== undefined) this.keepAlive = keepAlive
    this.#users++
    if (options.withProjector) this.#showing++
    let isReleased = false
    return {
      engine: this.engine,
      loadNanoseconds: Number(process.hrtime.bigint() - since),
      release: (answered = true) => {
        if (isReleased) return
        isReleased = true
        if (options.withProjector) {
          this.#showing--
          this.#lastSaw = this.#now()
        }
        if (answered) this.#lastHeard = this.#now()
        this.#leaveOne()
        this.#onRelease()
      },
    }
  }

  /** Its model was asked, at another engine of it: the clock starts anew, with what was said. */
  keep(keepAlive = this.keepAlive): void {
    this.keepAlive = keepAlive
    this.rest()
  }

  /** Leaves as soon as it is idle, unless a request asks it to stay. */
  expire(): void {
    this.keepAlive = 0
    this.rest()
  }

  /** Starts the clock of its keep-alive, if it is idle. */
  rest(): void {
    clearTimeout(this.#timer)
    if (this.isBusy) return
    if (!this.isServing || this.keepAlive <= 0) {
      void this.end()
      return
    }
    this.#idleUntil = this.#now() + this.keepAlive
    if (Number.isFinite(this.keepAlive)) this.#wait(this.keepAlive)
  }

  /** Takes no more requests, and leaves when its answers are done. @returns settles when it is gone */
  leave(): Promise<void> {
    if (this.#state === 'serving') this.#state = 'leaving'
    if (!this.isBusy) return this.end()
    return this.gone
  }

  /** Takes `leave` back while it still answers. */
  stay(): void {
    if (this.#state === 'leaving') this.#state = 'serving'
  }

  /** Ends its process now, whatever it is doing. */
  end(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#state !== 'ending') {
      this.#state = 'ending'
      void this.engine.dispose()
    }
    return this.gone
  }

  #leaveOne(): void {
    this.#users--
    this.rest()
  }

  /** By timers alone: by the clock of the computer, a model would stay for as long as that is set back. */
  #wait(left: number): void {
    // Longer waits would fire at once.
    const next = Math.min(left, longestTimer)
    const onPassed = () => (left > next ? this.#wait(left - next) : void this.end())
    this.#timer = setTimeout(onPassed, next).unref()
  }
}
