import { Problem } from '../../problem.ts'
import type { GenerateRequest, LoadOptions, ModelInfo } from '../engine.ts'
import type { FromEngine, ToEngine } from '../protocol.ts'
import { checkTokens } from '../runner/known-tokens.ts'
import type { LoadListener } from '../runner/load-model.ts'
import { Replies } from '../runner/replies.ts'
import { type AnswerHistory, BrokenModel, MultimodalAnswer } from './answer.ts'
import { Backlog } from './backlog.ts'
import { loadMultimodal, type MultimodalModel } from './load-multimodal.ts'

/** Milliseconds for the last message to leave before the process ends. */
const lastMessage = 100

/**
 * A model that sees or hears, and what is asked of it: the same requests as those of a model of text alone
 * (runner/text-runner.ts), answered one at a time in the order they came.
 */
export class MultimodalRunner {
  readonly #post: (message: FromEngine) => void
  readonly #replies: Replies
  readonly #leave: () => void
  readonly #running = new Map<number, { readonly answer: MultimodalAnswer; readonly backlog: Backlog }>()
  readonly #history: AnswerHistory = { probabilities: 0 }
  #model: MultimodalModel | undefined
  #last: Promise<void> = Promise.resolve()

  /** @param leave ends the process, when the model in it can be used no more */
  constructor(post: (message: FromEngine) => void, leave: () => void) {
    this.#post = post
    this.#replies = new Replies(post)
    this.#leave = leave
  }

  handle(message: Exclude<ToEngine, { type: 'exit' }>): void {
    const { id } = message
    switch (message.type) {
      case 'load':
        this.#replies.load(id, message.version, listener => this.#load(message.options, listener))
        break
      case 'tokenize':
        this.#replies.answer(id, () => this.#tokenize(message.text))
        break
      case 'detokenize':
        this.#replies.answer(id, () => this.#detokenize(message.tokens, message.special))
        break
      case 'ping':
        this.#replies.answer(id, () => null)
        break
      case 'embed':
        this.#replies.fail(id, new Problem('internal', 500, 'the model is not loaded for embeddings'))
        break
      case 'generate':
        this.#generate(id, message.request)
        break
      case 'taken':
        this.#running.get(id)?.backlog.taken(message.events)
        break
      case 'cancel':
        this.#cancel(id)
    }
  }

  #loaded(): MultimodalModel {
    if (!this.#model) throw new Problem('internal', 500, 'no model is loaded')
    return this.#model
  }

  async #load(options: LoadOptions, listener: LoadListener): Promise<ModelInfo> {
    const { projectorPath } = options
    if (projectorPath === undefined) throw new Problem('internal', 500, 'the model has no projector')
    this.#model = await loadMultimodal({ ...options, projectorPath }, listener)
    return this.#model.info
  }

  /** The binding always takes `<|im_end|>` and its kin for the tokens they name. */
  async #tokenize(text: string): Promise<Int32Array> {
    return text === '' ? new Int32Array() : (await this.#loaded().native.tokenize(text)).tokens
  }

  async #detokenize(tokens: readonly number[], special: boolean): Promise<string> {
    const { native, facts, info } = this.#loaded()
    checkTokens(tokens, info.vocabularySize)
    const shown = special ? [...tokens] : tokens.filter(token => !facts.controlTokens.has(token))
    return shown.length === 0 ? '' : native.detokenize(shown)
  }

  #generate(id: number, request: GenerateRequest): void {
    let answer: MultimodalAnswer
    try {
      const backlog = new Backlog(this.#post, id, () => this.#running.delete(id))
      answer = new MultimodalAnswer(this.#loaded(), request, this.#history, event => backlog.add(event))
      this.#running.set(id, { answer, backlog })
    } catch (error) {
      this.#replies.fail(id, error)
      return
    }
    this.#last = this.#last.then(() => answer.run()).catch(error => this.#failed(id, error))
  }

  #failed(id: number, error: unknown): void {
    const isBroken = error instanceof BrokenModel
    const running = this.#running.get(id)
    this.#running.delete(id)
    running?.backlog.fail()
    if (running) this.#replies.fail(id, isBroken ? error.problem : error)
    if (isBroken) setTimeout(this.#leave, lastMessage)
  }

  #cancel(id: number): void {
    const running = this.#running.get(id)
    this.#running.delete(id)
    running?.answer.cancel()
    running?.backlog.dispose()
  }
}
