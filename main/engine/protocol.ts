/**
 * What main and an engine process say to each other: plain structured-cloneable data, so that it crosses a forked
 * process (serialization `advanced`) and Electron's utilityProcess alike.
 */
import type { Problem } from '../problem.ts'
import type { GenerateEvent, GenerateRequest, LoadOptions, LoadPlan, ModelInfo } from './engine.ts'

/** Raised with every change of the messages below; an engine of another version refuses to load. */
export const protocolVersion = 7

/** Events an engine sends for one answer before it waits for the reader; what bounds both sides' memory. */
export const eventWindow = 256

/** Events after whose reading the reader says so: often enough to keep the window open, rare enough to cost nothing. */
export const acknowledgeEvery = 64

export type ToEngine =
  | { readonly type: 'load'; readonly id: number; readonly version: number; readonly options: LoadOptions }
  | { readonly type: 'tokenize'; readonly id: number; readonly text: string; readonly special: boolean }
  | { readonly type: 'detokenize'; readonly id: number; readonly tokens: readonly number[]; readonly special: boolean }
  | { readonly type: 'generate'; readonly id: number; readonly request: GenerateRequest }
  /** The reader took so many more events of an answer. */
  | { readonly type: 'taken'; readonly id: number; readonly events: number }
  /** Ends a `generate` or `embed`; no further message bears its id. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'embed'; readonly id: number; readonly inputs: readonly (string | readonly number[])[] }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'exit' }

export type FromEngine =
  /** Once while loading, before the weights are read. */
  | { readonly type: 'planned'; readonly id: number; readonly plan: LoadPlan }
  /** While loading: fraction 0..1 of the weights read. */
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number }
  | { readonly type: 'done'; readonly id: number; readonly value: Results[keyof Results] }
  | { readonly type: 'failed'; readonly id: number; readonly problem: ProblemData }
  /** Pieces of answers, several when they come faster than they can be seen. */
  | { readonly type: 'events'; readonly answers: readonly AnswerEvents[] }

/** Pieces of one answer, in their order; `end` is the last. */
export interface AnswerEvents {
  readonly id: number
  readonly events: readonly GenerateEvent[]
}

/** What `done` carries for each kind of request. */
export interface Results {
  readonly load: ModelInfo
  /** As 32-bit numbers: a list of millions would hold up main for seconds while it is unpacked. */
  readonly tokenize: Int32Array
  readonly detokenize: string
  readonly embed: { readonly vectors: readonly Float32Array[]; readonly promptTokens: number }
  readonly ping: null
}

/** A Problem without its class, which does not survive the crossing. */
export type ProblemData = Pick<Problem, 'code' | 'status' | 'message' | 'details'>
