import type { Message, Parameters, ProblemInfo, Wait } from '../../preload/contract.ts'
import type { Inference, InferenceEvent, Metrics, ToolCall } from '../inference/requests.ts'
import { asProblem } from '../problem.ts'
import type { History } from './history.ts'
import type { NewReply, ReplyEnd } from './store.ts'

export interface ReplyEvents {
  /** Anything but the text: the state, what it waits for. */
  changed(reply: Reply): void
  /** Text was appended. */
  grown(reply: Reply, content: string, thinking: string): void
  /** The last event. */
  ended(reply: Reply): void
}

export interface ReplyOptions {
  readonly row: NewReply
  /** Ids of all versions, this one included. */
  readonly versions: string[]
  readonly history: History
  readonly inference: Pick<Inference, 'chat'>
  readonly events: ReplyEvents
  /** Ollama's options. */
  readonly parameters: Parameters
  /** What the reply holds already, when it is gone on with; `history` then ends with it. */
  readonly begun?: Pick<Message, 'content' | 'thinking' | 'metrics' | 'context' | 'toolCalls'>
}

/**
 * One answer while it is written. Main owns it: windows come and go, it goes on. It ends once, in one of the four final
 * states, and keeps whatever text it has.
 */
export class Reply {
  readonly id: string
  readonly conversationId: string
  content: string
  thinking: string
  readonly #options: ReplyOptions
  readonly #abort = new AbortController()
  #state: Message['state'] = 'waiting'
  #wait: Wait | null = null
  #problem: ProblemInfo | null = null
  #metrics: Message['metrics']
  #context: Message['context']
  #toolCalls: Message['toolCalls']
  #thinkingFrom: number | undefined
  #thinkingUntil: number | undefined

  constructor(options: ReplyOptions) {
    this.id = options.row.id
    this.conversationId = options.row.conversationId
    this.content = options.begun?.content ?? ''
    this.thinking = options.begun?.thinking ?? ''
    this.#metrics = options.begun?.metrics ?? null
    this.#context = options.begun?.context ?? null
    this.#toolCalls = options.begun?.toolCalls ?? []
    this.#options = options
  }

  get running(): boolean {
    return this.#state === 'waiting' || this.#state === 'streaming'
  }

  /** Code units it began with: they are on disk as a whole. */
  get begunAt(): { readonly content: number; readonly thinking: number } {
    const { begun } = this.#options
    return { content: begun?.content.length ?? 0, thinking: begun?.thinking.length ?? 0 }
  }

  message(): Message {
    const { parentId, model, createdAt } = this.#options.row
    return {
      id: this.id,
      parentId,
      role: 'assistant',
      model,
      createdAt,
      versions: this.#options.versions,
      content: this.content,
      thinking: this.thinking,
      state: this.#state,
      wait: this.#wait,
      problem: this.#problem,
      metrics: this.#metrics,
      attachments: [],
      context: this.#context,
      toolCalls: this.#toolCalls,
      tool: null,
    }
  }

  /** What the database is told when it has ended. */
  end(): ReplyEnd {
    return {
      content: this.content,
      thinking: this.thinking,
      state: this.#state,
      problem: this.#problem,
      metrics: this.#metrics,
      context: this.#context,
      toolCalls: this.#toolCalls,
    }
  }

  /** Asks the model and takes in its answer. Never rejects: trouble is a state. */
  async run(): Promise<void> {
    const { row, history, inference, parameters, begun } = this.#options
    // What is gone on with is past its thinking.
    const think = begun ? { think: false } : {}
    const request = { model: row.model, messages: history.messages, options: parameters, forPerson: true, ...think }
    try {
      for await (const events of inference.chat(request, this.#abort.signal)) {
        for (const event of events) this.#take(event)
        if (!this.running) return
      }
      this.#fail(new Error('the answer broke off without an end'))
    } catch (error) {
      this.#fail(error)
    }
  }

  /**
   * Ends it now, with the text so far; the model is told, but not waited for.
   * @param state stopped: the person wanted it; interrupted: the app goes
   */
  stop(state: 'stopped' | 'interrupted'): void {
    this.#end(state)
    this.#abort.abort()
  }

  #take(event: InferenceEvent): void {
    // What arrives between a stop and the model's hearing of it was not asked for.
    if (!this.running) return
    if (event.type === 'queued') this.#waitFor({ for: 'turn', fraction: null })
    else if (event.type === 'loading') this.#waitFor({ for: 'model', fraction: event.fraction })
    else if (event.type === 'reading') this.#waitFor({ for: 'prompt', fraction: event.fraction })
    else if (event.type === 'prompt') {
      this.#context = this.#contextOf(event)
      this.#waitFor(null)
    } else if (event.type === 'delta') {
      this.#grow(event.content, event.thinking ?? '')
      if (event.toolCalls) this.#call(event.toolCalls)
    } else if (event.type === 'done') {
      const ended = event.reason === 'length' ? 'length' : 'stop'
      if (event.metrics) this.#metrics = this.#metricsOf(event.metrics, ended)
      this.#end('complete')
    }
  }

  #waitFor(wait: Wait | null): void {
    if (this.#state !== 'waiting' || this.#wait === wait) return
    this.#wait = wait
    this.#options.events.changed(this)
  }

  #grow(content: string, thinking: string): void {
    if (!content && !thinking) return
    if (thinking) this.#thinkingFrom ??= performance.now()
    if (content && this.#thinkingFrom !== undefined) this.#thinkingUntil ??= performance.now()
    this.content += content
    this.thinking += thinking
    if (this.#state === 'waiting') {
      this.#state = 'streaming'
      this.#wait = null
      this.#options.events.changed(this)
    } else {
      this.#options.events.grown(this, content, thinking)
    }
  }

  /** Nobody calls them: the person is shown what the model wanted. */
  #call(calls: readonly ToolCall[]): void {
    const asked = calls.map(({ id = '', function: { name, arguments: given } }) => ({
      id,
      name,
      arguments: { ...given },
    }))
    this.#toolCalls = [...this.#toolCalls, ...asked]
    this.#state = 'streaming'
    this.#wait = null
    this.#options.events.changed(this)
  }

  /** @param messages how many of the history's, system prompts aside, the model has read, counted from the end */
  #contextOf({ contextSize, messages, cut }: Extract<InferenceEvent, { type: 'prompt' }>): Message['context'] {
    const { origins } = this.#options.history
    const from = origins[origins.length - messages] ?? null
    return { size: contextSize, from: from === origins[0] ? null : from, cut }
  }

  #metricsOf(metrics: Metrics, ended: 'stop' | 'length'): Message['metrics'] {
    const until = this.#thinkingUntil ?? performance.now()
    const before = this.#options.begun?.metrics
    return {
      promptTokens: metrics.promptEvalCount,
      outputTokens: metrics.evalCount + (before?.outputTokens ?? 0),
      outputSeconds: metrics.evalDuration / 1e9 + (before?.outputSeconds ?? 0),
      thinkingSeconds:
        this.#thinkingFrom === undefined ? (before?.thinkingSeconds ?? null) : (until - this.#thinkingFrom) / 1e3,
      ended,
    }
  }

  #fail(error: unknown): void {
    const { code, message, details } = asProblem(error)
    if (!this.running) return
    // Cancelled, yet not by us: inference is being closed under the reply.
    const cancelled = code === 'cancelled'
    if (!cancelled) this.#problem = { code, message, details }
    this.#end(cancelled ? 'interrupted' : 'failed')
  }

  #end(state: Message['state']): void {
    if (!this.running) return
    this.#state = state
    this.#wait = null
    this.#options.events.ended(this)
  }
}
