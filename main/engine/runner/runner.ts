import type { LlamaGrammar } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { GenerateRequest, LoadOptions, LoadPlan, ModelInfo } from '../engine.ts'
import { type FromEngine, protocolVersion, type Results, type ToEngine } from '../protocol.ts'
import { Answer } from './answer.ts'
import { BatchLoop } from './batch-loop.ts'
import type { Embedder } from './embedder.ts'
import { checkTokens } from './known-tokens.ts'
import { loadEmbedder } from './load-embedder.ts'
import { type LoadedModel, loadModel } from './load-model.ts'
import { Outbox } from './outbox.ts'
import { checkPromptLength, checkTextLength } from './prompt-length.ts'
import { Replies } from './replies.ts'
import { samplerConfig } from './sampling.ts'
import { LogprobReader } from './token-logprobs.ts'

type Words = Pick<LoadedModel, 'vocabulary' | 'info'>

/** The model of this process and what is asked of it. Every request is answered by its id, once, unless cancelled. */
export class Runner {
  readonly #post: (message: FromEngine) => void
  readonly #replies: Replies
  /** Undoes the request of an id that can be cancelled. */
  readonly #running = new Map<number, { cancel(): void; outbox?: Outbox }>()
  #loadedWords: Words | undefined
  #loaded: LoadedModel | undefined
  #loop: BatchLoop | undefined
  #embedder: Embedder | undefined

  constructor(post: (message: FromEngine) => void) {
    this.#post = post
    this.#replies = new Replies(post)
  }

  handle(message: Exclude<ToEngine, { type: 'exit' }>): void {
    const { id } = message
    switch (message.type) {
      case 'load':
        this.#replies.answer(id, () => this.#load(id, message.version, message.options))
        break
      case 'tokenize':
        this.#replies.answer(id, () =>
          Int32Array.from(this.#words().vocabulary.tokenize(message.text, message.special)),
        )
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
        this.#running.get(id)?.outbox?.taken(message.events)
        break
      case 'cancel':
        this.#running.get(id)?.cancel()
        this.#running.delete(id)
    }
  }

  #fail(id: number, error: unknown): void {
    this.#running.delete(id)
    this.#replies.fail(id, error)
  }

  /** Of a model of either kind. */
  #words(): Words {
    if (!this.#loadedWords) throw new Problem('internal', 500, 'no model is loaded')
    return this.#loadedWords
  }

  #model(): LoadedModel {
    if (!this.#loaded) throw new Problem('internal', 500, 'no model is loaded')
    return this.#loaded
  }

  async #load(id: number, version: number, options: LoadOptions): Promise<ModelInfo> {
    if (version !== protocolVersion) {
      throw new Problem('internal', 500, `the engine speaks version ${protocolVersion} of its protocol, not ${version}`)
    }
    const listener = {
      onPlanned: (plan: LoadPlan) => this.#post({ type: 'planned', id, plan }),
      onProgress: (fraction: number) => this.#post({ type: 'progress', id, fraction }),
    }
    if (options.embeddings) {
      const loaded = await loadEmbedder(options, listener)
      this.#embedder = loaded.embedder
      this.#loadedWords = loaded
      return loaded.info
    }
    const loaded = await loadModel(options, listener)
    this.#loaded = loaded
    this.#loadedWords = loaded
    this.#loop = new BatchLoop(loaded.parts.context, {
      slots: loaded.info.slots,
      contextSize: loaded.info.contextSize,
      batchSize: loaded.context.batchSize,
      memory: loaded.memory,
      cpu: loaded.cpu,
    })
    return loaded.info
  }

  #detokenize(tokens: readonly number[], special: boolean): string {
    const { vocabulary, info } = this.#words()
    checkTokens(tokens, info.vocabularySize)
    return vocabulary.text(tokens, special)
  }

  async #embed(id: number, inputs: readonly (string | readonly number[])[]): Promise<Results['embed']> {
    if (!this.#embedder) throw new Problem('internal', 500, 'the model is not loaded for embeddings')
    let cancelled = false
    this.#running.set(id, {
      cancel: () => {
        cancelled = true
      },
    })
    try {
      return await this.#embedder.embed(inputs, () => cancelled)
    } finally {
      this.#running.delete(id)
    }
  }

  async #generate(id: number, request: GenerateRequest): Promise<void> {
    const loop = this.#loop
    if (!loop) throw new Problem('internal', 500, 'the model is not loaded for text')
    const { vocabulary, info, llama } = this.#model()
    if (request.media?.length) throw new Problem('internal', 500, 'the model was loaded without a projector')
    if (typeof request.prompt === 'string') checkTextLength(request.prompt, info.contextSize)
    const prompt = typeof request.prompt === 'string' ? vocabulary.tokenize(request.prompt, true) : [...request.prompt]
    checkTokens(prompt, info.vocabularySize)
    checkPromptLength(prompt.length, info.contextSize)
    let cancelled = false
    this.#running.set(id, {
      cancel: () => {
        cancelled = true
      },
    })
    const grammar = request.grammar === undefined ? undefined : await compile(llama, request.grammar)
    if (cancelled) return

    const outbox = new Outbox(this.#post, id, full => {
      answer.paused = full
      if (!full) loop.wake()
    })
    const answer = this.#newAnswer(prompt, request, grammar, {
      onEvent: event => {
        outbox.add(event)
        if (event.type === 'end') this.#running.delete(id)
      },
      onFailure: error => {
        outbox.dispose()
        this.#fail(id, error)
      },
    })
    this.#running.set(id, {
      outbox,
      cancel: () => {
        outbox.dispose()
        answer.cancelled = true
        loop.wake()
      },
    })
    loop.add(answer)
  }

  #newAnswer(
    prompt: readonly number[],
    request: GenerateRequest,
    grammar: LlamaGrammar | undefined,
    listener: ConstructorParameters<typeof Answer>[3],
  ): Answer {
    const { parts, vocabulary, info, model } = this.#model()
    const preserved = new Set(special(request.preservedTokens ?? [], vocabulary).keys())
    const grammarState = grammar && parts.newGrammarState(grammar)
    const sampler = parts.newSampler()
    sampler.applyConfig(samplerConfig(request.sampling, prompt, info.contextSize, grammarState))
    const visible = (token: number) => preserved.has(token) || !vocabulary.isHidden(token)
    return new Answer(
      prompt,
      request,
      {
        vocabulary,
        sampler,
        logprobs:
          request.logprobs === undefined ? undefined : new LogprobReader(parts, vocabulary, request.logprobs, visible),
        preserved,
        stopTokens: special(request.stop, vocabulary),
        mayEnd: () =>
          grammarState !== undefined && parts.grammarAllows(grammarState, model.tokens.eos ?? model.tokens.eot ?? -1),
      },
      listener,
    )
  }
}

async function compile(llama: LoadedModel['llama'], grammar: string): Promise<LlamaGrammar> {
  try {
    return await llama.createGrammar({ grammar })
  } catch (error) {
    throw new Problem('invalid-request', 400, 'failed to parse grammar', (error as Error).message)
  }
}

/** Those texts that are one special token each. */
function special(texts: readonly string[], vocabulary: LoadedModel['vocabulary']): Map<number, string> {
  const found = new Map<number, string>()
  for (const text of texts) {
    const token = text === '' ? undefined : vocabulary.specialToken(text)
    if (token !== undefined) found.set(token, text)
  }
  return found
}
