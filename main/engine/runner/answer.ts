import type { GenerateEvent, GenerateRequest } from '../engine.ts'
import type { Sampler } from '../libllama/sampler.ts'
import type { Vocabulary } from '../libllama/vocabulary.ts'
import { eventWindow } from '../protocol.ts'
import { Repetition } from './repetition.ts'
import type { SequenceCache } from './sequence-cache.ts'
import { type Piece, TextAssembler } from './text-assembler.ts'
import type { LogprobReader } from './token-logprobs.ts'

const nothing = Buffer.alloc(0)

/**
 * Tokens of a prompt behind the point its memory can go back to. An answer made again needs its last token anew, and
 * the next turn may write the beginning of the answer differently.
 */
const behindCheckpoint = 8

/** Least fraction of a prompt between two tellings of how much is read. */
const readingStep = 0.01

/** What an answer is made with; owned by the answer and disposed with it. */
export interface AnswerParts {
  readonly vocabulary: Pick<Vocabulary, 'isEnd' | 'isHidden' | 'piece'>
  readonly sampler: Pick<Sampler, 'draw' | 'mayEnd' | 'dispose'>
  readonly logprobs: LogprobReader | undefined
  /** Special tokens whose text is printed. */
  readonly preserved: ReadonlySet<number>
  /** Special tokens that end the answer, with the stop string they stand for. */
  readonly stopTokens: ReadonlyMap<number, string>
}

/** What of a request matters once there is a sampler for it. */
export type AnswerWishes = Pick<GenerateRequest, 'maxTokens' | 'stop' | 'keepTokens' | 'shift' | 'endsRepetition'> & {
  readonly hasGrammar: boolean
}

export interface AnswerListener {
  onEvent(event: GenerateEvent): void
  onFailure(error: unknown): void
}

/** One prompt being answered: what is still to be evaluated, the text made so far, and when it is over. */
export class Answer {
  readonly id: number
  readonly prompt: ArrayLike<number>
  readonly wishes: AnswerWishes
  readonly parts: AnswerParts
  /** Set by whoever started it; the loop then forgets it at the next occasion. */
  cancelled = false
  readonly #listener: AnswerListener
  readonly #text: TextAssembler
  readonly #repetition: Repetition | undefined
  readonly #output: number[] = []
  #pending: readonly number[] = []
  /** Events that the reader has not taken yet. */
  #ahead = 0
  #cache: SequenceCache | undefined
  #cachedTokens = 0
  /** Fraction of the prompt that was told to be read. */
  #readingTold = 0
  #drawn = 0
  #startedAt = 0
  #firstTokenAt = 0

  constructor(
    id: number,
    prompt: ArrayLike<number>,
    wishes: AnswerWishes,
    parts: AnswerParts,
    listener: AnswerListener,
  ) {
    this.id = id
    this.prompt = prompt
    this.wishes = wishes
    this.parts = parts
    this.#listener = listener
    this.#text = new TextAssembler(wishes.stop)
    this.#repetition = wishes.endsRepetition ? new Repetition() : undefined
  }

  get cache(): SequenceCache {
    if (!this.#cache) throw new Error('the answer has no slot yet')
    return this.#cache
  }

  /** Tokens to evaluate before the next one can be drawn. */
  get pending(): readonly number[] {
    return this.#pending
  }

  /** How many of the pending tokens to evaluate before the cache is to save a checkpoint, if it is. */
  get untilCheckpoint(): number {
    const { length } = this.#pending
    const isNear = !this.inPrompt || !this.cache.needsCheckpoints || length <= behindCheckpoint
    return isNear ? length : length - behindCheckpoint
  }

  /** The reader is a whole window behind: the answer then takes no part in the batches. */
  get isPaused(): boolean {
    return this.#ahead >= eventWindow
  }

  /** The reader took so many events. */
  taken(events: number): void {
    this.#ahead -= events
  }

  /** The first token has not been drawn yet. */
  get inPrompt(): boolean {
    return this.#drawn === 0
  }

  /** Takes a slot, keeping what it already holds of the prompt; the last token is always evaluated, for its logits. */
  begin(cache: SequenceCache): void {
    this.#startedAt = performance.now()
    this.#cache = cache
    this.#cachedTokens = cache.keep(Math.min(cache.commonPrefix(this.prompt), this.prompt.length - 1))
    this.#pending = Array.from(this.prompt).slice(this.#cachedTokens)
  }

  /** Makes room for the next token when the context is full, keeping one place free as llama.cpp's server does. */
  makeRoom(contextSize: number): void {
    if (this.inPrompt || this.cache.length + this.#pending.length < contextSize) return
    const { keepTokens } = this.wishes
    const keep = Math.min(keepTokens < 0 ? this.prompt.length : keepTokens, contextSize - 4)
    this.#pending = [...this.cache.discardHalf(keep), ...this.#pending]
  }

  /** Notes that the first `count` pending tokens were evaluated. */
  evaluated(count: number): void {
    this.cache.append(this.#pending.slice(0, count))
    this.#pending = this.#pending.slice(count)
    if (this.inPrompt) this.#tellReading()
    if (this.inPrompt && this.#pending.length === behindCheckpoint && this.cache.needsCheckpoints)
      this.cache.checkpoint()
  }

  /** A batch it had a part in was given up; what its cache lost by that is evaluated once more. */
  givenUp(): void {
    this.#pending = [...this.cache.undo(), ...this.#pending]
    this.#cachedTokens = Math.min(this.#cachedTokens, this.cache.length)
  }

  /**
   * Draws the token after the pending ones.
   * @param at its place in the last batch
   * @returns true when the answer is over
   */
  draw(at: number): boolean {
    const { vocabulary, sampler, logprobs, preserved, stopTokens } = this.parts
    const token = sampler.draw(at)
    if (token === undefined) return this.#exhausted()
    if (this.#drawn === 0) this.#firstTokenAt = performance.now()
    this.#drawn++
    if (vocabulary.isEnd(token)) return this.#end('stop')
    const stop = stopTokens.get(token)
    if (stop !== undefined) return this.#end('stop', stop)
    this.#output.push(token)
    const shown = preserved.has(token) || !vocabulary.isHidden(token)
    const piece = shown ? vocabulary.piece(token) : nothing
    this.#emit(this.#text.push(piece, logprobs?.read(at, token)))
    if (this.#text.stopString !== undefined) return this.#end('stop', this.#text.stopString)
    // What a grammar holds is not whole at this place, and must not be taken for it.
    if (this.#repetition?.push(piece)) return this.#end(this.wishes.hasGrammar ? 'length' : 'stop')
    if (this.#drawn >= this.wishes.maxTokens) return this.#end('length')
    this.#pending = [...this.#pending, token]
    return false
  }

  /** The context is full and must not be shifted, or no token was asked for. */
  full(): void {
    this.#end('length')
  }

  fail(error: unknown): void {
    this.#listener.onFailure(error)
    this.dispose()
  }

  dispose(): void {
    this.parts.sampler.dispose()
  }

  /** A batch given up is read again, of which nothing is told. */
  #tellReading(): void {
    // What stays for the checkpoint's sake is no batch of its own.
    if (this.#pending.length <= behindCheckpoint) return
    const fraction = 1 - this.#pending.length / (this.prompt.length - this.#cachedTokens)
    if (fraction - this.#readingTold < readingStep) return
    this.#readingTold = fraction
    this.#tell({ type: 'reading', fraction })
  }

  #tell(event: GenerateEvent): void {
    this.#ahead++
    this.#listener.onEvent(event)
  }

  /** Nothing can be drawn. A complete grammar leaves nothing where the model has no token to say that it is done. */
  #exhausted(): true {
    if (this.parts.sampler.mayEnd) return this.#end('stop')
    throw new Error('no token')
  }

  #end(reason: 'stop' | 'length', stopString?: string): true {
    if (this.#text.stopString === undefined) this.#emit(this.#text.end())
    const now = performance.now()
    const firstTokenAt = this.#firstTokenAt || now
    this.#tell({
      type: 'end',
      reason,
      ...(stopString === undefined ? {} : { stopString }),
      counts: {
        promptTokens: this.prompt.length,
        cachedTokens: this.#cachedTokens,
        promptNanoseconds: nanoseconds(firstTokenAt - this.#startedAt),
        outputTokens: this.#drawn,
        outputNanoseconds: nanoseconds(now - firstTokenAt),
      },
      tokens: [...Array.from(this.prompt), ...this.#output],
    })
    this.dispose()
    return true
  }

  #emit({ text, logprobs }: Piece): void {
    if (text === '' && logprobs.length === 0) return
    this.#tell({ type: 'text', text, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }
}

function nanoseconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1e6))
}
