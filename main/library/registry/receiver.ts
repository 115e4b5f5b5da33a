import { JobThread } from '../../threads/job-thread.ts'
import type { BlockMemory } from './recent-blocks.ts'

/** Bytes of a blob that are wanted, and where they go. */
export interface Destination {
  /** Descriptor of a file that is open for writing until this is over; threads share those of their process. */
  readonly file: number
  /** Of the first byte wanted, in the blob and in the file. */
  readonly at: number
  /** Bytes wanted. */
  readonly length: number
  /** Bytes of the blob. */
  readonly total: number
  /** By which whoever hashes finds what was received last; none where nobody is going to. */
  readonly key?: number
}

export interface Reception extends Destination {
  /** The answer has the bytes that were asked for. */
  readonly onStart: (url: URL) => void
  /** Bytes of them that are in the file. */
  readonly onReceived: (bytes: number) => void
}

export interface ReceiverSettings {
  /** Milliseconds after which a silent peer is taken for stalled. */
  readonly stall: number
  readonly memory: BlockMemory
}

export type ReceiveOrder =
  | { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly into: Destination }
  | { readonly cancel: true }

export type ReceiveAnswer = { readonly started: true } | { readonly received: number } | LastAnswer

type LastAnswer =
  | { readonly answered: ReceivedAnswer }
  | { readonly failed: { readonly message: string; readonly code?: string; readonly syscall?: string } }

/** An answer to its end; what it says where it does not have the bytes. */
export interface ReceivedAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Nothing where the bytes went to the file; else as much as is passed on of an error. */
  readonly said: Uint8Array
}

/** The longest error text of a registry that is passed on. Bytes. */
export const maxErrorBytes = 16 * 1024
/** Code of an answer that had begun and went silent. */
export const stalled = 'ESTALLED'

/** How long the thread outlives its last job: a model's layers come one after the other. Milliseconds. */
const idleMs = 5_000

/** Brings bytes from the network into files, in a thread of its own: neither passes through main. */
export class Receiver {
  readonly #thread: JobThread<ReceiveOrder, ReceiveAnswer>

  /** @param path of the built receive-worker.js */
  constructor(path: string, settings: ReceiverSettings) {
    this.#thread = new JobThread({ path, settings, name: 'the thread that receives blobs', idleTime: idleMs })
  }

  /** Starts the thread ahead of its next job. */
  start(): void {
    this.#thread.start()
  }

  /**
   * Asks for bytes and writes those that come.
   * @returns when all have come, or fewer and the answer's end, or an answer without them
   * @throws the network's or the file's error, or the signal's reason; then nothing more is written
   */
  async receive(
    url: URL,
    headers: Readonly<Record<string, string>>,
    { onStart, onReceived, ...into }: Reception,
    signal?: AbortSignal,
  ): Promise<ReceivedAnswer> {
    signal?.throwIfAborted()
    const job = this.#thread.begin(answer => {
      if ('started' in answer) onStart(url)
      else if ('received' in answer) onReceived(answer.received)
      else return false
      return true
    })
    const cancel = () => job.tell({ cancel: true })
    signal?.addEventListener('abort', cancel)
    try {
      const { file, at, length, total, key } = into
      const answer = (await job.ask({ url: url.href, headers, into: { file, at, length, total, key } })) as LastAnswer
      if ('answered' in answer) return answer.answered
      throw signal?.aborted ? signal.reason : Object.assign(new Error(answer.failed.message), answer.failed)
    } finally {
      signal?.removeEventListener('abort', cancel)
      job.end()
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
