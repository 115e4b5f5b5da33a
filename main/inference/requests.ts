/** What the doors ask of inference. Field meanings are those of Ollama's API (docs/api.md, api/types.go upstream). */
import type { Portions } from '../portions.ts'

export interface ToolCall {
  readonly id?: string
  readonly function: {
    readonly index?: number
    readonly name: string
    readonly arguments: Readonly<Record<string, unknown>>
  }
}

export interface ChatMessage {
  readonly role: string
  readonly content: string
  readonly thinking?: string
  /** Raw bytes of pictures or sound. */
  readonly images?: readonly Uint8Array[]
  readonly toolCalls?: readonly ToolCall[]
  readonly toolName?: string
  readonly toolCallId?: string
}

/** A function the model may call; `parameters` is a JSON schema whose key order is kept. */
export interface Tool {
  readonly type: string
  readonly items?: unknown
  readonly function: {
    readonly name: string
    readonly description?: string
    readonly parameters: Readonly<Record<string, unknown>>
  }
}

export type ThinkLevel = 'low' | 'medium' | 'high' | 'max'
export type Think = boolean | ThinkLevel

/** Milliseconds a model stays loaded after its last request; Infinity for ever. */
export type KeepAlive = number

interface CommonRequest {
  readonly model: string
  readonly format?: unknown
  /** Ollama's `options` map, as sent. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly keepAlive?: KeepAlive
  readonly think?: Think
  /** True lets a model that cannot think answer without thinking instead of refusing `think`. */
  readonly relaxThink?: boolean
  readonly truncate?: boolean
  readonly shift?: boolean
  readonly logprobs?: boolean
  readonly topLogprobs?: number
  readonly debugRenderOnly?: boolean
  /**
   * True answers only with a model that is loaded and while nothing else is asked of any; refused as `busy` otherwise,
   * and ended as `cancelled` by the next request. For what nobody waits for.
   */
  readonly background?: boolean
  /**
   * True for a chat that a person reads; a program is answered, or refused, to the letter. Stray tags (`</think>`,
   * `<tool_call>`) are taken out of the text. Of a prompt that is too long the beginning is read too, and not little
   * more than its end. What the model cannot do does not keep it from answering: it need not think (`relaxThink`), goes
   * without the pictures of earlier turns (those of the last it refuses), and gets their calls of tools as plain text.
   */
  readonly forPerson?: boolean
}

export interface ChatRequest extends CommonRequest {
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly Tool[]
}

export interface GenerateTextRequest extends CommonRequest {
  readonly prompt: string
  readonly suffix?: string
  readonly system?: string
  readonly template?: string
  readonly context?: readonly number[]
  readonly raw?: boolean
  readonly images?: readonly Uint8Array[]
}

export interface Logprob {
  readonly token: string
  readonly logprob: number
  readonly bytes: readonly number[]
  readonly topLogprobs?: readonly { token: string; logprob: number; bytes: readonly number[] }[]
}

/** Durations in nanoseconds, as Ollama reports them. */
export interface Metrics {
  readonly totalDuration: number
  readonly loadDuration: number
  readonly promptEvalCount: number
  readonly promptEvalDuration: number
  readonly evalCount: number
  readonly evalDuration: number
}

export type InferenceEvent =
  /** Not yet begun: the model, or a place in it, is waited for. Something else follows when that is over. */
  | { readonly type: 'queued' }
  /** Only when the model is not loaded yet: fraction 0..1, at most ten a second. */
  | { readonly type: 'loading'; readonly fraction: number }
  /** Before the first piece of the answer to a conversation: what of it the model reads. */
  | {
      readonly type: 'prompt'
      /** Tokens of the context. */
      readonly contextSize: number
      /** How many of the request's messages, system messages aside, counted from the end. */
      readonly messages: number
      /** The middle of the prompt was cut out, as its last message alone was too long. */
      readonly cut: boolean
    }
  /** Only of a prompt that takes several steps to read: fraction 0..1. */
  | { readonly type: 'reading'; readonly fraction: number }
  | {
      readonly type: 'delta'
      readonly content: string
      readonly thinking?: string
      readonly toolCalls?: readonly ToolCall[]
      readonly logprobs?: readonly Logprob[]
    }
  | {
      readonly type: 'done'
      readonly reason: 'stop' | 'length' | 'load' | 'unload'
      /** Absent for `load` and `unload`. */
      readonly metrics?: Metrics
      /** Tokens of prompt and answer, for /api/generate's `context`. */
      readonly context?: readonly number[]
    }
  | { readonly type: 'debug'; readonly renderedTemplate: string; readonly imageCount: number }

export interface EmbedRequest {
  readonly model: string
  /** None only loads the model. */
  readonly inputs: readonly string[]
  /** Cut what is longer than the model takes (the default); false refuses it. */
  readonly truncate?: boolean
  /** Keep only the first dimensions of each vector; 0, or more than there are, keeps all. */
  readonly dimensions?: number
  /** Leave the vectors of models that say so as they are, as /api/embeddings does; otherwise all have length 1. */
  readonly raw?: boolean
  readonly options?: Readonly<Record<string, unknown>>
  readonly keepAlive?: KeepAlive
}

/** One vector for each input; durations in nanoseconds. */
export interface Embeddings {
  readonly vectors: readonly Float32Array[]
  /** Tokens of all inputs, those that the tokenizer adds included. */
  readonly promptEvalCount: number
  readonly loadDuration: number
  readonly totalDuration: number
}

/** One loaded model, as /api/ps lists it. */
export interface RunningModel {
  readonly name: string
  readonly modelPath: string
  readonly sizeBytes: number
  readonly vramBytes: number
  readonly expiresAt: Date
  readonly contextLength: number
}

export interface Inference {
  /**
   * Answers a conversation. Empty `messages` load the model, or unload it when `keepAlive` is 0.
   * Aborting the signal ends the answer within 50 ms and frees its slot.
   * @throws Problem as the API contract words it
   */
  chat(request: ChatRequest, signal?: AbortSignal): Portions<InferenceEvent>
  generate(request: GenerateTextRequest, signal?: AbortSignal): Portions<InferenceEvent>
  /** @throws Problem as the API contract words it */
  embed(request: EmbedRequest, signal?: AbortSignal): Promise<Embeddings>
  running(): RunningModel[]
  /** Waits for running answers to end their token, then ends every engine. */
  dispose(): Promise<void>
}
