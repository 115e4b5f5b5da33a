import { asProblem } from '../../problem.ts'
import { Context } from '../libllama/context.ts'
import { type Libraries, loadLibraries } from '../libllama/libraries.ts'
import { Sampler } from '../libllama/sampler.ts'
import { Vocabulary } from '../libllama/vocabulary.ts'
import { Answer, type AnswerParts } from './answer.ts'
import { BatchLoop } from './batch-loop.ts'
import { Outbox } from './outbox.ts'
import { ReadingBatch } from './reading-batch.ts'
import { lookBack, samplerSteps } from './sampling.ts'
import type { FromTextThread, TextTask, TextThreadData, ToTextThread } from './text-thread.ts'
import { prompts, ThreadTuner } from './thread-tuner.ts'
import { LogprobReader } from './token-logprobs.ts'

const nothing = Buffer.alloc(0)

/** The answers of the text thread: each has its sampler, all share the context and one loop. */
export class TextService {
  /** Tokens each slot holds, as llama.cpp rounded them. */
  readonly contextSize: number
  readonly #post: (message: FromTextThread) => void
  readonly #libraries: Libraries
  readonly #vocabulary: Vocabulary
  readonly #context: Context
  readonly #outbox: Outbox
  readonly #loop: BatchLoop
  readonly #answers = new Map<number, Answer>()

  constructor(data: TextThreadData, post: (message: FromTextThread) => void) {
    this.#post = post
    this.#libraries = loadLibraries(data.libraries)
    this.#vocabulary = new Vocabulary(this.#libraries.llama, data.model)
    const context = new Context(this.#libraries, data.context, this.#vocabulary.size)
    this.#context = context
    this.contextSize = context.contextSize
    this.#outbox = new Outbox(post)
    const reading = new ReadingBatch(data.reading)
    reading.flag.attach(this.#libraries.llama, context.pointer)
    this.#loop = new BatchLoop(context, {
      slots: data.slots,
      contextSize: context.contextSize,
      batchSize: context.batchSize,
      memory: { ...data.memory, shiftable: context.canShift },
      reading,
      tuners: data.cpu && {
        reading: new ThreadTuner(data.cpu.most, data.cpu.first, prompts),
        drawing: new ThreadTuner(data.cpu.most, data.cpu.first),
      },
      onBatch: milliseconds => this.#outbox.flush(milliseconds),
    })
    this.#warmUp()
  }

  handle(message: Exclude<ToTextThread, { type: 'open' }>): void {
    const { id } = message
    const answer = this.#answers.get(id)
    switch (message.type) {
      case 'answer': {
        const begun = this.#begin(id, message.task)
        this.#answers.set(id, begun)
        this.#loop.add(begun)
        break
      }
      case 'taken':
        answer?.taken(message.events)
        break
      case 'cancel':
        if (answer) answer.cancelled = true
        this.#forget(id)
    }
  }

  /** Computes one batch. @returns false when there is nothing to compute, and all is said */
  turn(): boolean {
    if (this.#loop.turn()) return true
    this.#outbox.flush(Number.POSITIVE_INFINITY)
    return false
  }

  #begin(id: number, task: TextTask): Answer {
    const wishes = { ...task, hasGrammar: task.grammar !== undefined }
    return new Answer(id, task.prompt, wishes, this.#parts(task), {
      onEvent: event => {
        this.#outbox.add(id, event)
        if (event.type === 'end') this.#answers.delete(id)
      },
      onFailure: error => {
        // What was made comes before what ended it.
        this.#outbox.flush(Number.POSITIVE_INFINITY)
        this.#forget(id)
        const { code, status, message, details } = asProblem(error)
        this.#post({ type: 'failed', id, problem: { code, status, message, details } })
      },
    })
  }

  #parts({ prompt, sampling, grammar, logprobs, ...task }: TextTask): AnswerParts {
    const vocabulary = this.#vocabulary
    const context = this.#context
    const preserved = new Set(task.preserved)
    const last = lookBack(sampling, context.contextSize)
    const history = last > 0 ? prompt.subarray(-last) : []
    const steps = samplerSteps(sampling, context.contextSize)
    const shown = (token: number) =>
      preserved.has(token) || !vocabulary.isHidden(token) ? vocabulary.piece(token) : nothing
    return {
      vocabulary,
      sampler: new Sampler(this.#libraries.llama, context, vocabulary, steps, history, grammar),
      logprobs: logprobs === undefined ? undefined : new LogprobReader(at => context.logits(at), shown, logprobs),
      preserved,
      stopTokens: new Map(task.stopTokens),
    }
  }

  #forget(id: number): void {
    this.#answers.delete(id)
    this.#outbox.drop(id)
  }

  /**
   * One token through the model reads the weights into memory, so that the first question does not wait for the disk.
   */
  #warmUp(): void {
    const { bos, eos } = this.#vocabulary
    this.#context.decode([{ tokens: [bos ?? eos ?? 0], from: 0, sequence: 0, outputs: 'none' }])
    this.#context.clearAll()
  }
}
