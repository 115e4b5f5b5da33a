import {
  type Llama,
  type LlamaContext,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
} from 'node-llama-cpp'

/**
 * The native objects under node-llama-cpp's classes. Its sequences go through JavaScript twice a token, cannot report
 * the model's own probabilities beside a sampled token, and fix the threads at creation; one loop over the native context
 * does all three (measured on the fixture model, milliseconds a token: through `evaluate` 0.44 on an idle machine and
 * 0.94 on a busy one, here 0.40 and 0.65).
 *
 * These members are marked internal there, so this file is the only place that knows them, and `nativeParts` checks
 * that they exist: an upgrade that moves them fails at the first load, not in the middle of an answer.
 */
export interface NativeContext {
  /** Starts an empty batch for so many tokens. */
  initBatch(tokens: number): void
  /** Adds tokens of a sequence from a position on; returns where the wanted logits will be. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, wantLogits: Uint32Array): Uint32Array
  decodeBatch(): Promise<void>
  /** Draws a token and lets the sampler (grammar, penalties) know; -1 when nothing could be drawn. */
  sampleToken(logits: number, sampler: NativeSampler): Promise<number>
  /** The same with logits: `filter` is tokens, lowest, highest, selected, count of the top ones. */
  sampleToken(
    logits: number,
    sampler: NativeSampler,
    probabilities: false,
    confidence: false,
    filter: readonly [tokens: readonly number[], highest: false, lowest: false, selected: false, top: number],
    weight: boolean,
  ): Promise<[token: number, never, never, logits: number[], weight: number | undefined]>
  disposeSequence(sequence: number): void
  /** False when this kind of memory cannot forget a part. */
  removeTokenCellsFromSequence(sequence: number, from: number, to: number): boolean
  shiftSequenceTokenCells(sequence: number, from: number, to: number, by: number): void
  getSequenceKvCacheMinPosition(sequence: number): number
  setThreads(threads: number): void
  getMemoryBreakdown(): { cpuRam: number; gpuVram: number }
}

export interface NativeSampler {
  applyConfig(config: SamplerConfig): void
  dispose(): void
}

/** A missing member switches its step of the chain off. */
export interface SamplerConfig {
  temperature: number
  topK?: number
  topP?: number
  minP?: number
  seed?: number
  repeatPenalty?: number
  repeatPenaltyPresencePenalty?: number
  repeatPenaltyFrequencyPenalty?: number
  repeatPenaltyMaxTokens?: number
  repeatPenaltyTokens?: Uint32Array
  grammarEvaluationState?: unknown
}

export interface NativeModel {
  /** A token's text as the vocabulary stores it. */
  getTokenString(token: number): string
  getTokenAttributes(token: number): number
  shouldPrependBosToken(): boolean
  shouldAppendEosToken(): boolean
  getMemoryBreakdown(): { cpuRam: number; gpuVram: number }
}

export interface NativeParts {
  readonly context: NativeContext
  readonly model: NativeModel
  newSampler(): NativeSampler
  /** Where an answer stands in a grammar; goes into one sampler's config. */
  newGrammarState(grammar: LlamaGrammar): unknown
  /** Whether the answer may end, or go on with `token`, at this place of the grammar. */
  grammarAllows(state: unknown, token: number): boolean
}

interface SamplerClass {
  new (model: NativeModel): NativeSampler
  canBeNextTokenForGrammarEvaluationState(state: unknown, token: number): boolean
}

const contextMembers = [
  'initBatch',
  'addToBatch',
  'decodeBatch',
  'sampleToken',
  'disposeSequence',
  'removeTokenCellsFromSequence',
  'shiftSequenceTokenCells',
  'getSequenceKvCacheMinPosition',
  'setThreads',
  'getMemoryBreakdown',
] as const

const unlike = 'this version of node-llama-cpp does not offer the native context, model and sampler as expected'

/** @throws Error when this node-llama-cpp is built differently from the one this was written for */
export function nativeModel(model: LlamaModel): NativeModel {
  const native = (model as unknown as { _model?: NativeModel })._model
  if (!native) throw new Error(unlike)
  return native
}

/** @throws Error when this node-llama-cpp is built differently from the one this was written for */
export function nativeParts(llama: Llama, model: LlamaModel, context: LlamaContext): NativeParts {
  const nativeContext = (context as unknown as { _ctx?: NativeContext })._ctx
  const ofModel = nativeModel(model)
  const Sampler = (llama as unknown as { _bindings?: { AddonSampler?: SamplerClass } })._bindings?.AddonSampler
  const whole = contextMembers.every(name => typeof nativeContext?.[name] === 'function')
  if (!whole || !nativeContext || !Sampler) throw new Error(unlike)
  return {
    context: nativeContext,
    model: ofModel,
    newSampler: () => new Sampler(ofModel),
    newGrammarState: grammar =>
      (new LlamaGrammarEvaluationState({ model, grammar }) as unknown as { _state: unknown })._state,
    grammarAllows: (state, token) => Sampler.canBeNextTokenForGrammarEvaluationState(state, token),
  }
}
