import { Worker } from 'node:worker_threads'
import { Problem, type ProblemCode } from '../problem.ts'

/** What a thread says of a job that failed there. */
export interface Failed {
  readonly failed: { readonly code: ProblemCode; readonly status: number; readonly message: string }
}

/** What a thread says: of which job, and what. */
export type FromThread<From> = readonly [job: number, said: { readonly said: From } | Failed]
export type ToThread<To> = readonly [job: number, message: To]

/** One job on its way through a thread. */
export interface Job<To, From> {
  tell(message: To): void
  /**
   * Tells, and waits for what the thread says next of this job, but for what is overheard.
   * @throws Problem as the job did, or 500 when the thread ended
   */
  ask(message: To): Promise<From>
  /** Nobody waits for it any more. */
  end(): void
}

/** Takes what a thread says of a job before whoever waits for it. @returns whether it was meant for this one alone */
export type Overhear<From> = (said: From) => boolean

interface Waiting<From> {
  readonly resolve: (said: From) => void
  readonly reject: (error: Problem) => void
}

export interface JobThreadOptions {
  /** The bundled worker. */
  readonly path: string
  /** What an error calls it: `the thread that reads schemas`. */
  readonly name: string
  /** What the thread finds as its `workerData`. */
  readonly settings?: unknown
  /** Milliseconds without a job after which the thread is ended, as it keeps what memory it once needed. */
  readonly idleTime?: number
}

/** A worker and who waits for its next word, by job. */
interface Running<From> {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting<From>>
  readonly overhearing: Map<number, Overhear<From>>
}

/** A thread for work that would hold main up; started for its first job, and again when it has ended. */
export class JobThread<To, From> {
  readonly #options: JobThreadOptions
  #running: Running<From> | undefined
  #jobs = 0
  readonly #open = new Set<number>()
  #idle: NodeJS.Timeout | undefined

  constructor(options: JobThreadOptions) {
    this.#options = options
  }

  /** Starts the thread ahead of its next job, which then need not wait for that. */
  start(): void {
    this.#running ??= this.#started()
    if (this.#open.size === 0) this.#awaitIdle()
  }

  /** @param overhear for words that come unasked, such as how far a job is */
  begin(overhear?: Overhear<From>): Job<To, From> {
    this.#running ??= this.#started()
    const running = this.#running
    const { worker, waiting, overhearing } = running
    const job = ++this.#jobs
    clearTimeout(this.#idle)
    this.#open.add(job)
    if (overhear) overhearing.set(job, overhear)
    // It keeps the program alive only while somebody waits for it.
    worker.ref()
    const tell = (message: To): void => worker.postMessage([job, message] satisfies ToThread<To>)
    return {
      tell,
      ask: async message => {
        if (running !== this.#running) throw this.#ended()
        tell(message)
        return new Promise((resolve, reject) => waiting.set(job, { resolve, reject }))
      },
      end: () => {
        waiting.delete(job)
        overhearing.delete(job)
        this.#end(job)
      },
    }
  }

  /** Ends the thread; the next job starts another. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const running = this.#running
    this.#running = undefined
    await running?.worker.terminate()
  }

  #started(): Running<From> {
    const { path, settings } = this.#options
    // Its file is built: a loader that main was started with only takes it time.
    const worker = new Worker(path, { workerData: settings, execArgv: [] })
    const running: Running<From> = { worker, waiting: new Map(), overhearing: new Map() }
    let reason: string | undefined
    worker.unref()
    worker.on('message', ([job, answer]: FromThread<From>) => {
      if ('said' in answer && running.overhearing.get(job)?.(answer.said)) return
      const waiting = running.waiting.get(job)
      running.waiting.delete(job)
      if ('said' in answer) waiting?.resolve(answer.said)
      else waiting?.reject(new Problem(answer.failed.code, answer.failed.status, answer.failed.message))
    })
    worker.on('error', error => {
      reason = error.message
    })
    worker.on('exit', () => {
      if (this.#running === running) this.#running = undefined
      for (const { reject } of running.waiting.values()) reject(this.#ended(reason))
      running.waiting.clear()
    })
    return running
  }

  #ended(reason?: string): Problem {
    return new Problem('internal', 500, `${this.#options.name} ended`, reason)
  }

  #end(job: number): void {
    this.#open.delete(job)
    if (this.#open.size > 0) return
    this.#running?.worker.unref()
    this.#awaitIdle()
  }

  #awaitIdle(): void {
    if (this.#options.idleTime === undefined) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), this.#options.idleTime).unref()
  }
}
