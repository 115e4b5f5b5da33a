import { Problem } from '../../problem.ts'
import type { GenerateEvent, GenerateRequest, TokenLogprob } from '../engine.ts'
import { TextAssembler } from '../runner/text-assembler.ts'
import { complete, isStuck, type NativePiece, type NativeProbabilities, type NativeResult } from './llama-node.ts'
import type { MultimodalModel } from './load-multimodal.ts'
import { type PreparedPrompt, preparedPrompt } from './prompt.ts'
import { nativeSampling } from './sampling.ts'
import { tokenLogprob } from './token-probabilities.ts'

/** Most tokens the sampler leaves to choose from under usual options, so that the drawn one is among those reported. */
const reported = 64

/** What the binding keeps from one answer to the next. */
export interface AnswerHistory {
  /** Probabilities of all answers so far, which the next one's come behind. */
  probabilities: number
}

/** One prompt being answered by the binding, which writes text; the tokens are taken from that again. */
export class MultimodalAnswer {
  readonly #model: MultimodalModel
  readonly #request: GenerateRequest
  readonly #history: AnswerHistory
  readonly #emit: (event: GenerateEvent) => void
  readonly #text: TextAssembler
  readonly #preserved: ReadonlySet<string>
  #raw = ''
  #pieces = 0
  #stopString: string | undefined
  #firstPieceAt = 0
  #running = false
  #cancelled = false

  constructor(
    model: MultimodalModel,
    request: GenerateRequest,
    history: AnswerHistory,
    emit: (event: GenerateEvent) => void,
  ) {
    this.#model = model
    this.#request = request
    this.#history = history
    this.#emit = emit
    this.#text = new TextAssembler(request.stop)
    this.#preserved = new Set(request.preservedTokens)
  }

  /** Ends it after the batch or token under way; nothing is emitted any more. */
  cancel(): void {
    this.#cancelled = true
    if (this.#running) this.#model.native.stopCompletion()
  }

  /**
   * Answers, up to the `end` event.
   * @throws Problem for what is wrong with the request; BrokenModel when the binding can be used no more
   */
  async run(): Promise<void> {
    if (this.#cancelled) return
    const startedAt = performance.now()
    const prompt = await preparedPrompt(this.#model, this.#request)
    if (this.#cancelled) return
    const result = await this.#complete(prompt)
    if (this.#cancelled) return
    const endedAt = performance.now()
    if (this.#stopString === undefined) this.#give(this.#text.end())
    const answer = await this.#answerTokens()
    if (this.#cancelled) return
    const firstPieceAt = this.#firstPieceAt || endedAt
    this.#emit({
      type: 'end',
      reason: this.#stopString !== undefined || result.stopped_eos ? 'stop' : 'length',
      ...(this.#stopString === undefined ? {} : { stopString: this.#stopString }),
      counts: {
        promptTokens: prompt.length,
        cachedTokens: Math.max(0, prompt.length - Math.max(1, result.timings.prompt_n)),
        promptNanoseconds: Math.max(0, Math.round((firstPieceAt - startedAt) * 1e6)),
        outputTokens: this.#request.maxTokens === 0 ? 0 : answer.length + (result.stopped_eos ? 1 : 0),
        outputNanoseconds: Math.max(0, Math.round((endedAt - firstPieceAt) * 1e6)),
      },
      tokens: [...prompt.tokens, ...answer],
    })
  }

  async #complete(prompt: PreparedPrompt): Promise<NativeResult> {
    this.#running = true
    try {
      const result = await this.#attempt(prompt).catch(async error => {
        if (!isStuck(error)) throw error
        this.#running = false
        this.#history.probabilities = 0
        await this.#model.reopen()
        const again = this.#attempt(prompt)
        this.#running = true
        if (this.#cancelled) this.#model.native.stopCompletion()
        return again
      })
      this.#history.probabilities = result.completion_probabilities?.length ?? this.#history.probabilities
      // Stopped in its prompt, the binding takes all of it for evaluated.
      if (result.interrupted && this.#pieces === 0) this.#model.native.clearCache()
      return result
    } catch (error) {
      throw new BrokenModel(problemOf(error))
    } finally {
      this.#running = false
    }
  }

  #attempt(prompt: PreparedPrompt): Promise<NativeResult> {
    const { native, info } = this.#model
    const { sampling, maxTokens, grammar, logprobs } = this.#request
    const request = {
      ...nativeSampling(sampling, info.contextSize),
      prompt: prompt.text,
      media_paths: prompt.media,
      // What the prompt was asked to be read for is the cache, which only a prompt with an answer gets into.
      n_predict: Math.max(1, maxTokens),
      ...(grammar === undefined ? {} : { grammar }),
      n_probs: logprobs === undefined ? 0 : Math.max(logprobs, reported),
    }
    return complete(native, request, piece => this.#take(piece))
  }

  #take({ token, completion_probabilities = [] }: NativePiece): void {
    const own =
      this.#pieces === 0 ? completion_probabilities.slice(this.#history.probabilities) : completion_probabilities
    this.#pieces++
    this.#firstPieceAt ||= performance.now()
    if (this.#cancelled || this.#stopString !== undefined || this.#request.maxTokens === 0) return
    if (this.#isHidden(token) && this.#request.stop.includes(token)) {
      this.#stop(token)
      this.#give(this.#text.end())
      return
    }
    this.#raw += token
    const logprobs = this.#logprobs(own)
    // A character of several tokens comes in one piece, with the probabilities of each.
    for (const logprob of logprobs.slice(0, -1)) this.#give(this.#text.push(Buffer.alloc(0), logprob))
    this.#give(this.#text.push(Buffer.from(this.#isVisible(token) ? token : ''), logprobs.at(-1)))
    if (this.#text.stopString !== undefined) this.#stop(this.#text.stopString)
  }

  #stop(stopString: string): void {
    this.#stopString = stopString
    this.#model.native.stopCompletion()
  }

  #logprobs(probabilities: readonly NativeProbabilities[]): TokenLogprob[] {
    const { logprobs } = this.#request
    if (logprobs === undefined) return []
    return probabilities.map(entry => tokenLogprob(entry, logprobs, text => this.#isVisible(text)))
  }

  #isHidden(text: string): boolean {
    return this.#model.facts.controlTexts.has(text)
  }

  #isVisible(text: string): boolean {
    return this.#preserved.has(text) || !this.#isHidden(text)
  }

  #give({ text, logprobs }: ReturnType<TextAssembler['push']>): void {
    if (text === '' && logprobs.length === 0) return
    this.#emit({ type: 'text', text, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }

  async #answerTokens(): Promise<readonly number[]> {
    return this.#raw === '' ? [] : [...(await this.#model.native.tokenize(this.#raw)).tokens]
  }
}

/** The binding failed in the middle of a request; it answers no further one. */
export class BrokenModel extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  if (message === 'failed to parse grammar') return new Problem('invalid-request', 400, message)
  // Worded as upstream reports a runner's error in the middle of an answer (llm/server.go).
  return new Problem('internal', 500, `an error was encountered while running the model: ${message}`)
}
