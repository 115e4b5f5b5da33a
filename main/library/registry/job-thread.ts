import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'

/** What goes to a thread and comes from it, each with the number of the job it is about. */
export interface ToThread<Order> {
  readonly job: number
  readonly order: Order
}
export interface FromThread<Answer> {
  readonly job: number
  readonly answer: Answer
}

/** One job in the hands of a thread. */
export interface Job<Order> {
  tell(order: Order): void
  /** Nothing more will be told or heard. */
  end(): void
}

export interface JobListener<Answer> {
  readonly hear: (answer: Answer) => void
  /** The thread is gone. */
  readonly fail: (error: Error) => void
}

/** How long a thread outlives its last job: a model's layers come one after the other. Milliseconds. */
const IDLE_MS = 5_000

/** A thread that is started when there is work and ends when there has been none for a while. */
export class JobThread<Order, Answer> {
  #thread: Worker | undefined
  #next = 0
  #idle: NodeJS.Timeout | undefined
  readonly #listeners = new Map<number, JobListener<Answer>>()

  /**
   * @param path of the thread's built file
   * @param settings what the thread finds as its `workerData`
   */
  constructor(
    private readonly path: string,
    private readonly settings?: unknown,
  ) {}

  begin(listener: JobListener<Answer>): Job<Order> {
    clearTimeout(this.#idle)
    this.#thread ??= this.#started()
    const thread = this.#thread
    const job = this.#next++
    this.#listeners.set(job, listener)
    return {
      tell: order => thread.postMessage({ job, order } satisfies ToThread<Order>),
      end: () => this.#end(job),
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  #started(): Worker {
    const thread = new Worker(this.path, { workerData: this.settings })
    thread.on('message', ({ job, answer }: FromThread<Answer>) => this.#listeners.get(job)?.hear(answer))
    const fail = (error: Error) => {
      if (this.#thread === thread) this.#thread = undefined
      for (const { fail } of [...this.#listeners.values()]) fail(error)
    }
    thread.on('error', fail)
    thread.on('exit', () => fail(new Problem('internal', 500, 'a thread of the downloads has ended')))
    return thread
  }

  #end(job: number): void {
    this.#listeners.delete(job)
    if (this.#listeners.size > 0) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), IDLE_MS)
    this.#idle.unref()
  }
}
