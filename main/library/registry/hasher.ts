import { Problem } from '../../problem.ts'
import { type Job, JobThread } from '../../threads/job-thread.ts'
import type { BlockMemory } from './recent-blocks.ts'

/**
 * What the hashing thread is told: the descriptor of a file, which threads share, and the key of its blocks in memory,
 * to hash up to a byte, to end with or without a digest.
 */
export type HashOrder =
  | { readonly file: number; readonly key: number }
  | { readonly upTo: number }
  | { readonly end: 'digest' | 'nothing' }

/** Said once, at the end; from then on the descriptor is not used any more. */
export type HashAnswer = { readonly digest: string } | { readonly error: string } | { readonly abandoned: true }

/** How long the thread outlives its last file: a model's layers come one after the other. Milliseconds. */
const idleMs = 5_000

/** SHA-256 of files that are still growing, in a thread of its own: a gigabyte is half a second of a processor. */
export class Hasher {
  readonly #thread: JobThread<HashOrder, HashAnswer>
  #keys = 0

  /**
   * @param path of the built hash-worker.js
   * @param memory where blocks of the files may be found
   */
  constructor(path: string, memory: BlockMemory) {
    this.#thread = new JobThread({ path, settings: memory, name: 'the hashing thread', idleTime: idleMs })
  }

  /** Starts the thread ahead of its next file. */
  start(): void {
    this.#thread.start()
  }

  /**
   * Begins with a file's first byte; `advance` tells how much of it is there. End it with `digest` or `abandon`.
   * @param file descriptor, open until then: its path may be taken away by whoever finishes the same download
   */
  open(file: number): HashedFile {
    const job = this.#thread.begin()
    const key = ++this.#keys
    job.tell({ file, key })
    return new HashedFile(job, key)
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

/** One file in the hands of the hashing thread. */
export class HashedFile {
  #told = 0

  /** @param key of its blocks in memory, where whoever writes the file may leave them */
  constructor(
    private readonly job: Job<HashOrder, HashAnswer>,
    readonly key: number,
  ) {}

  /** The file's first `length` bytes are there and will not change. */
  advance(length: number): void {
    if (length <= this.#told) return
    this.#told = length
    this.job.tell({ upTo: length })
  }

  /**
   * @returns `sha256:<hex>` of what `advance` told of
   * @throws Problem when the file could not be read
   */
  async digest(): Promise<string> {
    try {
      const answer = await this.job.ask({ end: 'digest' })
      if ('digest' in answer) return answer.digest
      throw new Problem('internal', 500, 'error' in answer ? answer.error : 'the hash was abandoned')
    } finally {
      this.job.end()
    }
  }

  /** @returns when the file may be closed */
  async abandon(): Promise<void> {
    // A thread that has ended reads nothing either.
    await this.job.ask({ end: 'nothing' }).catch(() => undefined)
    this.job.end()
  }
}
