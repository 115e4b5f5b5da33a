import type { Engine, LoadOptions, StartEngine } from '../engine/engine.ts'
import { Problem } from '../problem.ts'
import { Deferred } from './deferred.ts'

/** How a request wants its model loaded. `exact` is false where Hearth itself chose the context size. */
export interface LoadWish {
  readonly name: string
  readonly options: LoadOptions
  /** The request or the model named `num_ctx`; otherwise a loaded context of any size will do and may be stepped down. */
  readonly exactContext: boolean
  /** Milliseconds to stay loaded when idle, Infinity for ever; undefined keeps what the model has, else the default. */
  readonly keepAlive?: number
}

/** The right to use an engine until `release`. */
export interface Lease {
  readonly engine: Engine
  /** Nanoseconds this request waited for its model. */
  readonly loadNanoseconds: number
  /** @param answered false when the engine gave nothing: it may hang, and the next request had better ask it first */
  release(answered?: boolean): void
}

export interface SchedulerLimits {
  /** Engines at once (OLLAMA_MAX_LOADED_MODELS). */
  readonly maxLoaded: number
  /** Requests that may wait for a load before the next is refused (OLLAMA_MAX_QUEUE). */
  readonly maxQueue: number
  /** Milliseconds (OLLAMA_KEEP_ALIVE). */
  readonly defaultKeepAlive: number
}

/** What is loaded or loading, for /api/ps. */
export interface Loaded {
  readonly name: string
  readonly modelPath: string
  readonly engine: Engine
  readonly expiresAt: Date
  /** What was given up to make the model fit; null when it runs as asked. */
  readonly steppedDown: SteppedDown | null
}

export interface SteppedDown {
  readonly askedContextSize: number
  readonly contextSize: number
}

interface Runner {
  name: string
  readonly wish: LoadWish
  readonly engine: Engine
  readonly steppedDown: SteppedDown | null
  keepAlive: number
  inFlight: number
  expiresAt: number
  timer?: NodeJS.Timeout
  /** When it last showed that it lives. */
  lastHeard: number
  /** Set when it must go as soon as it is idle; settled when its process is gone. */
  leaving?: Deferred<void>
}

interface Waiting {
  readonly wish: LoadWish
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
  readonly lease: Deferred<Lease>
  readonly since: bigint
  readonly onAbort: () => void
}

const smallestContext = 2048
const farFuture = 8.64e15
/** An engine not heard of for longer than this is asked whether it still answers before it gets a request. */
const trustFor = 10_000
/** Milliseconds it may take to say so; it computes beside its event loop, so even a busy one answers at once. */
const pingTimeout = 5_000

/**
 * Decides which models are loaded: a request for a loaded model goes straight to it, all others wait in order for one
 * loader. To make room the model with the shortest keep-alive leaves first, idle ones before busy ones, and never in
 * the middle of an answer (upstream server/sched.go).
 */
export class Scheduler {
  readonly #start: StartEngine
  readonly #limits: SchedulerLimits
  readonly #now: () => number
  readonly #runners = new Map<string, Runner>()
  readonly #queue: Waiting[] = []
  #loading: { waiting: Waiting; abort: AbortController } | undefined
  #closed = false

  constructor(start: StartEngine, limits: SchedulerLimits, now: () => number = Date.now) {
    this.#start = start
    this.#limits = limits
    this.#now = now
  }

  /**
   * An engine that holds the wished model. Rejects with an AbortError when the signal fires first.
   * @param onProgress fraction of the weights read, 0..1, while this request waits for its model
   * @throws Problem `busy` (503) when too many requests wait already, or what the load failed with
   */
  async acquire(
    wish: LoadWish,
    hooks: { signal?: AbortSignal; onProgress?: (fraction: number) => void } = {},
  ): Promise<Lease> {
    hooks.signal?.throwIfAborted()
    if (this.#closed) throw new Problem('cancelled', 499, 'request canceled')
    const since = process.hrtime.bigint()
    const runner = await this.#usable(wish)
    hooks.signal?.throwIfAborted()
    if (runner) return this.#lease(runner, wish, since)

    if (this.#queue.length >= this.#limits.maxQueue) {
      throw new Problem('busy', 503, 'server busy, please try again.  maximum pending requests exceeded')
    }
    const lease = new Deferred<Lease>()
    const waiting: Waiting = {
      wish,
      signal: hooks.signal,
      onProgress: hooks.onProgress,
      lease,
      since,
      onAbort: () => this.#giveUp(waiting),
    }
    hooks.signal?.addEventListener('abort', waiting.onAbort, { once: true })
    this.#queue.push(waiting)
    void this.#loadNext()
    return lease.promise.finally(() => hooks.signal?.removeEventListener('abort', waiting.onAbort))
  }

  /** Lets a model leave as soon as it is idle; resolves at once, also when it is not loaded. */
  unload(modelPath: string): void {
    const runner = this.#runners.get(modelPath)
    if (!runner) return
    runner.keepAlive = 0
    if (runner.inFlight === 0) void this.#expire(runner)
  }

  /** Loaded models, the one that expires last first. */
  loaded(): Loaded[] {
    return [...this.#runners.values()]
      .sort((a, b) => expiry(b, this.#now()) - expiry(a, this.#now()))
      .map(runner => ({
        name: runner.name,
        modelPath: runner.wish.options.modelPath,
        engine: runner.engine,
        expiresAt: new Date(expiry(runner, this.#now())),
        steppedDown: runner.steppedDown,
      }))
  }

  /** Ends every engine and refuses what waits. */
  async dispose(): Promise<void> {
    this.#closed = true
    this.#loading?.abort.abort()
    for (const waiting of this.#queue.splice(0)) waiting.lease.reject(new Problem('cancelled', 499, 'request canceled'))
    await Promise.all([...this.#runners.values()].map(runner => this.#end(runner)))
  }

  /** The loaded runner if it serves the wish as it is; one that is hung or of another shape is sent away. */
  async #usable(wish: LoadWish): Promise<Runner | undefined> {
    const runner = this.#runners.get(wish.options.modelPath)
    if (!runner || runner.leaving || !serves(runner, wish)) return undefined
    if (this.#now() - runner.lastHeard > trustFor) {
      runner.inFlight++
      try {
        await runner.engine.ping(pingTimeout)
        runner.lastHeard = this.#now()
      } catch {
        // A hung process cannot be reasoned with; its requests fail, and this one loads a fresh one.
        runner.inFlight--
        void this.#end(runner)
        return undefined
      }
      runner.inFlight--
      if (runner.leaving) {
        if (runner.inFlight === 0) void this.#expire(runner)
        return undefined
      }
    }
    return runner
  }

  #lease(runner: Runner, wish: LoadWish, since: bigint): Lease {
    clearTimeout(runner.timer)
    runner.name = wish.name
    if (wish.keepAlive !== undefined) runner.keepAlive = wish.keepAlive
    runner.inFlight++
    let released = false
    return {
      engine: runner.engine,
      loadNanoseconds: Number(process.hrtime.bigint() - since),
      release: (answered = true) => {
        if (released) return
        released = true
        runner.inFlight--
        if (answered) runner.lastHeard = this.#now()
        if (runner.inFlight === 0) this.#restart(runner)
        void this.#loadNext()
      },
    }
  }

  /** Starts the keep-alive clock of a runner that has just become idle. */
  #restart(runner: Runner): void {
    clearTimeout(runner.timer)
    if (runner.leaving || runner.keepAlive <= 0) {
      void this.#expire(runner)
      return
    }
    runner.expiresAt = this.#now() + runner.keepAlive
    if (!Number.isFinite(runner.keepAlive)) return
    // setTimeout counts in 32 bits: a longer wait would fire at once.
    runner.timer = setTimeout(() => this.#restartOrExpire(runner), Math.min(runner.keepAlive, 2 ** 31 - 1))
    runner.timer.unref()
  }

  #restartOrExpire(runner: Runner): void {
    if (runner.inFlight > 0) return
    const left = runner.expiresAt - this.#now()
    if (left <= 1) void this.#expire(runner)
    else {
      runner.timer = setTimeout(() => this.#restartOrExpire(runner), Math.min(left, 2 ** 31 - 1))
      runner.timer.unref()
    }
  }

  /** Ends an idle runner; the map forgets it once the process is gone and its memory is free. */
  #expire(runner: Runner): Promise<void> {
    if (runner.leaving && runner.inFlight > 0) return runner.leaving.promise
    return this.#end(runner)
  }

  /** Ends a runner's process now, whatever it is doing. */
  #end(runner: Runner): Promise<void> {
    clearTimeout(runner.timer)
    runner.leaving ??= new Deferred<void>()
    const { leaving } = runner
    runner.engine.dispose().then(leaving.resolve, leaving.reject)
    return leaving.promise
  }

  /** Asks a runner to leave when its answers are done, and waits until it is gone. */
  #sendAway(runner: Runner): Promise<void> {
    if (runner.inFlight === 0) return this.#expire(runner)
    runner.leaving ??= new Deferred<void>()
    return runner.leaving.promise
  }

  /**
   * Waits until a runner is gone. When nobody wants its place any more it may stay, and serves again.
   * @throws the signal's reason
   */
  async #makeWay(runner: Runner, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const given = new Deferred<never>()
    const onAbort = () => given.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await Promise.race([this.#sendAway(runner), given.promise])
    } catch (error) {
      if (runner.inFlight > 0) runner.leaving = undefined
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  #giveUp(waiting: Waiting): void {
    const at = this.#queue.indexOf(waiting)
    if (at >= 0) this.#queue.splice(at, 1)
    // A load that somebody else waits for, too, goes on for them.
    const wanted = this.#queue.some(other => other.wish.options.modelPath === waiting.wish.options.modelPath)
    if (this.#loading?.waiting === waiting && !wanted) this.#loading.abort.abort()
    waiting.lease.reject(waiting.signal?.reason ?? new Problem('cancelled', 499, 'request canceled'))
  }

  /** The one loader: takes the queue's head, makes room, loads, hands over, takes the next. */
  async #loadNext(): Promise<void> {
    if (this.#loading || this.#closed) return
    const waiting = this.#queue.shift()
    if (!waiting) return
    const abort = new AbortController()
    this.#loading = { waiting, abort }
    try {
      const runner = (await this.#usable(waiting.wish)) ?? (await this.#load(waiting, abort.signal))
      if (waiting.signal?.aborted) this.#restart(runner)
      else waiting.lease.resolve(this.#lease(runner, waiting.wish, waiting.since))
    } catch (error) {
      waiting.lease.reject(error)
    } finally {
      this.#loading = undefined
      void this.#loadNext()
    }
  }

  async #load(waiting: Waiting, signal: AbortSignal): Promise<Runner> {
    const { wish } = waiting
    const old = this.#runners.get(wish.options.modelPath)
    if (old) await this.#makeWay(old, signal)
    while (this.#runners.size >= this.#limits.maxLoaded) await this.#makeWay(this.#victim(), signal)
    signal.throwIfAborted()

    let options = wish.options
    let othersGone = this.#runners.size === 0
    for (;;) {
      try {
        const onProgress = (fraction: number) => {
          waiting.onProgress?.(fraction)
          for (const other of this.#queue) {
            if (other.wish.options.modelPath === options.modelPath) other.onProgress?.(fraction)
          }
        }
        const engine = await this.#start(options, { onProgress, signal })
        return this.#adopt(wish, options, engine)
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'out-of-memory') throw error
        if (!othersGone) {
          await Promise.all([...this.#runners.values()].map(runner => this.#makeWay(runner, signal)))
          othersGone = true
        } else {
          const smaller = Math.max(smallestContext, Math.floor(options.contextSize / 2))
          if (wish.exactContext || smaller >= options.contextSize) throw error
          options = { ...options, contextSize: smaller }
        }
        signal.throwIfAborted()
      }
    }
  }

  #adopt(wish: LoadWish, options: LoadOptions, engine: Engine): Runner {
    const path = options.modelPath
    const stepped = options.contextSize < wish.options.contextSize
    const runner: Runner = {
      name: wish.name,
      wish,
      engine,
      steppedDown: stepped ? { askedContextSize: wish.options.contextSize, contextSize: options.contextSize } : null,
      keepAlive: wish.keepAlive ?? this.#limits.defaultKeepAlive,
      inFlight: 0,
      expiresAt: this.#now(),
      lastHeard: this.#now(),
    }
    this.#runners.set(path, runner)
    void engine.exited.then(() => {
      clearTimeout(runner.timer)
      if (this.#runners.get(path) === runner) this.#runners.delete(path)
      runner.leaving?.resolve()
      runner.leaving ??= Deferred.resolved()
    })
    return runner
  }

  /** Who leaves to make room: shortest keep-alive, then path; an idle one if there is one (upstream server/sched.go). */
  #victim(): Runner {
    const ordered = [...this.#runners.values()].sort(
      (a, b) => a.keepAlive - b.keepAlive || (a.wish.options.modelPath < b.wish.options.modelPath ? -1 : 1),
    )
    return ordered.find(runner => runner.inFlight === 0) ?? ordered[0]!
  }
}

function expiry(runner: Runner, now: number): number {
  if (!Number.isFinite(runner.keepAlive)) return farFuture
  return Math.min(farFuture, runner.inFlight > 0 ? now + runner.keepAlive : runner.expiresAt)
}

/** Whether a loaded runner can answer a wish without being loaded anew. */
function serves(runner: Runner, wish: LoadWish): boolean {
  const have = runner.wish.options
  const want = wish.options
  return (
    (!wish.exactContext ||
      have.contextSize === want.contextSize ||
      runner.engine.info.contextSize === want.contextSize) &&
    have.batchSize === want.batchSize &&
    have.gpuLayers === want.gpuLayers &&
    have.threads === want.threads &&
    have.slots === want.slots &&
    have.useMmap === want.useMmap &&
    have.flashAttention === want.flashAttention &&
    have.kvCacheType === want.kvCacheType &&
    Boolean(have.embeddings) === Boolean(want.embeddings) &&
    have.projectorPath === want.projectorPath &&
    have.adapterPaths.length === want.adapterPaths.length &&
    have.adapterPaths.every((path, index) => path === want.adapterPaths[index])
  )
}
