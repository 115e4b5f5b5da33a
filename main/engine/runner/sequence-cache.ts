import type { Context } from '../libllama/context.ts'

/** How a model remembers, which decides what can be forgotten again. */
export interface MemoryKind {
  /** Tokens a sliding-window layer looks back at; undefined when every layer sees the whole context. */
  readonly window: number | undefined
  /** Positions can be moved; llama.cpp aborts the process when asked to move those of other models. */
  readonly shiftable: boolean
}

/** What llama.cpp holds of the sequences. */
export type SequenceMemory = Pick<Context, 'clear' | 'remove' | 'shift' | 'firstPosition'>

/**
 * The tokens one sequence of the context holds keys and values for. Its methods may only be called between two
 * decodings: llama.cpp reads the same memory while it computes.
 */
export class SequenceCache {
  readonly #context: SequenceMemory
  readonly #sequence: number
  readonly #kind: MemoryKind
  #tokens: number[] = []

  constructor(context: SequenceMemory, sequence: number, kind: MemoryKind) {
    this.#context = context
    this.#sequence = sequence
    this.#kind = kind
  }

  get length(): number {
    return this.#tokens.length
  }

  get sequence(): number {
    return this.#sequence
  }

  /** Notes tokens that were decoded at the end of the sequence. */
  append(tokens: readonly number[]): void {
    for (const token of tokens) this.#tokens.push(token)
  }

  commonPrefix(tokens: ArrayLike<number>): number {
    let length = 0
    while (length < this.#tokens.length && length < tokens.length && this.#tokens[length] === tokens[length]) length++
    return length
  }

  /**
   * Forgets all but the first `length` tokens. A recurrent memory cannot go back, nor can a sliding window whose older
   * part is overwritten (upstream server-context.cpp, pos_min_thold): then all is forgotten.
   * @returns tokens really kept
   */
  keep(length: number): number {
    if (length >= this.#tokens.length) return this.#tokens.length
    if (length > 0 && this.#reaches(length)) {
      if (this.#context.remove(this.#sequence, length, this.#tokens.length)) {
        this.#tokens.length = length
        return length
      }
    }
    this.clear()
    return 0
  }

  clear(): void {
    this.#context.clear(this.#sequence)
    this.#tokens = []
  }

  /**
   * Makes room in a full context: of the tokens after the first `keep`, the older half goes (upstream
   * server-context.cpp, context shift).
   * @returns tokens that must be evaluated again, because this model's positions cannot be moved
   */
  discardHalf(keep: number): number[] {
    const discarded = Math.max(1, Math.floor((this.#tokens.length - keep) / 2))
    const from = keep + discarded
    const end = this.#tokens.length
    const left = [...this.#tokens.slice(0, keep), ...this.#tokens.slice(from)]
    if (this.#kind.shiftable && this.#context.remove(this.#sequence, keep, from)) {
      this.#context.shift(this.#sequence, from, end, -discarded)
      this.#tokens = left
      return []
    }
    this.clear()
    return left
  }

  /** Whether everything the token at `position` looks back at is still there. */
  #reaches(position: number): boolean {
    if (this.#kind.window === undefined) return true
    const first = this.#context.firstPosition(this.#sequence)
    return first <= Math.max(0, position - this.#kind.window)
  }
}
