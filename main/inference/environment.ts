import type { Settings } from '../../preload/contract.ts'
import { parseGoDuration } from '../go/duration.ts'
import { flag, variable } from '../variables.ts'

/** What the OLLAMA_* variables say about inference (upstream envconfig/config.go). */
export interface InferenceEnvironment {
  /** Milliseconds a model stays after its last request; Infinity for ever. */
  readonly keepAlive: number
  /** Milliseconds a load may go without progress; Infinity for ever. */
  readonly loadTimeout: number
  /** Tokens of context when neither request nor model names a number; `auto` goes by the graphics memory. */
  readonly contextLength: number | 'auto'
  readonly numParallel: number
  readonly maxLoadedModels: number
  readonly maxQueue: number
  /** Bytes of each GPU's memory that are left alone. */
  readonly gpuOverhead: number
  readonly flashAttention: boolean | undefined
  readonly kvCacheType: 'f16' | 'q8_0' | 'q4_0' | undefined
  /** Whether Go templates are used where a model has one; undefined (not set) lets the more capable template win. */
  readonly goTemplate: boolean | undefined
}

/** Reads the variables; a value that makes no sense counts as unset, as upstream does. */
export function inferenceEnvironment(env: NodeJS.ProcessEnv): InferenceEnvironment {
  const value = (name: string) => variable(env, name)
  const whole = (name: string, fallback: number) => (/^\d+$/.test(value(name)) ? Number(value(name)) : fallback)
  const cacheType = value('OLLAMA_KV_CACHE_TYPE').toLowerCase()
  return {
    keepAlive: keepAlive(value('OLLAMA_KEEP_ALIVE')),
    loadTimeout: loadTimeout(value('OLLAMA_LOAD_TIMEOUT')),
    contextLength: whole('OLLAMA_CONTEXT_LENGTH', 0) || 'auto',
    numParallel: Math.max(1, whole('OLLAMA_NUM_PARALLEL', 1)),
    maxLoadedModels: whole('OLLAMA_MAX_LOADED_MODELS', 0) || 3,
    maxQueue: whole('OLLAMA_MAX_QUEUE', 512),
    gpuOverhead: whole('OLLAMA_GPU_OVERHEAD', 0),
    flashAttention: flag(env, 'OLLAMA_FLASH_ATTENTION'),
    kvCacheType: cacheType === 'f16' || cacheType === 'q8_0' || cacheType === 'q4_0' ? cacheType : undefined,
    goTemplate: flag(env, 'OLLAMA_GO_TEMPLATE'),
  }
}

/** The same, but for what the person has chosen in the settings, which holds from the next request on. */
export function chosenEnvironment(
  environment: InferenceEnvironment,
  settings: () => Pick<Settings, 'contextLength' | 'keepAlive'>,
): InferenceEnvironment {
  return {
    ...environment,
    get contextLength() {
      return settings().contextLength ?? environment.contextLength
    },
    get keepAlive() {
      const { keepAlive } = settings()
      if (keepAlive === null) return environment.keepAlive
      return keepAlive < 0 ? Number.POSITIVE_INFINITY : keepAlive * 1000
    },
  }
}

/** Negative means for ever. */
function keepAlive(text: string): number {
  const milliseconds = duration(text, 5 * 60_000)
  return milliseconds < 0 ? Number.POSITIVE_INFINITY : milliseconds
}

/** Zero, too, means for ever. */
function loadTimeout(text: string): number {
  const milliseconds = duration(text, 5 * 60_000)
  return milliseconds <= 0 ? Number.POSITIVE_INFINITY : milliseconds
}

/** A duration or whole seconds, in milliseconds; nonsense means the default. */
function duration(text: string, fallback: number): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text) * 1000
  try {
    return parseGoDuration(text)
  } catch {
    return fallback
  }
}
