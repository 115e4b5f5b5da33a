import koffi, { type LibraryHandle } from 'koffi'
import { declare, ownMemory, type Pointer } from './declare.ts'

/** llama_batch of llama.h. */
export const batchType = koffi.struct({
  n_tokens: 'int32',
  token: 'void *',
  embd: 'void *',
  pos: 'void *',
  n_seq_id: 'void *',
  seq_id: 'void *',
  logits: 'void *',
})

interface BatchMembers {
  readonly n_tokens: number
  readonly token: Pointer | null
  readonly embd: Pointer | null
  readonly pos: Pointer | null
  readonly n_seq_id: Pointer | null
  readonly seq_id: Pointer | null
  readonly logits: Pointer | null
}

/** A piece of a text for one batch. */
export interface Piece {
  readonly tokens: ArrayLike<number>
  /** Tokens of the sequence before it. */
  readonly from: number
  readonly sequence: number
  /** Which of its tokens llama.cpp is to keep the results of. */
  readonly outputs: 'all' | 'last' | 'none'
}

/**
 * Tokens of several sequences for one call. The columns are JavaScript's own memory, which does not move: llama.cpp
 * reads it where it lies, so one that is being computed must be neither filled nor forgotten.
 */
export class Batch {
  readonly #tokens: Int32Array
  readonly #positions: Int32Array
  /** The one sequence number of each token, and the table of pointers to them. */
  readonly #sequences: Int32Array
  readonly #pointers: Uint8Array
  readonly #counts: Int32Array
  readonly #outputs: Int8Array
  readonly #members: BatchMembers

  /**
   * @param capacity most tokens
   * @throws Error when llama.cpp's structure is another one than the one this is written for
   */
  constructor(llama: LibraryHandle, capacity: number) {
    checkMembers(llama)
    const column = () => new Int32Array(ownMemory(4 * capacity).buffer)
    this.#tokens = column()
    this.#positions = column()
    this.#sequences = column()
    this.#counts = column().fill(1)
    this.#outputs = new Int8Array(ownMemory(capacity).buffer)
    const first = koffi.address(this.#sequences)
    const addresses = Array.from({ length: capacity }, (_, index) => first + BigInt(4 * index))
    this.#pointers = ownMemory(capacity * koffi.sizeof('void *'))
    koffi.encode(this.#pointers, koffi.array('void *', capacity), addresses)
    this.#members = {
      n_tokens: 0,
      token: koffi.address(this.#tokens),
      embd: null,
      pos: koffi.address(this.#positions),
      n_seq_id: koffi.address(this.#counts),
      seq_id: koffi.address(this.#pointers),
      logits: koffi.address(this.#outputs),
    }
  }

  /**
   * Replaces what is in it.
   * @returns the structure to be passed by value
   */
  filled(pieces: readonly Piece[]): object {
    let at = 0
    for (const { tokens, from, sequence, outputs } of pieces) {
      const end = at + tokens.length
      this.#tokens.set(tokens, at)
      this.#sequences.fill(sequence, at, end)
      for (let index = at; index < end; index++) this.#positions[index] = from + index - at
      this.#outputs.fill(outputs === 'all' ? 1 : 0, at, end)
      if (outputs === 'last') this.#outputs[end - 1] = 1
      at = end
    }
    return { ...this.#members, n_tokens: at }
  }
}

/** An empty batch of llama.cpp's own must look as this file expects. */
function checkMembers(llama: LibraryHandle): void {
  const init = declare<(tokens: number, width: number, sequences: number) => BatchMembers>(
    llama,
    'llama_batch_init',
    batchType,
    'int32',
    'int32',
    'int32',
  )
  const empty = init(1, 0, 1)
  const { n_tokens, token, embd, pos, n_seq_id, seq_id, logits } = empty
  if (n_tokens !== 0 || embd !== null || !(token && pos && n_seq_id && seq_id && logits)) {
    throw new Error('libllama has another batch than expected')
  }
  declare<(batch: BatchMembers) => void>(llama, 'llama_batch_free', 'void', batchType)(empty)
}
