import { Problem } from '../problem.ts'
import {
  type EmbedResult,
  type Engine,
  type EngineExit,
  type EngineProcess,
  type GenerateEvent,
  type GenerateRequest,
  type LoadHooks,
  type LoadOptions,
  type ModelInfo,
  notTaken,
  readerPatience,
  type SteppedDown,
} from './engine.ts'
import { EventStream } from './event-stream.ts'
import { type FromEngine, type ProblemData, protocolVersion, type Results, type ToEngine } from './protocol.ts'

/** Milliseconds an engine may take to end by itself before it is killed. */
const graceful = 2000

type LoadListener = Omit<LoadHooks, 'signal'>

interface Pending {
  readonly resolve: (value: Results[keyof Results]) => void
  readonly reject: (error: unknown) => void
  readonly listener?: LoadListener
}

interface Answer {
  readonly stream: EventStream
  readonly onOver: (heard: boolean) => void
}

/** Main's side of one engine process: numbers the requests, hands out the answers, tells everyone when it dies. */
export class EngineClient implements Engine {
  readonly exited: Promise<EngineExit>
  steppedDown?: SteppedDown
  readonly #process: EngineProcess
  readonly #patience: number
  readonly #pending = new Map<number, Pending>()
  /** Those the engine is not done with. */
  readonly #answers = new Map<number, Answer>()
  #info: ModelInfo | undefined
  #lastId = 0
  #expected = false
  #gone: Problem | undefined

  /** @param patience milliseconds an answer's reader may take nothing while the engine waits for it */
  constructor(process: EngineProcess, patience = readerPatience) {
    this.#process = process
    this.#patience = patience
    process.onMessage(message => this.#receive(message as FromEngine))
    this.exited = new Promise(resolve => {
      process.onExit(exit => {
        this.#gone = crash(exit)
        for (const { reject } of this.#pending.values()) reject(this.#gone)
        this.#pending.clear()
        for (const id of [...this.#answers.keys()]) this.#over(id, false)?.fail(this.#gone)
        resolve({ ...exit, expected: this.#expected })
      })
    })
  }

  get info(): ModelInfo {
    if (!this.#info) throw new Error('the engine has no model yet')
    return this.#info
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  async load(options: LoadOptions, listener?: LoadListener): Promise<void> {
    this.#info = await this.#request<'load'>(id => ({ type: 'load', id, version: protocolVersion, options }), listener)
  }

  async tokenize(text: string, { special = false }: { special?: boolean } = {}): Promise<number[]> {
    return Array.from(await this.#request<'tokenize'>(id => ({ type: 'tokenize', id, text, special })))
  }

  detokenize(tokens: readonly number[], { special = false }: { special?: boolean } = {}): Promise<string> {
    return this.#request<'detokenize'>(id => ({ type: 'detokenize', id, tokens, special }))
  }

  async *generate(
    request: GenerateRequest,
    signal?: AbortSignal,
    onOver: (heard: boolean) => void = () => {},
  ): AsyncGenerator<readonly GenerateEvent[]> {
    if (signal?.aborted) throw aborted(signal)
    if (this.#gone) throw this.#gone
    const id = ++this.#lastId
    const acknowledge = (events: number) => this.#send({ type: 'taken', id, events })
    const stream = new EventStream(acknowledge, this.#patience, () => {
      // Its slot is free for the next; the reader, should it come back, still gets what was made.
      this.#cancel(id)
      stream.fail(notTaken(this.#patience))
    })
    const isFull = this.#info !== undefined && this.#answers.size >= this.#info.slots
    this.#answers.set(id, { stream, onOver })
    const onAbort = () => {
      this.#cancel(id)
      stream.abort(aborted(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      this.#send({ type: 'generate', id, request })
      if (isFull) yield [{ type: 'queued' }]
      for (;;) {
        const events = await stream.take()
        yield events
        if (events.at(-1)?.type === 'end') return
      }
    } finally {
      stream.close()
      signal?.removeEventListener('abort', onAbort)
      // Still known: the reader left before the end.
      this.#cancel(id)
    }
  }

  async embed(inputs: readonly (string | readonly number[])[], signal?: AbortSignal): Promise<EmbedResult> {
    if (signal?.aborted) throw aborted(signal)
    let onAbort = () => {}
    try {
      const { vectors, promptTokens } = await this.#request<'embed'>(id => {
        onAbort = () => {
          this.#send({ type: 'cancel', id })
          this.#pending.get(id)?.reject(aborted(signal))
          this.#pending.delete(id)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        return { type: 'embed', id, inputs }
      })
      return { vectors: vectors.map(vector => Array.from(vector)), promptTokens }
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async ping(timeout = 5000): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const problem = new Problem('engine-crashed', 500, `the model runner did not answer within ${timeout} ms`)
      timer = setTimeout(() => reject(problem), timeout)
    })
    try {
      await Promise.race([this.#request<'ping'>(id => ({ type: 'ping', id })), late])
    } finally {
      clearTimeout(timer)
    }
  }

  async dispose(): Promise<void> {
    this.#expected = true
    this.#send({ type: 'exit' })
    const timer = setTimeout(() => this.#process.kill(), graceful)
    await this.exited
    clearTimeout(timer)
  }

  /** Ends the process without asking. */
  async kill(): Promise<void> {
    this.#expected = true
    this.#process.kill()
    await this.exited
  }

  #request<Kind extends keyof Results>(
    message: (id: number) => ToEngine,
    listener?: LoadListener,
  ): Promise<Results[Kind]> {
    if (this.#gone) return Promise.reject(this.#gone)
    const id = ++this.#lastId
    return new Promise<Results[keyof Results]>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, listener })
      this.#send(message(id))
    }) as Promise<Results[Kind]>
  }

  #receive(message: FromEngine): void {
    // An unknown id belongs to a request that was cancelled while its answer was under way.
    if (message.type === 'events') {
      for (const { id, events } of message.answers) {
        this.#answers.get(id)?.stream.push(events)
        if (events.at(-1)?.type === 'end') this.#over(id, true)
      }
      return
    }
    const { id } = message
    switch (message.type) {
      case 'planned':
        this.#pending.get(id)?.listener?.onPlanned?.(message.plan)
        break
      case 'progress':
        this.#pending.get(id)?.listener?.onProgress?.(message.fraction)
        break
      case 'done':
        this.#settle(id)?.resolve(message.value)
        break
      case 'failed': {
        const error = problemOf(message.problem)
        this.#settle(id)?.reject(error)
        this.#over(id, true)?.fail(error)
      }
    }
  }

  /** The engine is done with an answer. @returns its stream, at the first call for it */
  #over(id: number, heard: boolean): EventStream | undefined {
    const answer = this.#answers.get(id)
    this.#answers.delete(id)
    answer?.onOver(heard)
    return answer?.stream
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #cancel(id: number): void {
    if (this.#over(id, false)) this.#send({ type: 'cancel', id })
  }

  #send(message: ToEngine): void {
    if (!this.#gone) this.#process.send(message)
  }
}

function problemOf({ code, status, message, details }: ProblemData): Problem {
  return new Problem(code, status, message, details)
}

function aborted(signal: AbortSignal | undefined): DOMException {
  return new DOMException(`the answer was aborted: ${signal?.reason}`, 'AbortError')
}

/** The words of upstream llm/server.go for a runner that died; how it died and its last lines are details. */
function crash({ code, signal, log }: { code: number | null; signal: string | null; log: string }): Problem {
  const how = signal ? `signal ${signal}` : `exit code ${code}`
  return new Problem(
    'engine-crashed',
    500,
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
    `${how}\n${log.slice(-4000)}`.trim(),
  )
}
