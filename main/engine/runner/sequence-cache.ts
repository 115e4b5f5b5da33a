import type { Context } from '../libllama/context.ts'

/** How a model remembers, which decides what can be forgotten again. */
export interface MemoryKind {
  /** Tokens a sliding-window layer looks back at; undefined when every layer sees the whole context. */
  readonly window: number | undefined
  /** Positions can be moved; llama.cpp aborts the process when asked to move those of other models. */
  readonly shiftable: boolean
  /** A part of it, or all, is one state that cannot forget single tokens. */
  readonly recurrent: boolean
}

/** Bytes of saved states that all slots may hold together; nobody planned with them. */
const mostSaved = 2 ** 28

/** What a sequence remembered at a point that it can go back to. */
interface Checkpoint {
  readonly length: number
  readonly state: Uint8Array
}

/** What llama.cpp holds of the sequences. */
export type SequenceMemory = Pick<
  Context,
  'clear' | 'remove' | 'shift' | 'firstPosition' | 'saveState' | 'restoreState'
>

/**
 * The tokens one sequence of the context holds keys and values for. Its methods may only be called between two
 * decodings: llama.cpp reads the same memory while it computes.
 */
export class SequenceCache {
  readonly #context: SequenceMemory
  readonly #sequence: number
  readonly #kind: MemoryKind
  readonly #mostSaved: number
  #tokens: number[] = []
  /** Shortest first. */
  #checkpoints: Checkpoint[] = []

  /** @param slots how many share what may be saved */
  constructor(context: SequenceMemory, sequence: number, kind: MemoryKind, slots = 1) {
    this.#context = context
    this.#sequence = sequence
    this.#kind = kind
    this.#mostSaved = mostSaved / slots
  }

  /** It may be unable to go back, unless to a checkpoint. */
  get needsCheckpoints(): boolean {
    return this.#kind.recurrent || this.#kind.window !== undefined
  }

  /** Saves what is remembered at this point; the oldest such points give way. */
  checkpoint(): void {
    const { length } = this.#tokens
    if (this.#checkpoints.at(-1)?.length === length) return
    this.#checkpoints.push({ length, state: this.#context.saveState(this.#sequence) })
    const saved = () => this.#checkpoints.reduce((sum, { state }) => sum + state.length, 0)
    while (saved() > this.#mostSaved) this.#checkpoints.shift()
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
   * part is overwritten (upstream server-context.cpp, pos_min_thold): then it goes back to the last checkpoint before,
   * or all is forgotten.
   * @returns tokens really kept
   */
  keep(length: number): number {
    if (length >= this.#tokens.length) return this.#tokens.length
    if (length > 0 && this.#reaches(length)) {
      if (this.#context.remove(this.#sequence, length, this.#tokens.length)) {
        return this.#cut(length)
      }
    }
    return this.#goBack(length)
  }

  /**
   * Puts right what a batch that was given up has left: those of its tokens that are in the sequence already, or a
   * recurrent state of which some layers went on.
   * @returns tokens that were lost by that, and must be evaluated again
   */
  undo(): number[] {
    const before = this.#tokens.slice()
    const { length } = before
    if (this.#reaches(length) && this.#context.remove(this.#sequence, length, -1)) return []
    return before.slice(this.#goBack(length))
  }

  clear(): void {
    this.#context.clear(this.#sequence)
    this.#tokens = []
    this.#checkpoints = []
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
      this.#checkpoints = []
      return []
    }
    this.clear()
    return left
  }

  #cut(length: number): number {
    this.#tokens.length = length
    this.#checkpoints = this.#checkpoints.filter(point => point.length <= length)
    return length
  }

  #goBack(length: number): number {
    const point = this.#checkpoints.findLast(candidate => candidate.length <= length)
    if (point && this.#context.restoreState(this.#sequence, point.state)) {
      // Layers that see the whole context remember the tokens behind still.
      if (this.#context.remove(this.#sequence, point.length, -1)) return this.#cut(point.length)
    }
    this.clear()
    return 0
  }

  /** Whether everything the token at `position` looks back at is still there. */
  #reaches(position: number): boolean {
    if (this.#kind.window === undefined) return true
    const first = this.#context.firstPosition(this.#sequence)
    return first <= Math.max(0, position - this.#kind.window)
  }
}
