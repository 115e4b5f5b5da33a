import { setImmediate } from 'node:timers/promises'
import { type Job, JobThread } from '../../threads/job-thread.ts'
import { Assembly } from '../../threads/portions.ts'
import type { BodyHead, FromBodyThread, ToBodyThread } from './thread-messages.ts'

/** A thread that reads large bodies. */
export class BodyThread {
  readonly #thread: JobThread<ToBodyThread, FromBodyThread>

  /** @param path the bundled body-worker.js */
  constructor(path: string) {
    this.#thread = new JobThread({ path, name: 'the thread that reads request bodies', idleTime: 30_000 })
  }

  /** Begins to tell the thread of a body. */
  begin(head: BodyHead): ThreadBody {
    const job = this.#thread.begin()
    job.tell({ type: 'begin', ...head })
    return {
      chunk: bytes => job.tell({ type: 'chunk', bytes }),
      read: () => read(job).finally(() => job.end()),
      drop: () => {
        job.tell({ type: 'drop' })
        job.end()
      },
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

/** A turn of the event loop for each portion: others get theirs in between. */
async function read(job: Job<ToBodyThread, FromBodyThread>): Promise<unknown> {
  const assembly = new Assembly()
  for (let portion = await job.ask({ type: 'end' }); portion; portion = await job.ask({ type: 'more' })) {
    assembly.add(portion)
    await setImmediate()
  }
  return assembly.value
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
