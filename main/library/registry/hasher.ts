import { Problem } from '../../problem.ts'
import { type Job, JobThread } from './job-thread.ts'

/** What the hashing thread is told: to open a file, to hash up to a byte, to end with or without a digest. */
export type HashOrder = { readonly path: string } | { readonly upTo: number } | { readonly end: 'digest' | 'nothing' }

export type HashAnswer = { readonly digest: string } | { readonly error: string }

/** SHA-256 of files that are still growing, in a thread of its own: a gigabyte is half a second of a processor. */
export class Hasher {
  readonly #thread: JobThread<HashOrder, HashAnswer>

  /** @param path of the built hash-worker.js */
  constructor(path: string) {
    this.#thread = new JobThread(path)
  }

  /** Begins with a file's first byte; `advance` tells how much of it is there. End it with `digest` or `abandon`. */
  open(path: string): HashedFile {
    return new HashedFile(this.#thread, path)
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

/** One file in the hands of the hashing thread. */
export class HashedFile {
  readonly #digest: Promise<string>
  readonly #job: Job<HashOrder>
  #told = 0

  constructor(thread: JobThread<HashOrder, HashAnswer>, path: string) {
    let job: Job<HashOrder> | undefined
    this.#digest = new Promise((resolve, reject) => {
      job = thread.begin({
        hear: answer =>
          'digest' in answer ? resolve(answer.digest) : reject(new Problem('internal', 500, answer.error)),
        fail: reject,
      })
    })
    this.#job = job!
    // Told to whoever asks for the digest.
    this.#digest.catch(() => undefined)
    this.#job.tell({ path })
  }

  /** The file's first `length` bytes are there and will not change. */
  advance(length: number): void {
    if (length <= this.#told) return
    this.#told = length
    this.#job.tell({ upTo: length })
  }

  /** @returns `sha256:<hex>` of what `advance` told of */
  async digest(): Promise<string> {
    this.#job.tell({ end: 'digest' })
    try {
      return await this.#digest
    } finally {
      this.#job.end()
    }
  }

  abandon(): void {
    this.#job.tell({ end: 'nothing' })
    this.#job.end()
  }
}
