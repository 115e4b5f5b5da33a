import type { SamplingOptions } from '../engine/engine.ts'
import { Problem } from '../problem.ts'

/** Options that decide how a model is loaded; another value than the loaded one means a reload. */
export interface RunnerOptions {
  /** Context size in tokens as asked for; undefined when neither model nor request named one. */
  readonly numCtx?: number
  readonly numBatch: number
  /** Layers on the GPU; -1 lets Hearth choose. */
  readonly numGpu: number
  readonly mainGpu?: number
  readonly useMmap?: boolean
  /** CPU threads; 0 lets the engine choose. */
  readonly numThread: number
  readonly draftNumPredict?: number
}

/** An `options` map, merged over the model's parameters and the defaults, every value typed. */
export interface ParsedOptions {
  readonly runner: RunnerOptions
  readonly sampling: SamplingOptions
  /** New tokens at most; negative for "until it stops". */
  readonly numPredict: number
  /** Tokens of the prompt's start that survive a context shift. */
  readonly numKeep: number
  readonly stop: readonly string[]
}

type Kind = 'integer' | 'boolean' | 'float32' | 'array'

/** The names upstream knows (api/types.go, Options and Runner). */
const kinds = {
  num_ctx: 'integer',
  num_batch: 'integer',
  num_gpu: 'integer',
  main_gpu: 'integer',
  use_mmap: 'boolean',
  num_thread: 'integer',
  draft_num_predict: 'integer',
  num_keep: 'integer',
  seed: 'integer',
  num_predict: 'integer',
  top_k: 'integer',
  top_p: 'float32',
  min_p: 'float32',
  typical_p: 'float32',
  repeat_last_n: 'integer',
  temperature: 'float32',
  repeat_penalty: 'float32',
  presence_penalty: 'float32',
  frequency_penalty: 'float32',
  stop: 'array',
} as const satisfies Record<string, Kind>

type Name = keyof typeof kinds
type ValueOf<K extends Kind> = K extends 'boolean' ? boolean : K extends 'array' ? readonly string[] : number
type Values = { -readonly [N in Name]?: ValueOf<(typeof kinds)[N]> }

const defaults = {
  num_batch: 512,
  num_gpu: -1,
  num_thread: 0,
  num_keep: 4,
  seed: -1,
  num_predict: -1,
  top_k: 40,
  top_p: 0.9,
  min_p: 0,
  typical_p: 1,
  repeat_last_n: 64,
  temperature: 0.8,
  repeat_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  stop: [],
} satisfies Values

/**
 * Ollama's option maps as one typed whole: the defaults, over them the model's parameters, over those the request's
 * options. Unknown names and null are skipped, fractions given for whole numbers are cut (upstream api/types.go,
 * Options.FromMap and DefaultOptions).
 * @throws Problem 500 `option "top_k" must be of type integer` and its kin
 */
export function parseOptions(
  modelParameters: Readonly<Record<string, unknown>>,
  requestOptions: Readonly<Record<string, unknown>> = {},
): ParsedOptions {
  const values = { ...defaults, ...typed(modelParameters), ...typed(requestOptions) } as typeof defaults & Values
  return {
    runner: {
      ...(values.num_ctx === undefined ? {} : { numCtx: values.num_ctx }),
      numBatch: values.num_batch,
      numGpu: values.num_gpu,
      ...(values.main_gpu === undefined ? {} : { mainGpu: values.main_gpu }),
      ...(values.use_mmap === undefined ? {} : { useMmap: values.use_mmap }),
      numThread: values.num_thread,
      ...(values.draft_num_predict === undefined ? {} : { draftNumPredict: values.draft_num_predict }),
    },
    sampling: {
      temperature: bounded(values.temperature),
      topK: values.top_k,
      topP: values.top_p,
      minP: values.min_p,
      typicalP: values.typical_p,
      // Logits are divided by it.
      repeatPenalty: values.repeat_penalty > 0 ? Math.max(1 / mostLogit, bounded(values.repeat_penalty)) : 1,
      repeatLastN: values.repeat_last_n,
      presencePenalty: bounded(values.presence_penalty),
      frequencyPenalty: bounded(values.frequency_penalty),
      ...seedOf(values.seed),
    },
    numPredict: values.num_predict,
    numKeep: values.num_keep,
    stop: values.stop,
  }
}

/**
 * As much as a logit is changed by, up or down. Beyond a million nothing differs but that 32-bit logits become infinite
 * or no numbers at all, of which a grammar can choose none, and llama.cpp ends the process.
 */
const mostLogit = 1e6

const bounded = (value: number): number => Math.max(-mostLogit, Math.min(value, mostLogit))

/** llama.cpp takes the seed as 32 unsigned bits, all ones meaning a random one. */
function seedOf(value: number): { seed?: number } {
  const seed = Number(BigInt.asUintN(32, BigInt(value)))
  return seed === 0xffffffff ? {} : { seed }
}

function typed(options: Readonly<Record<string, unknown>>): Values {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name) || value === null || value === undefined) continue
    values[name] = convert(name, kinds[name as Name], value)
  }
  return values
}

function convert(name: string, kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'integer':
      if (typeof value !== 'number') break
      return Math.trunc(Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER))
    case 'float32':
      if (typeof value !== 'number') break
      return value
    case 'boolean':
      if (typeof value !== 'boolean') break
      return value
    case 'array':
      if (!Array.isArray(value)) break
      if (!value.every(item => typeof item === 'string')) throw wrong(name, 'an array of strings')
      return value
  }
  throw wrong(name, `type ${kind}`)
}

/** Upstream answers these with 500, not 400. */
function wrong(name: string, wanted: string): Problem {
  return new Problem('invalid-request', 500, `option "${name}" must be of ${wanted}`)
}

/**
 * Tokens that an answer may have: no model writes without end, so at most ten contexts (upstream llm/llama_server.go).
 */
export function answerLimit(numPredict: number, contextSize: number): number {
  const most = 10 * contextSize
  return numPredict < 0 ? most : Math.min(numPredict, most)
}
