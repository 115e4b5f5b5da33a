import type { GenerateEvent, GenerateRequest } from '../engine.ts'
import type { NativeSampler } from './llama-addon.ts'
import { Repetition } from './repetition.ts'
import type { SequenceCache } from './sequence-cache.ts'
import { type Piece, TextAssembler } from './text-assembler.ts'
import type { LogprobReader, TopLogits } from './token-logprobs.ts'
import type { Vocabulary } from './vocabulary.ts'

const nothing = Buffer.alloc(0)

/** What an answer is made with; owned by the answer and disposed with it. */
export interface AnswerParts {
  readonly vocabulary: Vocabulary
  readonly sampler: NativeSampler
  readonly logprobs: LogprobReader | undefined
  /** Special tokens whose text is printed. */
  readonly preserved: ReadonlySet<number>
  /** Special tokens that end the answer, with the stop string they stand for. */
  readonly stopTokens: ReadonlyMap<number, string>
  /** Whether the grammar, if there is one, lets the answer end at this point. */
  readonly mayEnd: () => boolean
}

export interface AnswerListener {
  onEvent(event: GenerateEvent): void
  onFailure(error: unknown): void
}

/** One prompt being answered: what is still to be evaluated, the text made so far, and when it is over. */
export class Answer {
  readonly prompt: readonly number[]
  readonly request: GenerateRequest
  readonly parts: AnswerParts
  /** Set by whoever started it; the loop then forgets it at the next occasion. */
  cancelled = false
  /** Set while the reader is behind; the answer then takes no part in the batches. */
  paused = false
  readonly #listener: AnswerListener
  readonly #text: TextAssembler
  readonly #repetition = new Repetition()
  readonly #output: number[] = []
  #pending: number[] = []
  #cache: SequenceCache | undefined
  #cachedTokens = 0
  #drawn = 0
  #startedAt = 0
  #firstTokenAt = 0

  constructor(prompt: readonly number[], request: GenerateRequest, parts: AnswerParts, listener: AnswerListener) {
    this.prompt = prompt
    this.request = request
    this.parts = parts
    this.#listener = listener
    this.#text = new TextAssembler(request.stop)
  }

  get cache(): SequenceCache {
    if (!this.#cache) throw new Error('the answer has no slot yet')
    return this.#cache
  }

  /** Tokens to evaluate before the next one can be drawn. */
  get pending(): readonly number[] {
    return this.#pending
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
    this.#pending = this.prompt.slice(this.#cachedTokens)
  }

  /** Makes room for the next token when the context is full, keeping one place free as llama.cpp's server does. */
  makeRoom(contextSize: number): void {
    if (this.inPrompt || this.cache.length + this.#pending.length < contextSize) return
    const { keepTokens } = this.request
    const keep = Math.min(keepTokens < 0 ? this.prompt.length : keepTokens, contextSize - 4)
    this.#pending = [...this.cache.discardHalf(keep), ...this.#pending]
  }

  /** Notes that the first `count` pending tokens were evaluated. */
  evaluated(count: number): void {
    this.cache.append(this.#pending.slice(0, count))
    this.#pending = this.#pending.slice(count)
  }

  /**
   * Takes the token drawn after the pending ones.
   * @param logits where its probabilities can be read until the next batch
   * @returns true when the answer is over
   */
  async draw(token: number, logits: number, top?: TopLogits): Promise<boolean> {
    const { vocabulary, preserved, stopTokens } = this.parts
    if (this.#drawn === 0) this.#firstTokenAt = performance.now()
    this.#drawn++
    if (vocabulary.isEnd(token)) return this.#end('stop')
    const stop = stopTokens.get(token)
    if (stop !== undefined) return this.#end('stop', stop)
    this.#output.push(token)
    const logprob = top && (await this.parts.logprobs?.read(logits, token, top))
    const shown = preserved.has(token) || !vocabulary.isHidden(token)
    const piece = shown ? vocabulary.piece(token) : nothing
    this.#emit(this.#text.push(piece, logprob))
    if (this.#text.stopString !== undefined) return this.#end('stop', this.#text.stopString)
    // What a grammar holds is not whole at this place, and must not be taken for it.
    if (this.#repetition.push(piece)) return this.#end(this.request.grammar === undefined ? 'stop' : 'length')
    if (this.#drawn >= this.request.maxTokens) return this.#end('length')
    this.#pending.push(token)
    return false
  }

  /** Nothing could be drawn: the grammar is complete and the model has no token to say so. */
  exhausted(): void {
    this.#end('stop')
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
    this.parts.logprobs?.dispose()
  }

  #end(reason: 'stop' | 'length', stopString?: string): true {
    if (this.#text.stopString === undefined) this.#emit(this.#text.end())
    const now = performance.now()
    const firstTokenAt = this.#firstTokenAt || now
    this.#listener.onEvent({
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
      tokens: [...this.prompt, ...this.#output],
    })
    this.dispose()
    return true
  }

  #emit({ text, logprobs }: Piece): void {
    if (text === '' && logprobs.length === 0) return
    this.#listener.onEvent({ type: 'text', text, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }
}

function nanoseconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1e6))
}
