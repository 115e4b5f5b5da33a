import { Worker } from 'node:worker_threads'
import type { GenerateRequest } from '../engine.ts'
import type { Pointer } from '../libllama/declare.ts'
import type { FromEngine } from '../protocol.ts'
import { ReadingBatch } from './reading-batch.ts'
import type { MemoryKind } from './sequence-cache.ts'

/** What the thread computes with: addresses of what this process has loaded, which are the same in all its threads. */
export interface TextThreadData {
  /** Where llama.cpp's libraries lie. */
  readonly libraries: string
  readonly model: Pointer
  readonly context: Pointer
  readonly slots: number
  /** Memory of the ReadingBatch. */
  readonly reading: SharedArrayBuffer
  readonly memory: Omit<MemoryKind, 'shiftable'>
  /** Threads at most and at first; undefined where the GPU does the work. */
  readonly cpu: { readonly most: number; readonly first: number } | undefined
}

/** A prompt to be answered, with all that takes long to find out already known. */
export interface TextTask
  extends Pick<
    GenerateRequest,
    'sampling' | 'maxTokens' | 'stop' | 'keepTokens' | 'shift' | 'endsRepetition' | 'logprobs'
  > {
  readonly prompt: Int32Array
  /** A compiled grammar, which the thread takes over. */
  readonly grammar: Pointer | undefined
  /** Special tokens whose text is printed. */
  readonly preserved: readonly number[]
  /** Special tokens that end the answer, with the stop string they stand for. */
  readonly stopTokens: readonly (readonly [token: number, stop: string])[]
}

export type ToTextThread =
  /** First, and once. */
  | { readonly type: 'open'; readonly data: TextThreadData }
  | { readonly type: 'answer'; readonly id: number; readonly task: TextTask }
  | { readonly type: 'taken'; readonly id: number; readonly events: number }
  | { readonly type: 'cancel'; readonly id: number }

/** What the thread says: that it is ready, once, then what main is to hear. */
export type FromTextThread =
  | { readonly type: 'ready'; readonly contextSize: number }
  | Extract<FromEngine, { type: 'events' | 'failed' }>

/**
 * The thread that computes answers (text-worker.ts). It calls llama.cpp and waits, one batch after the other, while the
 * process's first thread speaks with main and tokenizes: neither holds up the other.
 */
export class TextThread {
  readonly #worker: Worker
  readonly #ready: Promise<number>
  #reading: ReadingBatch | undefined

  /**
   * Starts the thread. Best before the model is loaded: should there be no memory for both, loading tells it in words.
   * @param path the bundled text-worker.js
   * @param onMessage told what the thread has to say of its answers
   */
  constructor(path: string, onMessage: (message: Exclude<FromTextThread, { type: 'ready' }>) => void) {
    this.#worker = new Worker(path)
    this.#ready = new Promise(resolve => {
      this.#worker.on('message', (message: FromTextThread) => {
        if (message.type === 'ready') resolve(message.contextSize)
        else onMessage(message)
      })
    })
    // Its answers would wait for ever; when the process ends, main tells them (engine-process.ts).
    this.#worker.on('error', error => {
      throw error
    })
  }

  /**
   * Gives it what it computes with, and lets it read the weights into memory.
   * @returns tokens each slot holds, as llama.cpp rounded them
   */
  open(data: Omit<TextThreadData, 'reading'>): Promise<number> {
    this.#reading = new ReadingBatch(data.slots)
    this.post({ type: 'open', data: { ...data, reading: this.#reading.memory } })
    return this.#ready
  }

  /** Ends an answer, and the batch that reads its prompt if nobody else has a part in it. */
  cancel(id: number): void {
    this.post({ type: 'cancel', id })
    this.#reading?.cancel(id)
  }

  post(message: ToTextThread): void {
    this.#worker.postMessage(message)
  }
}
