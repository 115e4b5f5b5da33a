import type { StartEngine, SteppedDown } from '../engine/engine.ts'
import { ifThere } from '../files/errno.ts'
import { goQuote } from '../go/text.ts'
import type { Library } from '../library/library.ts'
import type { Capability, GgufFacts, Model } from '../library/model.ts'
import { displayShortest } from '../library/model-name.ts'
import type { Portions } from '../portions.ts'
import { Problem } from '../problem.ts'
import { embedding } from './embedding.ts'
import type { InferenceEnvironment } from './environment.ts'
import { type Generation, generation } from './generation.ts'
import { grammarFor } from './grammar/format.ts'
import { GrammarThread } from './grammar/grammar-thread.ts'
import { LatestValue } from './latest-value.ts'
import { forMedia, loadOptions, sees } from './load-options.ts'
import type { LoadWish } from './load-wish.ts'
import type { Lease } from './loaded-engine.ts'
import { answerLimit, type ParsedOptions, parseOptions } from './options.ts'
import { answerPlan } from './prompt/answer-plan.ts'
import { capabilities, requireCapabilities } from './prompt/capabilities.ts'
import { withMarkers } from './prompt/images.ts'
import { withoutTools } from './prompt/messages.ts'
import {
  chatSource,
  generateSource,
  isOllamaRendered,
  type PromptSource,
  type RawSource,
} from './prompt/prompt-source.ts'
import type { PromptThread } from './prompt/prompt-thread.ts'
import { rawPrompt } from './prompt/raw-prompt.ts'
import type { RenderedPrompt } from './prompt/render.ts'
import type { TemplateWishes } from './prompt/template-choice.ts'
import { beginningOf, fitted } from './prompt-fit.ts'
import type {
  ChatMessage,
  ChatRequest,
  Embeddings,
  EmbedRequest,
  GenerateTextRequest,
  Inference,
  InferenceEvent,
  RunningModel,
  Think,
} from './requests.ts'
import { type Loaded, Scheduler } from './scheduler.ts'

type Request = ChatRequest | GenerateTextRequest

/** What is told while the engine has given nothing yet. */
const beforeAnswer: ReadonlySet<InferenceEvent['type']> = new Set(['queued', 'loading', 'prompt', 'reading'])

export interface InferenceServices {
  readonly library: Library
  readonly startEngine: StartEngine
  readonly environment: InferenceEnvironment
  /** The built grammar-worker.js. */
  readonly grammarWorker: string
  readonly prompts: PromptThread
  /** Told when a model was loaded with less than was asked for, because memory is short. */
  readonly onSteppedDown?: (name: string, steppedDown: SteppedDown) => void
  /** Milliseconds, for how long models stay; those since 1970 by default. */
  readonly now?: () => number
}

/** One request on its way: the model it names and what is known of it. */
interface Prepared {
  readonly model: Model & { readonly modelPath: string }
  readonly facts: GgufFacts
  readonly capabilities: ReadonlySet<Capability>
  readonly options: ParsedOptions
  readonly think: Think | undefined
}

/** A rendered prompt, and whether an answer to it that only repeats itself is ended. */
interface ReadyPrompt extends RenderedPrompt {
  readonly endsRepetition: boolean
}

/**
 * Answers requests with models from the library: finds the model, checks what it can do, waits for an engine, renders
 * the prompt, generates, and tells thinking, text and tool calls apart. The order of checks is that of upstream
 * server/routes.go, because clients see which error comes first.
 */
export class InferenceService implements Inference {
  readonly #library: Library
  readonly #environment: InferenceEnvironment
  readonly #scheduler: Scheduler
  readonly #grammars: GrammarThread
  readonly #prompts: PromptThread

  constructor(services: InferenceServices) {
    const { library, startEngine, environment, onSteppedDown } = services
    this.#grammars = new GrammarThread(services.grammarWorker)
    this.#prompts = services.prompts
    this.#library = library
    this.#environment = environment
    const limits = {
      maxLoaded: environment.maxLoadedModels,
      maxQueue: environment.maxQueue,
      get defaultKeepAlive() {
        return environment.keepAlive
      },
    }
    this.#scheduler = new Scheduler(startEngine, limits, {
      now: services.now,
      onLoaded: (name, { steppedDown }) => {
        if (steppedDown) onSteppedDown?.(name, steppedDown)
      },
    })
  }

  async *chat(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<readonly InferenceEvent[]> {
    const since = process.hrtime.bigint()
    if (request.model.trim() === '') throw new Problem('invalid-request', 400, 'model is required')
    const model = await this.#library.get(request.model)
    if (request.messages.length === 0 && request.keepAlive === 0) {
      yield [this.#unload(model)]
      return
    }
    const prepared = await this.#prepare(model, request, { chat: true, wants: request.tools?.length ? ['tools'] : [] })
    if (request.background) {
      yield* this.#inBackground(prepared, request, signal, (lease, ends) =>
        this.#chatOn(lease, prepared, request, since, ends),
      )
      return
    }
    yield* this.#withEngine(prepared, request, signal, lease => this.#chatOn(lease, prepared, request, since, signal))
  }

  async *generate(request: GenerateTextRequest, signal?: AbortSignal): AsyncGenerator<readonly InferenceEvent[]> {
    const since = process.hrtime.bigint()
    if (request.model.trim() === '') throw new Problem('model-not-found', 404, "model '' not found")
    const model = await this.#library.get(request.model)
    if (request.prompt === '' && request.keepAlive === 0) {
      yield [this.#unload(model)]
      return
    }
    if (model.config.capabilities?.includes('image')) {
      throw new Problem('capability-missing', 400, 'image generation models are not currently supported')
    }
    if (request.raw && (request.template || request.system || request.context?.length)) {
      throw new Problem('invalid-request', 400, 'raw mode does not support template, system, or context')
    }
    const prepared = await this.#prepare(model, request, { chat: false, wants: request.suffix ? ['insert'] : [] })
    yield* this.#withEngine(prepared, request, signal, lease =>
      this.#generateOn(lease, prepared, request, since, signal),
    )
  }

  embed(request: EmbedRequest, signal?: AbortSignal): Promise<Embeddings> {
    const services = { library: this.#library, scheduler: this.#scheduler, environment: this.#environment }
    return embedding(services, request, signal)
  }

  running(): RunningModel[] {
    const models = new Map<string, Loaded[]>()
    for (const loaded of this.#scheduler.loaded()) {
      models.set(loaded.modelPath, [...(models.get(loaded.modelPath) ?? []), loaded])
    }
    return [...models.values()].map(runningModel)
  }

  /** Whether answers can be bound by a `format`. @throws Problem as a request with it would get */
  async checkFormat(format: unknown): Promise<void> {
    await grammarFor(format, schema => this.#grammars.grammar(schema))
  }

  /** A model is being loaded, or answers somebody. */
  get isBusy(): boolean {
    return this.#scheduler.isBusy
  }

  /** Lets every model leave as soon as it is idle, as their files lie elsewhere now. Answers go on. */
  unloadAll(): void {
    for (const { modelPath } of this.#scheduler.loaded()) this.#scheduler.unload(modelPath)
  }

  async dispose(): Promise<void> {
    await this.#scheduler.dispose()
    await this.#grammars.close()
  }

  #unload(model: Model): InferenceEvent {
    if (model.modelPath) this.#scheduler.unload(model.modelPath)
    return { type: 'done', reason: 'unload' }
  }

  /** Everything that can be known and refused before an engine is asked for. */
  async #prepare(
    model: Model,
    request: Request,
    kind: { chat: boolean; wants: readonly Capability[] },
  ): Promise<Prepared> {
    if (!model.modelPath) {
      throw new Problem('broken-model-file', 500, `model '${request.model}' has no weights that Hearth can run`)
    }
    const facts = await ifThere(this.#library.facts(model.modelPath))
    if (!facts) {
      throw new Problem('model-not-found', 404, `model ${goQuote(request.model)} not found, try pulling it first`)
    }
    const can = capabilities(model, facts)
    const relaxes = request.relaxThink || request.forPerson
    const think = can.has('thinking') ? (request.think ?? true) : relaxes ? undefined : request.think
    if (think && !can.has('thinking')) {
      throw new Problem('capability-missing', 400, `${goQuote(request.model)} does not support thinking`)
    }
    if (!can.has('completion')) {
      const verb = kind.chat ? 'chat' : 'generate'
      throw new Problem('capability-missing', 400, `${goQuote(request.model)} does not support ${verb}`)
    }
    requireCapabilities(model, can, kind.wants)
    const options = parseOptions(model.parameters, request.options)
    return { model: { ...model, modelPath: model.modelPath }, facts, capabilities: can, options, think }
  }

  /** Waits for an engine, telling how far a load is, and gives it back whatever happens. */
  async *#withEngine(
    prepared: Prepared,
    request: Request,
    signal: AbortSignal | undefined,
    run: (lease: Lease) => Portions<InferenceEvent>,
  ): AsyncGenerator<readonly InferenceEvent[]> {
    this.#prompts.start()
    const progress = new LatestValue<InferenceEvent>()
    const acquired = this.#scheduler
      .acquire(this.#wish(prepared, request), {
        signal,
        onQueued: () => progress.set({ type: 'queued' }),
        onProgress: fraction => progress.set({ type: 'loading', fraction }),
      })
      .finally(() => progress.end())
    let taken: Lease | undefined
    let answered = false
    try {
      for await (const event of progress) yield [event]
      taken = await acquired
      for await (const portion of run(taken)) {
        answered ||= portion.some(({ type }) => !beforeAnswer.has(type))
        yield portion
      }
    } catch (error) {
      throw answered ? whileAnswering(error) : error
    } finally {
      if (taken) taken.release(answered)
      // Who stops listening while the model loads still gets the lease, and has to give it back.
      else acquired.then(lease => lease.release()).catch(() => undefined)
    }
  }

  /** The same for an answer that nobody waits for, which ends as soon as an engine is asked for again. */
  async *#inBackground(
    prepared: Prepared,
    request: Request,
    signal: AbortSignal | undefined,
    run: (lease: Lease, signal: AbortSignal) => Portions<InferenceEvent>,
  ): AsyncGenerator<readonly InferenceEvent[]> {
    const work = new AbortController()
    const lease = await this.#scheduler.acquireIdle(this.#wish(prepared, request), work)
    const abort = () => work.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      work.signal.throwIfAborted()
      signal?.throwIfAborted()
      yield* run(lease, work.signal)
    } finally {
      signal?.removeEventListener('abort', abort)
      lease.release()
    }
  }

  #wish({ model, facts, options }: Prepared, request: Request): LoadWish {
    const asked = loadOptions(model, facts, options.runner, this.#environment)
    return {
      name: displayShortest(model.name),
      options: sees(model, facts) && holdsMedia(request) ? forMedia(asked) : asked,
      exactContext: options.runner.numCtx !== undefined,
      keepAlive: request.keepAlive,
    }
  }

  async *#chatOn(
    lease: Lease,
    prepared: Prepared,
    request: ChatRequest,
    since: bigint,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly InferenceEvent[]> {
    if (request.messages.length === 0) {
      yield [{ type: 'done', reason: 'load' }]
      return
    }
    const { forPerson } = request
    const seen = forPerson && !lease.engine.info.media ? withoutEarlierImages(request.messages) : request.messages
    const messages = forPerson && !prepared.capabilities.has('tools') ? withoutTools(seen) : seen
    const { model, facts } = prepared
    const source = chatSource(model, facts, { messages, tools: request.tools }, this.#wishes(prepared))
    const prompt = await this.#rendered(lease, prepared, request, source)
    yield* this.#answer(lease, prepared, request, prompt, since, signal)
  }

  async *#generateOn(
    lease: Lease,
    prepared: Prepared,
    request: GenerateTextRequest,
    since: bigint,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly InferenceEvent[]> {
    if (request.prompt === '') {
      yield [{ type: 'done', reason: 'load' }]
      return
    }
    const source = generateSource(prepared.model, prepared.facts, request, this.#wishes(prepared))
    const rendered = await this.#rendered(lease, prepared, request, source)
    const prompt = request.context?.length
      ? { ...rendered, text: (await lease.engine.detokenize(request.context, { special: true })) + rendered.text }
      : rendered
    yield* this.#answer(lease, prepared, request, prompt, since, signal)
  }

  #wishes({ think }: Prepared): TemplateWishes {
    return { think, goTemplate: this.#environment.goTemplate }
  }

  async #rendered(
    { engine }: Lease,
    { model, facts }: Prepared,
    { truncate }: Request,
    source: PromptSource | RawSource,
  ): Promise<ReadyPrompt> {
    const { contextSize } = engine.info
    const endsRepetition = isOllamaRendered(source)
    if ('raw' in source) return { ...rawPrompt(source, contextSize), endsRepetition }
    const prompt = await this.#prompts.render(source, {
      contextSize,
      drops: truncate !== false,
      countTokens: async text => (await engine.tokenize(text, { special: true })).length,
      tokensPerImage: sees(model, facts) ? 768 : 0,
    })
    return { ...prompt, endsRepetition }
  }

  async *#answer(
    lease: Lease,
    prepared: Prepared,
    request: Request,
    prompt: ReadyPrompt,
    since: bigint,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly InferenceEvent[]> {
    if (request.debugRenderOnly) {
      yield [{ type: 'debug', renderedTemplate: prompt.text, imageCount: prompt.images.length }]
      return
    }
    const { engine, loadNanoseconds } = lease
    if (prompt.images.length > 0 && !engine.info.media) throw cannotSee()
    const { model, facts, options } = prepared
    const asked = {
      ...this.#wishes(prepared),
      tools: 'tools' in request ? request.tools : undefined,
      raw: 'raw' in request && request.raw,
      tidies: request.forPerson,
    }
    const plan = answerPlan(model, facts, asked, prompt.text)
    const { numKeep, numPredict } = options
    const shift = request.shift ?? facts.architecture !== 'deepseek2'
    const { contextSize } = engine.info
    // A BOS comes on top of what is to be kept (upstream llm/llama_server.go).
    const leastKept = numKeep >= 0 && facts.addsBos ? numKeep + 1 : numKeep
    const keepTokens = request.forPerson ? beginningOf(contextSize, leastKept) : leastKept
    const bos = facts.addsBos && facts.bosToken && !prompt.text.startsWith(facts.bosToken) ? facts.bosToken : ''
    const media = withMarkers(bos + prompt.text, prompt.images)
    // A prompt with pictures cannot be cut: they are no tokens.
    const cuts = shift && request.truncate !== false && media.files.length === 0
    const fit = await fitted(engine, media.text, { cut: cuts, keepTokens })
    if ('messages' in request) yield [{ type: 'prompt', contextSize, messages: prompt.messages, cut: fit.isCut }]
    const work: Generation = {
      request: {
        prompt: fit.prompt,
        ...(media.files.length > 0 ? { media: media.files } : {}),
        sampling: options.sampling,
        maxTokens: answerLimit(numPredict, contextSize),
        stop: [...options.stop, ...plan.stop],
        preservedTokens: plan.preservedTokens,
        keepTokens,
        shift,
        endsRepetition: prompt.endsRepetition,
        logprobs: request.logprobs ? (request.topLogprobs ?? 0) : undefined,
      },
      grammar: await grammarFor(request.format, schema => this.#grammars.grammar(schema)),
      cuts,
      output: plan.output,
      since,
      loadNanoseconds,
      onOver: lease.release,
    }
    yield* generation(engine, work, signal)
  }
}

/** Clients know one runner for a model; here it may be loaded twice, for text and for vectors. */
function runningModel(engines: readonly Loaded[]): RunningModel {
  const { name, modelPath } = engines[0]!
  const vramBytes = engines.reduce((sum, engine) => sum + engine.vramBytes, 0)
  return {
    name,
    modelPath,
    sizeBytes: engines.reduce((sum, engine) => sum + engine.ramBytes, vramBytes),
    vramBytes,
    expiresAt: new Date(Math.max(...engines.map(({ expiresAt }) => expiresAt.getTime()))),
    contextLength: Math.max(...engines.map(({ contextSize }) => contextSize)),
  }
}

/** Whether a picture or a sound is to be looked at or heard, in any turn. */
function holdsMedia(request: Request): boolean {
  const holders = 'messages' in request ? request.messages : [request]
  return holders.some(({ images = [] }) => images.length > 0)
}

/** The messages with the pictures of the last question alone. */
function withoutEarlierImages(messages: readonly ChatMessage[]): ChatMessage[] {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  return messages.map((message, index) => (index === last ? message : { ...message, images: [] }))
}

/** llama-server's words for a model without a projector. */
function cannotSee(): Problem {
  const message = 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj'
  return new Problem('cannot-see', 500, message)
}

/** An engine that dies once a first piece was given says so in other words (upstream llm/server.go). */
function whileAnswering(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'engine-crashed') return error
  const text = 'an error was encountered while running the model: unexpected EOF'
  return new Problem(error.code, error.status, text, error.details)
}
