import type { Engine, LoadOptions, LoadPlan, StartEngine } from '../engine/engine.ts'
import { Problem } from '../problem.ts'
import { Deferred } from './deferred.ts'
import { engineKey, type LoadWish, serves, steppingDown } from './load-wish.ts'
import { type Lease, LoadedEngine } from './loaded-engine.ts'

export interface SchedulerLimits {
  /** Models at once (OLLAMA_MAX_LOADED_MODELS). */
  readonly maxLoaded: number
  /** Requests that may wait for a load before the next is refused (OLLAMA_MAX_QUEUE). */
  readonly maxQueue: number
  /** Milliseconds (OLLAMA_KEEP_ALIVE). */
  readonly defaultKeepAlive: number
}

export interface SchedulerHooks {
  readonly now?: () => number
  /** Told of every engine that has come up. */
  readonly onLoaded?: (name: string, engine: Engine) => void
}

/** What is loaded or loading, for /api/ps. */
export interface Loaded {
  readonly name: string
  readonly modelPath: string
  readonly expiresAt: Date
  readonly contextSize: number
  /** Bytes held, or what is planned to be held while it loads. */
  readonly ramBytes: number
  readonly vramBytes: number
}

interface AcquireOptions {
  readonly signal?: AbortSignal
  /** Called when others have to be done first: a load in front of this one, an answer of a model that is to leave. */
  readonly onQueued?: () => void
  /** Fraction of the weights read, 0..1, while this request waits for its model. */
  readonly onProgress?: (fraction: number) => void
}

interface Waiting extends AcquireOptions {
  readonly wish: LoadWish
  readonly lease: Deferred<Lease>
  readonly since: bigint
}

interface Loading {
  readonly waiting: Waiting
  readonly abort: AbortController
  /** Milliseconds the model is to stay when idle. */
  readonly keepAlive: number
  /** Set when an unload came while it loads. */
  isUnwanted: boolean
  /** Nobody has to leave for it any more: the engine is being started. */
  isStarting: boolean
  plan?: LoadPlan
}

/**
 * Decides which models are loaded: a request for a loaded model goes straight to it, all others wait in order for one
 * loader. To make room the model with the shortest keep-alive leaves first, idle ones before busy ones, and never in
 * the middle of an answer (upstream server/sched.go).
 */
export class Scheduler {
  readonly #start: StartEngine
  readonly #limits: SchedulerLimits
  readonly #now: () => number
  readonly #onLoaded: (name: string, engine: Engine) => void
  readonly #loaded = new Map<string, LoadedEngine>()
  /** End the answers that nobody waits for. */
  readonly #background = new Set<AbortController>()
  #queue: Waiting[] = []
  #loading: Loading | undefined
  #loader: Promise<void> = Promise.resolve()
  #closed = false

  constructor(
    start: StartEngine,
    limits: SchedulerLimits,
    { now = Date.now, onLoaded = () => {} }: SchedulerHooks = {},
  ) {
    this.#start = start
    this.#limits = limits
    this.#now = now
    this.#onLoaded = onLoaded
  }

  /**
   * An engine that holds the wished model. Rejects with an AbortError when the signal fires first.
   * @throws Problem `busy` (503) when too many requests wait already, or what the load failed with
   */
  async acquire(wish: LoadWish, options: AcquireOptions = {}): Promise<Lease> {
    const { signal, onQueued } = options
    signal?.throwIfAborted()
    for (const work of this.#background) work.abort(cancelled())
    const since = process.hrtime.bigint()
    // What is loaded answers at once; behind another's load no reload is worth the wait.
    const loaded = await (this.#loading ? this.#usable(wish) : this.#fitting(wish))
    signal?.throwIfAborted()
    if (this.#closed) throw cancelled()
    if (loaded?.isServing) return this.#lease(loaded, wish, since)

    if (this.#queue.length >= this.#limits.maxQueue) {
      throw new Problem('busy', 503, 'server busy, please try again.  maximum pending requests exceeded')
    }
    const waiting: Waiting = { ...options, wish, lease: new Deferred(), since }
    const onAbort = () => this.#giveUp(waiting)
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#queue.push(waiting)
    this.#loadNext()
    if (this.#queue.includes(waiting)) onQueued?.()
    return waiting.lease.promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  /**
   * The same for work that nobody waits for: of an engine that is loaded, while none is used or wished for.
   * @param work aborted when somebody asks for an engine
   * @throws Problem `busy` (503) at any other time
   */
  async acquireIdle(wish: LoadWish, work: AbortController): Promise<Lease> {
    const since = process.hrtime.bigint()
    const loaded = await this.#usable(wish)
    if (!loaded || this.isBusy || this.#closed) throw new Problem('busy', 503, 'the model is not idle')
    const lease = loaded.lease(wish, since)
    this.#background.add(work)
    const release = (answered?: boolean) => {
      this.#background.delete(work)
      lease.release(answered)
    }
    return { ...lease, release }
  }

  /** An engine computes, or somebody waits for one. */
  get isBusy(): boolean {
    return (
      this.#loading !== undefined || this.#queue.length > 0 || [...this.#loaded.values()].some(({ isBusy }) => isBusy)
    )
  }

  /** Lets a model leave as soon as it is idle; resolves at once, also when it is not loaded. */
  unload(modelPath: string): void {
    if (this.#loading?.waiting.wish.options.modelPath === modelPath) this.#loading.isUnwanted = true
    for (const loaded of this.#enginesOf(modelPath)) loaded.expire()
  }

  /** Loaded engines and the one that is loading (upstream server/routes.go, PsHandler). */
  loaded(): Loaded[] {
    const loaded = [...this.#loaded.values()].map(({ name, wish, engine, expiresAt }) => {
      const { contextSize, ramBytes, vramBytes } = engine.info
      return { name, modelPath: wish.options.modelPath, expiresAt, contextSize, ramBytes, vramBytes }
    })
    if (!this.#loading) return loaded
    const { plan, waiting, keepAlive } = this.#loading
    const { name, options } = waiting.wish
    // A model that is loaded anew is listed once, as what it still is.
    if (this.#loaded.has(engineKey(options))) return loaded
    const expiresAt = new Date(Math.min(8.64e15, this.#now() + keepAlive))
    const { contextSize = 0, ramBytes = 0, vramBytes = 0 } = plan ?? {}
    return [...loaded, { name, modelPath: options.modelPath, expiresAt, contextSize, ramBytes, vramBytes }]
  }

  /** Ends every engine and refuses what waits. */
  async dispose(): Promise<void> {
    this.#closed = true
    this.#loading?.abort.abort(cancelled())
    for (const waiting of this.#queue.splice(0)) waiting.lease.reject(cancelled())
    await this.#loader
    await Promise.all([...this.#loaded.values()].map(loaded => loaded.end()))
  }

  /** The loaded engine if a request should have it; text is worth a reload where pictures are a thing of the past. */
  async #fitting(wish: LoadWish): Promise<LoadedEngine | undefined> {
    const inVain = !wish.options.withProjector && this.#loaded.get(engineKey(wish.options))?.seesInVain
    return inVain ? undefined : this.#usable(wish)
  }

  /** The loaded engine if it serves the wish as it is and still answers. */
  async #usable(wish: LoadWish): Promise<LoadedEngine | undefined> {
    const loaded = this.#loaded.get(engineKey(wish.options))
    if (!loaded?.isServing || !serves(loaded.wish, loaded.engine, wish)) return undefined
    return (await loaded.responds()) && loaded.isServing ? loaded : undefined
  }

  #giveUp(waiting: Waiting): void {
    this.#queue = this.#queue.filter(other => other !== waiting)
    if (this.#loading?.waiting.signal?.aborted) this.#endUnwanted(this.#loading)
    waiting.lease.reject(waiting.signal?.reason)
  }

  /**
   * Who asked for this load has gone. One that has begun goes on for others who want the model, until the last of them
   * goes; but not for pictures where it is loaded for text. Before, the one that is loaded may serve them.
   */
  #endUnwanted({ waiting, abort, isStarting }: Loading): void {
    const { options } = waiting.wish
    const isServed = ({ wish }: Waiting) =>
      engineKey(wish.options) === engineKey(options) && (options.withProjector || !wish.options.withProjector)
    const goesOn = isStarting && this.#queue.some(isServed)
    if (!goesOn) abort.abort(waiting.signal?.reason)
  }

  /** The one loader: takes the queue's head, makes room, loads, hands over, takes the next. */
  #loadNext(): void {
    if (this.#loading || this.#closed) return
    const waiting = this.#queue.shift()
    if (!waiting) return
    const keepAlive = waiting.wish.keepAlive ?? this.#keepAliveFor(waiting.wish)
    const loading: Loading = { waiting, abort: new AbortController(), keepAlive, isUnwanted: false, isStarting: false }
    this.#loading = loading
    this.#loader = this.#serve(loading)
      .catch(error => waiting.lease.reject(error))
      .finally(() => {
        this.#loading = undefined
        this.#loadNext()
      })
  }

  async #serve(loading: Loading): Promise<void> {
    const { waiting, abort } = loading
    const usable = await this.#fitting(waiting.wish)
    const loaded = usable?.isServing ? usable : await this.#load(loading, abort.signal)
    this.#handOver(loaded, waiting)
    // Those who came while it loaded need not wait for the loads in front of them.
    const others = this.#queue.filter(({ wish }) => serves(loaded.wish, loaded.engine, wish))
    this.#queue = this.#queue.filter(other => !others.includes(other))
    for (const other of others) this.#handOver(loaded, other)
    // Nobody may be left who wants it.
    if (loading.isUnwanted) loaded.expire()
    else loaded.rest()
  }

  #handOver(loaded: LoadedEngine, { wish, signal, lease, since }: Waiting): void {
    if (!signal?.aborted) lease.resolve(this.#lease(loaded, wish, since))
  }

  /** What a request says of how long its model stays holds for all its engines: clients know one of it. */
  #lease(loaded: LoadedEngine, wish: LoadWish, since: bigint): Lease {
    for (const other of this.#enginesOf(wish.options.modelPath)) if (other !== loaded) other.keep(wish.keepAlive)
    return loaded.lease(wish, since)
  }

  /**
   * How long a load stays that was told nothing: the default, also when other options load the model anew (upstream
   * server/sched.go, load). Where upstream loads nothing, for vectors beside text or a picture, what was told holds on.
   */
  #keepAliveFor({ options, ...wish }: LoadWish): number {
    const staying = this.#enginesOf(options.modelPath).filter(({ isServing, keepAlive }) => isServing && keepAlive > 0)
    const old = staying.find(({ wish }) => engineKey(wish.options) === engineKey(options))
    const unseeing = { ...wish, options: { ...options, withProjector: false } }
    const isAnew = old !== undefined && !serves(old.wish, old.engine, unseeing)
    return isAnew ? this.#limits.defaultKeepAlive : (staying[0]?.keepAlive ?? this.#limits.defaultKeepAlive)
  }

  #enginesOf(modelPath: string): LoadedEngine[] {
    return [...this.#loaded.values()].filter(({ wish }) => wish.options.modelPath === modelPath)
  }

  async #load(loading: Loading, signal: AbortSignal): Promise<LoadedEngine> {
    const { wish } = loading.waiting
    const old = this.#loaded.get(engineKey(wish.options))
    const makeWay = (loaded: LoadedEngine) => {
      if (loaded.isBusy) loading.waiting.onQueued?.()
      return gone(loaded, signal)
    }
    if (old) await makeWay(old)
    while (this.#isFullFor(wish)) await makeWay(this.#victim()!)
    for (;;) {
      signal.throwIfAborted()
      const victim = this.#victim()
      try {
        // As wished while others could leave for it; then with what the machine has.
        return await this.#startFor(loading, victim ? wish.options : steppingDown(wish), signal)
      } catch (error) {
        if (!victim || !(error instanceof Problem) || error.code !== 'out-of-memory') throw error
        // It may have gone by itself while the load failed.
        await makeWay(victim)
      }
    }
  }

  async #startFor(loading: Loading, options: LoadOptions, signal: AbortSignal): Promise<LoadedEngine> {
    const { wish } = loading.waiting
    const key = engineKey(options)
    const onProgress = (fraction: number) => {
      for (const { wish, onProgress } of [loading.waiting, ...this.#queue]) {
        if (engineKey(wish.options) === key) onProgress?.(fraction)
      }
    }
    const onPlanned = (plan: LoadPlan) => {
      loading.plan = plan
    }
    loading.isStarting = true
    const engine = await this.#start(options, { onProgress, onPlanned, signal }).finally(() => {
      loading.isStarting = false
    })
    const loaded = new LoadedEngine(wish, engine, loading.keepAlive, this.#now, () => this.#loadNext())
    this.#loaded.set(key, loaded)
    void loaded.gone.then(() => {
      if (this.#loaded.get(key) === loaded) this.#loaded.delete(key)
    })
    this.#onLoaded(wish.name, engine)
    return loaded
  }

  /** Two engines of one model, for text and for vectors, count as one. */
  #isFullFor({ options }: LoadWish): boolean {
    const paths = new Set([...this.#loaded.values()].map(({ wish }) => wish.options.modelPath))
    return !paths.has(options.modelPath) && paths.size >= this.#limits.maxLoaded
  }

  /**
   * Who leaves to make room: shortest keep-alive, then path; an idle one if there is one (upstream server/sched.go).
   */
  #victim(): LoadedEngine | undefined {
    const ordered = [...this.#loaded.values()].sort(
      (a, b) => a.keepAlive - b.keepAlive || (a.wish.options.modelPath < b.wish.options.modelPath ? -1 : 1),
    )
    return ordered.find(loaded => !loaded.isBusy) ?? ordered[0]
  }
}

/**
 * Waits until an engine is gone. When nobody wants its place any more it may stay, and serves again.
 * @throws the signal's reason
 */
async function gone(loaded: LoadedEngine, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const given = new Deferred<never>()
  const onAbort = () => given.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([loaded.leave(), given.promise])
  } catch (error) {
    loaded.stay()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const cancelled = (): Problem => new Problem('cancelled', 499, 'request canceled')
