import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'

/** What the hashing thread is told: to open a file, to hash up to a byte, to end with or without a digest. */
export type HashOrder = { readonly id: number } & (
  | { readonly path: string }
  | { readonly upTo: number }
  | { readonly end: 'digest' | 'nothing' }
)

export interface HashAnswer {
  readonly id: number
  readonly digest?: string
  readonly error?: string
}

/** How long the thread outlives its last file: a model's layers come one after the other. Milliseconds. */
const IDLE_MS = 5_000

/** SHA-256 of files that are still growing, in a thread of its own: a gigabyte is half a second of a processor. */
export class Hasher {
  readonly #path: string
  #thread: Worker | undefined
  #next = 0
  #idle: NodeJS.Timeout | undefined
  readonly #files = new Map<number, HashedFile>()

  /** @param path of the built hash-worker.js */
  constructor(path: string) {
    this.#path = path
  }

  /** Begins with a file's first byte; `advance` tells how much of it is there. End it with `digest` or `abandon`. */
  open(path: string): HashedFile {
    clearTimeout(this.#idle)
    const thread = this.#started()
    const id = this.#next++
    const file = new HashedFile(
      order => thread.postMessage({ id, ...order }),
      () => this.#closed(id),
    )
    this.#files.set(id, file)
    thread.postMessage({ id, path } satisfies HashOrder)
    return file
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  #started(): Worker {
    if (this.#thread) return this.#thread
    const thread = new Worker(this.#path)
    this.#thread = thread
    thread.on('message', ({ id, digest, error }: HashAnswer) => {
      const file = this.#files.get(id)
      if (digest !== undefined) file?.settle.resolve(digest)
      else file?.settle.reject(new Problem('internal', 500, error ?? ''))
    })
    const fail = (error: Error) => {
      if (this.#thread === thread) this.#thread = undefined
      for (const file of this.#files.values()) file.settle.reject(error)
    }
    thread.on('error', fail)
    thread.on('exit', () => fail(new Problem('internal', 500, 'the hashing thread has ended')))
    return thread
  }

  #closed(id: number): void {
    this.#files.delete(id)
    if (this.#files.size > 0) return
    this.#idle = setTimeout(() => void this.close(), IDLE_MS)
    this.#idle.unref()
  }
}

/** One file in the hands of the hashing thread. */
export class HashedFile {
  readonly settle: { resolve: (digest: string) => void; reject: (error: Error) => void }
  readonly #digest: Promise<string>
  #told = 0

  constructor(
    private readonly order: (order: { upTo: number } | { end: 'digest' | 'nothing' }) => void,
    private readonly closed: () => void,
  ) {
    let settle: HashedFile['settle'] | undefined
    this.#digest = new Promise((resolve, reject) => {
      settle = { resolve, reject }
    })
    this.settle = settle!
    // Told to whoever asks for the digest.
    this.#digest.catch(() => undefined)
  }

  /** The file's first `length` bytes are there and will not change. */
  advance(length: number): void {
    if (length <= this.#told) return
    this.#told = length
    this.order({ upTo: length })
  }

  /** @returns `sha256:<hex>` of what `advance` told of */
  async digest(): Promise<string> {
    this.order({ end: 'digest' })
    try {
      return await this.#digest
    } finally {
      this.closed()
    }
  }

  abandon(): void {
    this.order({ end: 'nothing' })
    this.closed()
  }
}
