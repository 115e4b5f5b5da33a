import type { ChatRequest, Inference, InferenceEvent } from '../../../main/inference/requests.ts'
import type { Portions } from '../../../main/portions.ts'
import { singly } from '../../portions.ts'

/** One `chat` call, driven by the test: it gives what it is told to give, when it is told. */
export class ScriptedChat {
  readonly #queue: (InferenceEvent | Error | 'end')[] = []
  #wake: (() => void) | undefined

  constructor(
    readonly request: ChatRequest,
    readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', () => this.#put(new DOMException('aborted', 'AbortError')), { once: true })
  }

  get aborted(): boolean {
    return this.signal?.aborted ?? false
  }

  queued(): void {
    this.#put({ type: 'queued' })
  }

  reading(fraction: number): void {
    this.#put({ type: 'reading', fraction })
  }

  loading(fraction: number): void {
    this.#put({ type: 'loading', fraction })
  }

  /** Tells that the model reads the last `messages`. */
  reads(messages: number, cut = false, contextSize = 512): void {
    this.#put({ type: 'prompt', contextSize, messages, cut })
  }

  call(name: string, given: Record<string, unknown>): void {
    this.#put({ type: 'delta', content: '', toolCalls: [{ function: { name, arguments: given } }] })
  }

  write(content: string, thinking?: string): void {
    this.#put({ type: 'delta', content, thinking })
  }

  finish(reason: 'stop' | 'length' = 'stop', evalCount = 3): void {
    const metrics = {
      promptEvalCount: 12,
      promptEvalDuration: 1e8,
      evalCount,
      evalDuration: 5e8,
      loadDuration: 0,
      totalDuration: 6e8,
    }
    this.#put({ type: 'done', reason, metrics })
  }

  fail(error: Error): void {
    this.#put(error)
  }

  /** Ends without saying that it is done, as no inference should. */
  breakOff(): void {
    this.#put('end')
  }

  async *events(): AsyncGenerator<InferenceEvent> {
    for (;;) {
      const event = this.#queue.shift()
      if (event === undefined) {
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
      } else if (event === 'end') {
        return
      } else if (event instanceof Error) {
        throw event
      } else {
        yield event
      }
    }
  }

  #put(event: InferenceEvent | Error | 'end'): void {
    this.#queue.push(event)
    this.#wake?.()
  }
}

/** An inference whose chats wait for the test. */
export class ScriptedInference implements Pick<Inference, 'chat'> {
  readonly chats: ScriptedChat[] = []

  chat(request: ChatRequest, signal?: AbortSignal): Portions<InferenceEvent> {
    const chat = new ScriptedChat(request, signal)
    this.chats.push(chat)
    return singly(chat.events())
  }

  get last(): ScriptedChat {
    const chat = this.chats.at(-1)
    if (!chat) throw new Error('nothing was asked yet')
    return chat
  }
}
