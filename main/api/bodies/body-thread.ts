import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'
import { Assembly } from './portions.ts'
import type { BodyHead, FromThread, ToThread } from './thread-messages.ts'

/** Milliseconds without a large body after which the thread is ended: it keeps what memory it once needed. */
const idleTime = 30_000

interface Waiting {
  readonly resolve: (message: FromThread) => void
  readonly reject: (error: Error) => void
}

/** A thread that reads large bodies; started for the first one, and again when it has ended. */
export class BodyThread {
  readonly #path: string
  #worker: Worker | undefined
  #bodies = 0
  /** Who waits for the thread's next word, by body. */
  readonly #waiting = new Map<number, Waiting>()
  /** Bodies that have begun and not ended. */
  readonly #open = new Set<number>()
  #idle: NodeJS.Timeout | undefined

  /** @param path the bundled body-worker.js */
  constructor(path: string) {
    this.#path = path
  }

  /** Begins to tell the thread of a body. */
  begin(head: BodyHead): ThreadBody {
    const body = this.#bodies++
    clearTimeout(this.#idle)
    this.#open.add(body)
    this.#post({ body, type: 'begin', ...head })
    return {
      chunk: bytes => this.#post({ body, type: 'chunk', bytes }),
      read: () => this.#read(body).finally(() => this.#end(body)),
      drop: () => {
        this.#post({ body, type: 'drop' })
        this.#end(body)
      },
    }
  }

  /** Ends the thread; the next body starts another. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(new Problem('internal', 500, 'Hearth is closing'))
    this.#waiting.clear()
    await worker?.terminate()
  }

  /** A turn of the event loop for each portion: others get theirs in between. */
  async #read(body: number): Promise<unknown> {
    const assembly = new Assembly()
    for (let answer = await this.#ask({ body, type: 'end' }); ; answer = await this.#ask({ body, type: 'more' })) {
      if (answer.type === 'failed') throw new Problem(answer.code, answer.status, answer.message)
      if (answer.type === 'complete') return assembly.value
      assembly.add(answer.portion)
      await setImmediate()
    }
  }

  #ask(message: ToThread): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.body, { resolve, reject })
      this.#post(message)
    })
  }

  #post(message: ToThread): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(message)
  }

  #start(): Worker {
    const worker = new Worker(this.#path)
    let reason = 'the thread that reads request bodies ended'
    worker.unref()
    worker.on('message', (message: FromThread) => {
      const waiting = this.#waiting.get(message.body)
      this.#waiting.delete(message.body)
      waiting?.resolve(message)
    })
    worker.on('error', error => {
      reason = error.message
    })
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      for (const { reject } of this.#waiting.values()) reject(new Problem('internal', 500, reason))
      this.#waiting.clear()
    })
    return worker
  }

  #end(body: number): void {
    this.#open.delete(body)
    this.#waiting.delete(body)
    if (this.#open.size > 0) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), idleTime).unref()
  }
}

/** One body on its way through the thread; ends with `read` or `drop`. */
export interface ThreadBody {
  chunk(bytes: Uint8Array): void
  /**
   * What its {@link BodyType} makes of the chunks.
   * @throws Problem
   */
  read(): Promise<unknown>
  drop(): void
}
