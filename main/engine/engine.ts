/**
 * What the rest of Hearth sees of an engine: one loaded model in a process of its own. All token work happens there;
 * this side only sends requests and receives pieces of text.
 */

import type { Portions } from '../portions.ts'
import { Problem } from '../problem.ts'

/** How a model is loaded. Sizes are in tokens unless they say otherwise. */
export interface LoadOptions {
  readonly modelPath: string
  readonly adapterPaths: readonly string[]
  /** Tokens each slot can hold; `auto` chooses by the graphics memory, up to what the model was trained for. */
  readonly contextSize: number | 'auto'
  /**
   * Fewest tokens each slot must hold. With it, the engine puts fewer layers on the GPU and then shortens the context
   * by itself when memory is short; without it, it loads as asked or fails with `out-of-memory`.
   */
  readonly leastContextSize?: number
  /** Requests answered at once, sharing one context (continuous batching). */
  readonly slots: number
  readonly batchSize: number
  /** Layers put on the GPU; `auto` is all of them, 0 keeps all on the CPU. */
  readonly gpuLayers: number | 'auto'
  /** Bytes of each GPU's memory that are left alone. */
  readonly gpuOverhead?: number
  /** Most CPU threads; 0 lets the engine choose. Fewer are used while other programs keep cores busy. */
  readonly threads: number
  readonly useMmap?: boolean
  readonly flashAttention?: boolean
  readonly kvCacheType?: 'f16' | 'q8_0' | 'q4_0'
  /** Takes the place of what the file says in `tokenizer.ggml.pre`; the binding for projectors cannot be told. */
  readonly preTokenizer?: string
  /** Load for embeddings instead of text. */
  readonly embeddings?: boolean
  /** The GGUF of the model's projector, which is loaded only `withProjector`. */
  readonly projectorPath?: string
  /**
   * The model then sees or hears, and runs in another build of llama.cpp, one answer at a time whatever `slots` says.
   * What it does differently stands at the fields below. It runs so, too, where the build for text does not know its
   * architecture.
   */
  readonly withProjector?: boolean
}

/** How much of a model goes where. */
export interface LoadShape {
  /** Tokens each slot holds. */
  readonly contextSize: number
  /** Layers on the GPU; 0 where there is none. */
  readonly gpuLayers: number
}

/** How a model is about to be loaded, told before its weights are read. */
export interface LoadPlan extends LoadShape {
  /** What it would be with memory enough. */
  readonly asked: LoadShape
  /** Bytes it will take, estimated. */
  readonly ramBytes: number
  readonly vramBytes: number
}

/** What was given up to make a model fit into memory; at least one of the two differs. */
export interface SteppedDown {
  readonly asked: LoadShape
  readonly given: LoadShape
}

/** What is known once a model is loaded. */
export interface ModelInfo {
  readonly architecture: string
  readonly trainedContextSize: number
  /** Tokens each slot really holds (llama.cpp may round up). */
  readonly contextSize: number
  readonly slots: number
  readonly vocabularySize: number
  readonly embeddingSize: number
  /** The tokenizer puts a beginning-of-sequence token in front by itself. */
  readonly addsBos: boolean
  readonly bosToken?: string
  readonly eosToken?: string
  /** Bytes held in main memory and on the GPU by weights and context. */
  readonly ramBytes: number
  readonly vramBytes: number
  readonly gpuLayers: number
  /** What the projector takes in; absent without one. */
  readonly media?: { readonly vision: boolean; readonly audio: boolean }
}

/** Ollama's sampling options with their defaults resolved (api/types.go, DefaultOptions). */
export interface SamplingOptions {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly minP: number
  readonly typicalP: number
  readonly repeatPenalty: number
  /** Tokens looked back at for penalties; 0 none, -1 the whole context. */
  readonly repeatLastN: number
  readonly presencePenalty: number
  readonly frequencyPenalty: number
  /** Same seed, same prompt, same answer; undefined or -1 draws a new one. Counted modulo 2^32, as in llama.cpp. */
  readonly seed?: number
}

/** Bytes of the longest token that is reckoned with: the long ones of known vocabularies are 128 spaces or dashes. */
export const longestToken = 256

/** Milliseconds an answer's reader may take nothing while a slot is held for it. */
export const readerPatience = 30_000

/** The end of an answer whose reader took nothing for that long. */
export function notTaken(patience: number): Problem {
  const text = `the answer was ended: its reader took nothing for ${patience / 1000} seconds`
  return new Problem('cancelled', 499, text)
}

/** Stands in a prompt for one picture or sound. */
export const mediaMarker = '<__media__>'

export interface GenerateRequest {
  /** Text whose special tokens are parsed, or ready tokens. Nothing is added, no beginning-of-sequence token either. */
  readonly prompt: string | readonly number[]
  /**
   * Files of pictures (PNG, JPEG, GIF, BMP, WebP) and sounds (WAV, MP3, FLAC), one for each `mediaMarker` of a prompt
   * that is text, in their order.
   */
  readonly media?: readonly Uint8Array[]
  readonly sampling: SamplingOptions
  /** Upper bound of new tokens; 0 only evaluates the prompt into the cache. */
  readonly maxTokens: number
  /** Texts that end the answer and are cut from it; one that is a special token of the model ends it, too. */
  readonly stop: readonly string[]
  /** GBNF text whose root rule every answer obeys. */
  readonly grammar?: string
  /** Tokens of the prompt's start that survive a context shift; negative keeps the whole prompt. */
  readonly keepTokens: number
  /** Slide the window when the context is full; otherwise, and with a projector, the answer ends with `length`. */
  readonly shift: boolean
  /** End an answer whose tokens repeat the same text more than thirty times; with a projector none is. */
  readonly endsRepetition?: boolean
  /** Report log probabilities, with this many alternatives (0 for none); undefined reports nothing. */
  readonly logprobs?: number
  /** Special tokens whose text must reach the caller (tool-call markers); by default special tokens print nothing. */
  readonly preservedTokens?: readonly string[]
}

export interface TokenLogprob {
  /** The token's whole characters; what is cut off in the middle of one shows in `bytes` alone. */
  readonly token: string
  /** Natural logarithm of the model's own probability before any sampling option; with a projector, after them. */
  readonly logprob: number
  readonly bytes: readonly number[]
  readonly top?: readonly Omit<TokenLogprob, 'top'>[]
}

export interface GenerateCounts {
  /** Tokens of the prompt, cached ones included. */
  readonly promptTokens: number
  /** Prompt tokens that were already in the slot's cache. */
  readonly cachedTokens: number
  readonly promptNanoseconds: number
  /** Tokens drawn, the one that ended the answer included. */
  readonly outputTokens: number
  readonly outputNanoseconds: number
}

/** What happens before the first text. */
export type WaitEvent =
  /** All slots answer others; told once, before anything else. */
  | { readonly type: 'queued' }
  /**
   * How much of the prompt is read, without what the cache held: 0..1, growing, a hundredth at least at a time. Of a
   * prompt that is read at once nothing is told, nor of one with a projector.
   */
  | { readonly type: 'reading'; readonly fraction: number }

export type GenerateEvent =
  | WaitEvent
  /** Text that is certain: whole characters, no part of a stop string. */
  | { readonly type: 'text'; readonly text: string; readonly logprobs?: readonly TokenLogprob[] }
  | {
      readonly type: 'end'
      readonly reason: 'stop' | 'length'
      /** The stop string that was met, if one was. */
      readonly stopString?: string
      readonly counts: GenerateCounts
      /** Prompt and answer as tokens, without an end-of-generation token. */
      readonly tokens: readonly number[]
    }

export interface EmbedResult {
  /** One vector for each input, as the model made it (not normalised). */
  readonly vectors: readonly (readonly number[])[]
  readonly promptTokens: number
}

/** How an engine process ended. */
export interface EngineExit {
  readonly code: number | null
  readonly signal: string | null
  /** The last lines it printed, for "details". */
  readonly log: string
  /** True when this side asked for it. */
  readonly expected: boolean
}

export interface Engine {
  readonly info: ModelInfo
  readonly pid: number | undefined
  /** Absent when it runs as asked. */
  readonly steppedDown?: SteppedDown
  /** Settles when the process is gone, whatever the cause. */
  readonly exited: Promise<EngineExit>
  /** Tokens of a text; with `special`, texts such as `<|im_end|>` become their one token. No BOS is added. */
  tokenize(text: string, options?: { special?: boolean }): Promise<number[]>
  detokenize(tokens: readonly number[], options?: { special?: boolean }): Promise<string>
  /**
   * Answers one prompt, in portions of events as they come. Aborting ends it within 50 ms and frees the slot; the
   * iteration then throws an AbortError in place of a further portion.
   * @param onOver called once, when the engine is done with it: its end has come, though it may still have to be read;
   * or, with false, without a word from the engine: it died, or the reader left or took nothing for too long
   * @throws Problem `engine-crashed` when the process dies, `context-too-long` when the prompt does not fit
   */
  generate(request: GenerateRequest, signal?: AbortSignal, onOver?: (heard: boolean) => void): Portions<GenerateEvent>
  embed(inputs: readonly (string | readonly number[])[], signal?: AbortSignal): Promise<EmbedResult>
  /** Resolves while the process still answers; rejects after `timeout` milliseconds. */
  ping(timeout?: number): Promise<void>
  /** Ends the process; the only way memory is truly given back. */
  dispose(): Promise<void>
}

/**
 * A running operating-system process that speaks the engine protocol; made by fork() or Electron's utilityProcess. It
 * is `out/main/engine-process.js` with `engineEnvironment(process.env)` as its environment, without which it refuses to
 * run.
 */
export interface EngineProcess {
  readonly pid: number | undefined
  send(message: unknown): void
  /** Messages come as they were sent and in order; none is lost before the first listener. */
  onMessage(listener: (message: unknown) => void): void
  /**
   * Called once, after the last byte it printed, also when it could not be started.
   * @param listener `signal` is null where it is not known; `log` is what a `PrintedLog` kept of stdout and stderr
   */
  onExit(listener: (exit: { code: number | null; signal: string | null; log: string }) => void): void
  /** Ends it for good (SIGKILL); does nothing once it has ended. */
  kill(): void
}

export type SpawnEngineProcess = () => EngineProcess

export interface LoadHooks {
  /** Fraction of the weights read, 0..1. */
  readonly onProgress?: (fraction: number) => void
  /** Called before the weights are read, again for each further try. */
  readonly onPlanned?: (plan: LoadPlan) => void
  readonly signal?: AbortSignal
}

/**
 * Starts a process, loads a model into it and resolves when it can answer.
 * @throws Problem `broken-model-file`, `unsupported-architecture`, `out-of-memory` or `engine-crashed`
 */
export type StartEngine = (options: LoadOptions, hooks?: LoadHooks) => Promise<Engine>
