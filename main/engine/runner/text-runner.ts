import { Problem } from '../../problem.ts'
import type { GenerateRequest, LoadOptions, ModelInfo } from '../engine.ts'
import type { Libraries } from '../libllama/libraries.ts'
import { compileGrammar, freeGrammar } from '../libllama/sampler.ts'
import type { Vocabulary } from '../libllama/vocabulary.ts'
import type { FromEngine, Results, ToEngine } from '../protocol.ts'
import type { Embedder } from './embedder.ts'
import { checkTokens } from './known-tokens.ts'
import { loadEmbedder } from './load-embedder.ts'
import { type LoadListener, loadModel } from './load-model.ts'
import { checkPromptLength, checkTextLength } from './prompt-length.ts'
import { Replies } from './replies.ts'
import type { FromTextThread, TextTask, TextThread } from './text-thread.ts'

/** A model of either kind. */
interface Loaded {
  readonly info: ModelInfo
  readonly libraries: Libraries
  readonly vocabulary: Vocabulary
  readonly thread?: TextThread
  readonly embedder?: Embedder
}

/**
 * The model of this process and what is asked of it. Every request is answered by its id, once, unless cancelled. What
 * takes long is done elsewhere: answers are computed in the text thread, all else in threads that koffi lends.
 */
export class TextRunner {
  readonly #post: (message: FromEngine) => void
  readonly #replies: Replies
  readonly #workerPath: string
  /** Undoes the request of an id that can be cancelled. */
  readonly #running = new Map<number, () => void>()
  #model: Loaded | undefined

  /** @param workerPath the bundled text-worker.js */
  constructor(post: (message: FromEngine) => void, workerPath: string) {
    this.#post = post
    this.#replies = new Replies(post)
    this.#workerPath = workerPath
  }

  handle(message: Exclude<ToEngine, { type: 'exit' }>): void {
    const { id } = message
    switch (message.type) {
      case 'load':
        this.#replies.load(id, message.version, listener => this.#load(message.options, listener))
        break
      case 'tokenize':
        this.#replies.answer(id, () => this.#loaded().vocabulary.tokenize(message.text, message.special))
        break
      case 'detokenize':
        this.#replies.answer(id, () => this.#detokenize(message.tokens, message.special))
        break
      case 'ping':
        this.#replies.answer(id, () => null)
        break
      case 'embed':
        this.#replies.answer(id, () => this.#embed(id, message.inputs))
        break
      case 'generate':
        this.#generate(id, message.request).catch(error => this.#fail(id, error))
        break
      case 'taken':
        this.#model?.thread?.post(message)
        break
      case 'cancel':
        this.#running.get(id)?.()
        this.#running.delete(id)
    }
  }

  #fail(id: number, error: unknown): void {
    this.#running.delete(id)
    this.#replies.fail(id, error)
  }

  #loaded(): Loaded {
    if (!this.#model) throw new Problem('internal', 500, 'no model is loaded')
    return this.#model
  }

  async #load(options: LoadOptions, listener: LoadListener): Promise<ModelInfo> {
    this.#model = options.embeddings
      ? await loadEmbedder(options, listener)
      : await loadModel(options, listener, { path: this.#workerPath, onMessage: message => this.#relay(message) })
    return this.#model.info
  }

  #relay(message: Exclude<FromTextThread, { type: 'ready' }>): void {
    if (message.type === 'failed') this.#running.delete(message.id)
    else for (const { id, events } of message.answers) if (events.at(-1)?.type === 'end') this.#running.delete(id)
    // What was cancelled while the message was under way, main does not know any more.
    this.#post(message)
  }

  #detokenize(tokens: readonly number[], special: boolean): string {
    const { vocabulary } = this.#loaded()
    checkTokens(tokens, vocabulary.size)
    return vocabulary.text(tokens, special)
  }

  async #embed(id: number, inputs: readonly (string | readonly number[])[]): Promise<Results['embed']> {
    const { embedder } = this.#model ?? {}
    if (!embedder) throw new Problem('internal', 500, 'the model is not loaded for embeddings')
    const isCancelled = this.#cancellable(id)
    try {
      return await embedder.embed(inputs, isCancelled)
    } finally {
      this.#running.delete(id)
    }
  }

  async #generate(id: number, request: GenerateRequest): Promise<void> {
    const { thread, vocabulary, info, libraries } = this.#model ?? {}
    if (!thread || !vocabulary || !info || !libraries) {
      throw new Problem('internal', 500, 'the model is not loaded for text')
    }
    if (request.media?.length) throw new Problem('internal', 500, 'the model was loaded without a projector')
    if (typeof request.prompt === 'string') checkTextLength(request.prompt, info.contextSize)
    const isCancelled = this.#cancellable(id)
    const prompt = await promptOf(request, vocabulary, info.contextSize)
    const grammar = request.grammar === undefined ? undefined : await compile(libraries, vocabulary, request.grammar)
    if (isCancelled()) {
      if (grammar !== undefined) freeGrammar(libraries.llama, grammar)
      return
    }
    this.#running.set(id, () => thread.cancel(id))
    thread.post({ type: 'answer', id, task: taskOf(request, prompt, grammar, vocabulary) })
  }

  /** Until something else is known to be cancelled. @returns whether it was */
  #cancellable(id: number): () => boolean {
    let cancelled = false
    this.#running.set(id, () => {
      cancelled = true
    })
    return () => cancelled
  }
}

async function promptOf({ prompt }: GenerateRequest, vocabulary: Vocabulary, contextSize: number) {
  const isText = typeof prompt === 'string'
  if (!isText) checkTokens(prompt, vocabulary.size)
  const tokens = isText ? await vocabulary.tokenize(prompt, true) : Int32Array.from(prompt)
  checkPromptLength(tokens.length, contextSize)
  return tokens
}

async function compile({ llama }: Libraries, vocabulary: Vocabulary, text: string) {
  const grammar = await compileGrammar(llama, vocabulary, text)
  if (grammar === undefined) throw new Problem('invalid-request', 400, 'failed to parse grammar')
  return grammar
}

function taskOf(
  { sampling, maxTokens, stop, keepTokens, shift, endsRepetition, logprobs, preservedTokens = [] }: GenerateRequest,
  prompt: Int32Array,
  grammar: TextTask['grammar'],
  vocabulary: Vocabulary,
): TextTask {
  return {
    sampling,
    maxTokens,
    stop,
    keepTokens,
    shift,
    endsRepetition,
    logprobs,
    prompt,
    grammar,
    preserved: special(preservedTokens, vocabulary).map(([token]) => token),
    stopTokens: special(stop, vocabulary),
  }
}

/** Those texts that are one special token each. */
function special(texts: readonly string[], vocabulary: Vocabulary): [token: number, text: string][] {
  return texts.flatMap((text): [number, string][] => {
    const token = text === '' ? undefined : vocabulary.specialToken(text)
    return token === undefined ? [] : [[token, text]]
  })
}
