import koffi, { type LibraryHandle, type TypeObject } from 'koffi'
import { Batch, batchType, type Piece } from './batch.ts'
import { declare, inThread, type Pointer } from './declare.ts'
import type { Libraries } from './libraries.ts'
import { ThreadPools } from './thread-pools.ts'

/** llama.h, llama_decode: the abort callback said so. */
const aborted = 2

/** llama.h, LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY */
const partialState = 1

/**
 * A context of llama.cpp: what its sequences hold, and computing a batch. Nothing may be called while a batch is being
 * computed.
 */
export class Context {
  readonly pointer: Pointer
  /** Tokens each sequence can hold, as llama.cpp rounded them. */
  readonly contextSize: number
  /** Tokens of a batch, at most. */
  readonly batchSize: number
  /** Positions of its tokens can be moved; llama.cpp aborts the process when asked to move others. */
  readonly canShift: boolean
  readonly #native: ReturnType<typeof declared>
  readonly #memory: Pointer
  readonly #batch: Batch
  readonly #threads: ThreadPools
  readonly #logits: TypeObject

  /** @param vocabularySize tokens that a draw chooses from */
  constructor(libraries: Libraries, pointer: Pointer, vocabularySize: number) {
    const native = declared(libraries.llama)
    this.#native = native
    this.pointer = pointer
    this.#memory = native.memory(pointer)
    this.contextSize = native.contextSize(pointer)
    this.batchSize = native.batchSize(pointer)
    this.canShift = native.canShift(this.#memory)
    this.#batch = new Batch(libraries.llama, this.batchSize)
    this.#threads = new ThreadPools(libraries, pointer)
    this.#logits = koffi.array('float', vocabularySize, 'Typed')
  }

  setThreads(threads: number): void {
    this.#threads.use(threads)
  }

  /**
   * Computes a batch, holding up this thread.
   * @returns false when it was given up (abort-flag.ts); a part of it may then be in the sequences
   * @throws Error when it cannot be computed; what its sequences then hold is unknown
   */
  decode(pieces: readonly Piece[]): boolean {
    return isComputed(this.#native.decode(this.pointer, this.#batch.filled(pieces)))
  }

  /** The same in a thread of its own. */
  async decodeInThread(pieces: readonly Piece[]): Promise<boolean> {
    return isComputed(await inThread(this.#native.decode, this.pointer, this.#batch.filled(pieces)))
  }

  /** The logits after a token of the last batch that had an output. @param at its place in the batch */
  logits(at: number): Float32Array {
    return koffi.decode(this.#native.logits(this.pointer, at), this.#logits) as Float32Array
  }

  /** Forgets all sequences. */
  clearAll(): void {
    this.#native.clear(this.#memory, false)
  }

  clear(sequence: number): void {
    this.#native.remove(this.#memory, sequence, -1, -1)
  }

  /**
   * Forgets the positions from `from` up to `to`, -1 for all that follow.
   * @returns false when this kind of memory cannot forget a part
   */
  remove(sequence: number, from: number, to: number): boolean {
    return this.#native.remove(this.#memory, sequence, from, to)
  }

  shift(sequence: number, from: number, to: number, by: number): void {
    this.#native.shift(this.#memory, sequence, from, to, by)
  }

  /** The first position a sequence still holds, -1 when it is empty. */
  firstPosition(sequence: number): number {
    return this.#native.firstPosition(this.#memory, sequence)
  }

  /** What a sequence remembers beside single tokens: a recurrent state, or the window that slides. */
  saveState(sequence: number): Uint8Array {
    const state = new Uint8Array(this.#native.stateSize(this.pointer, sequence, partialState))
    this.#native.readState(this.pointer, state, state.length, sequence, partialState)
    return state
  }

  /** Puts back what `saveState` gave for the same sequence. @returns false when it cannot be */
  restoreState(sequence: number, state: Uint8Array): boolean {
    return this.#native.writeState(this.pointer, state, state.length, sequence, partialState) > 0
  }
}

/** @param code as llama_decode gives it (llama.h) */
function isComputed(code: number): boolean {
  if (code !== 0 && code !== aborted) throw new Error(`llama_decode failed with ${code}`)
  return code !== aborted
}

function declared(llama: LibraryHandle) {
  type CopyState = (context: Pointer, state: Uint8Array, size: number, sequence: number, flags: number) => number
  const copyState = (name: string) =>
    declare<CopyState>(llama, name, 'size_t', 'void *', 'void *', 'size_t', 'int32', 'uint32')
  return {
    stateSize: declare<(context: Pointer, sequence: number, flags: number) => number>(
      llama,
      'llama_state_seq_get_size_ext',
      'size_t',
      'void *',
      'int32',
      'uint32',
    ),
    readState: copyState('llama_state_seq_get_data_ext'),
    writeState: copyState('llama_state_seq_set_data_ext'),
    memory: declare<(context: Pointer) => Pointer>(llama, 'llama_get_memory', 'void *', 'void *'),
    contextSize: declare<(context: Pointer) => number>(llama, 'llama_n_ctx_seq', 'uint32', 'void *'),
    batchSize: declare<(context: Pointer) => number>(llama, 'llama_n_batch', 'uint32', 'void *'),
    decode: declare<(context: Pointer, batch: object) => number>(llama, 'llama_decode', 'int32', 'void *', batchType),
    logits: declare<(context: Pointer, at: number) => Pointer>(
      llama,
      'llama_get_logits_ith',
      'void *',
      'void *',
      'int32',
    ),
    clear: declare<(memory: Pointer, data: boolean) => void>(llama, 'llama_memory_clear', 'void', 'void *', 'bool'),
    canShift: declare<(memory: Pointer) => boolean>(llama, 'llama_memory_can_shift', 'bool', 'void *'),
    remove: declare<(memory: Pointer, sequence: number, from: number, to: number) => boolean>(
      llama,
      'llama_memory_seq_rm',
      'bool',
      'void *',
      'int32',
      'int32',
      'int32',
    ),
    shift: declare<(memory: Pointer, sequence: number, from: number, to: number, by: number) => void>(
      llama,
      'llama_memory_seq_add',
      'void',
      'void *',
      'int32',
      'int32',
      'int32',
      'int32',
    ),
    firstPosition: declare<(memory: Pointer, sequence: number) => number>(
      llama,
      'llama_memory_seq_pos_min',
      'int32',
      'void *',
      'int32',
    ),
  }
}
