import koffi, { type LibraryHandle, type TypeObject } from 'koffi'

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
  readonly token: bigint | null
  readonly embd: bigint | null
  readonly pos: bigint | null
  readonly n_seq_id: bigint | null
  readonly seq_id: bigint | null
  readonly logits: bigint | null
}

/** A piece of a text: its tokens and where in the text they stand. */
export interface Piece {
  readonly tokens: ArrayLike<number>
  /** Tokens of the text before it. */
  readonly from: number
}

/** Tokens of several sequences for one call, in memory outside of JavaScript's: a call may still run when it is gone. */
export class Batch {
  readonly #capacity: number
  readonly #members: BatchMembers
  /** The one sequence number of each token, to which the table `seq_id` points. */
  readonly #sequences: bigint
  readonly #column: TypeObject

  /**
   * @param capacity most tokens
   * @throws Error when llama.cpp's structure is another one than the one this is written for
   */
  constructor(llama: LibraryHandle, capacity: number) {
    this.#capacity = capacity
    this.#column = koffi.array('int32', capacity, 'Typed')
    const init = llama.func('llama_batch_init', batchType, ['int32', 'int32', 'int32'])
    const members = init(capacity, 0, 1) as BatchMembers
    const { n_tokens, token, embd, pos, n_seq_id, seq_id, logits } = members
    if (n_tokens !== 0 || embd !== null || !(token && pos && n_seq_id && seq_id && logits)) {
      throw new Error('libllama has another batch than expected')
    }
    this.#members = members
    this.#sequences = koffi.alloc('int32', capacity) as bigint
    koffi.encode(n_seq_id, this.#column, new Int32Array(capacity).fill(1))
    const addresses = Array.from({ length: capacity }, (_, index) => this.#sequences + BigInt(4 * index))
    koffi.encode(seq_id, koffi.array('void *', capacity), addresses)
    koffi.encode(logits, koffi.array('int8', capacity, 'Typed'), new Int8Array(capacity).fill(1))
  }

  /**
   * Replaces what is in it: one piece a sequence, numbered from 0.
   * @returns the structure to be passed by value
   */
  filled(pieces: readonly Piece[]): BatchMembers {
    const tokens = new Int32Array(this.#capacity)
    const positions = new Int32Array(this.#capacity)
    const sequences = new Int32Array(this.#capacity)
    let at = 0
    for (const [sequence, piece] of pieces.entries()) {
      const { length } = piece.tokens
      tokens.set(piece.tokens, at)
      sequences.fill(sequence, at, at + length)
      for (let index = 0; index < length; index++) positions[at + index] = piece.from + index
      at += length
    }
    koffi.encode(this.#members.token, this.#column, tokens)
    koffi.encode(this.#members.pos, this.#column, positions)
    koffi.encode(this.#sequences, this.#column, sequences)
    return { ...this.#members, n_tokens: at }
  }
}
