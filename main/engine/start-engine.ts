import { repeatedTokenAssertion } from '../gguf/vocabulary.ts'
import { Problem } from '../problem.ts'
import {
  type EngineExit,
  type LoadHooks,
  type LoadOptions,
  type LoadPlan,
  type LoadShape,
  readerPatience,
  type SpawnEngineProcess,
  type StartEngine,
  type SteppedDown,
} from './engine.ts'
import { EngineClient } from './engine-client.ts'
import { problemInLog, tellsOfShortMemory } from './load-log.ts'
import { hasMemoryLimit } from './memory-limit.ts'

/** What an engine waits for, in milliseconds. */
export interface Patience {
  /** Without progress of a load before its process is killed; Infinity for ever. */
  readonly stallTimeout: number
  /** Without an answer's reader taking anything while a slot is held for it. */
  readonly readerPatience: number
}

/** The longest a timer of Node's can wait: about 25 days. */
const longestTimer = 2 ** 31 - 1
/** In how many steps a load without progress is waited for; while the computer sleeps, at most one of them passes. */
const stallSteps = 10

/**
 * Engines whose processes are made by `spawn`: forkEngine (plain Node) or main/desktop's utilityProcess. Where an
 * engine may step down (`leastContextSize`) and its plan turns out to be more than the machine gives, it is started
 * again with less: without the GPU, then with half the context, and so on. One whose architecture the build for text
 * does not know is started with its projector, if it has one.
 */
export function createEngineStarter(spawn: SpawnEngineProcess, waits: Partial<Patience> = {}): StartEngine {
  const patience: Patience = { stallTimeout: 5 * 60_000, readerPatience, ...waits }
  return async (options, hooks = {}) => {
    let asked: LoadShape | undefined
    let wish: LoadOptions | undefined = options
    for (;;) {
      let plan: LoadPlan | undefined
      const onPlanned = (planned: LoadPlan) => {
        plan = planned
        asked ??= planned.asked
        hooks.onPlanned?.(planned)
      }
      try {
        const engine = await startOnce(spawn, wish, { ...hooks, onPlanned }, patience)
        engine.steppedDown = steppedDown(asked, plan)
        return engine
      } catch (error) {
        wish = withLess(wish, plan, error)
        if (!wish) throw error
      }
    }
  }
}

/** What to try after a load that failed; undefined when less would not help, or nothing may be given up. */
function withLess(options: LoadOptions, plan: LoadPlan | undefined, error: unknown): LoadOptions | undefined {
  if (isForOtherBuild(options, error)) return { ...options, withProjector: true }
  // A GPU driver may take the process down with it; the CPU always works.
  if (isCrash(error)) return options.gpuLayers === 0 ? undefined : { ...options, gpuLayers: 0 }
  // Without a plan the engine itself found no shape that fits.
  const isShort = error instanceof Problem && error.code === 'out-of-memory'
  if (!isShort || !plan || options.leastContextSize === undefined) return undefined
  if (plan.gpuLayers > 0) return { ...options, gpuLayers: 0 }
  const contextSize = Math.max(options.leastContextSize, Math.floor(plan.contextSize / 2))
  return contextSize < plan.contextSize ? { ...options, contextSize } : undefined
}

/** Two builds of llama.cpp know almost the same architectures; which is ahead changes with their versions. */
function isForOtherBuild({ projectorPath, withProjector }: LoadOptions, error: unknown): boolean {
  const isUnknown = error instanceof Problem && error.code === 'unsupported-architecture'
  return isUnknown && projectorPath !== undefined && !withProjector
}

function steppedDown(asked: LoadShape | undefined, plan: LoadPlan | undefined): SteppedDown | undefined {
  if (!asked || !plan) return undefined
  const given = { contextSize: plan.contextSize, gpuLayers: plan.gpuLayers }
  if (given.contextSize >= asked.contextSize && given.gpuLayers >= asked.gpuLayers) return undefined
  return { asked, given }
}

async function startOnce(
  spawn: SpawnEngineProcess,
  options: LoadOptions,
  { onProgress, onPlanned, signal }: LoadHooks,
  { stallTimeout, readerPatience }: Patience,
): Promise<EngineClient> {
  signal?.throwIfAborted()
  const engine = new EngineClient(spawn(), readerPatience)
  // A process under Electron has no number yet; it gets the limits of the one that starts it.
  const limited = hasMemoryLimit(engine.pid ?? 'self')
  // Native loading cannot be interrupted from within; ending the process can.
  const onAbort = () => void engine.kill()
  signal?.addEventListener('abort', onAbort, { once: true })
  let reached = 0
  let stalled = false
  let steps = 0
  const onStep = () => {
    if (++steps <= stallSteps) return
    stalled = true
    void engine.kill()
  }
  const timer = stallTimeout <= longestTimer ? setInterval(onStep, stallTimeout / stallSteps) : undefined
  try {
    await engine.load(options, {
      onPlanned,
      onProgress: fraction => {
        reached = fraction
        steps = 0
        onProgress?.(fraction)
      },
    })
    signal?.throwIfAborted()
    if (stalled) throw stall(reached)
    return engine
  } catch (error) {
    await engine.kill()
    signal?.throwIfAborted()
    if (stalled) throw stall(reached)
    if (!isCrash(error)) throw error
    const cause = causeOfCrash(error, await engine.exited)
    // Without a GPU's driver nothing else that loads ends a process.
    const isShort = cause.code === 'out-of-memory' || (isCrash(cause) && options.gpuLayers === 0)
    throw limited && isShort ? endedByLimit(cause) : cause
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** The words that clients know from upstream llm/server.go. */
function stall(reached: number): Problem {
  const text = `timed out waiting for llama-server to start - progress ${reached.toFixed(2)}`
  return new Problem('internal', 500, text)
}

function isCrash(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'engine-crashed'
}

/** A process that dies while loading tells by its last words, or by who killed it, why. */
function causeOfCrash(crash: Problem, { code, signal }: EngineExit): Problem {
  if (/(llama-(model|hparams|vocab|arch|adapter)\S*|gguf)\.cpp:\d+: GGML_ASSERT/.test(crash.details ?? '')) {
    const repeated = crash.details?.includes(repeatedTokenAssertion)
    const why = repeated ? 'two of its tokens have the same text' : 'the file is damaged or incomplete'
    return new Problem('broken-model-file', 500, `unable to load model: ${why}`, crash.details)
  }
  // llama.node's native constructor goes on with nothing after telling what was wrong with a file.
  if (/error loading model: |llama_adapter_lora_init: failed/.test(crash.details ?? '')) {
    return problemInLog('', (crash.details ?? '').split('\n'))
  }
  if (tellsOfShortMemory(crash.details ?? '')) {
    return new Problem('out-of-memory', 500, 'unable to load model: not enough memory', crash.details)
  }
  // Nobody here kills a loading engine but to abort it: it was the system, out of memory. Electron gives its number.
  if (signal === 'SIGKILL' || (signal === null && code === 9)) {
    const text = 'unable to load model: the system ended the model runner, most likely for lack of memory'
    return new Problem('out-of-memory', 500, text, crash.details)
  }
  return crash
}

function endedByLimit({ details }: Problem): Problem {
  const text = 'unable to load model: the model runner stopped, most likely at the limit of memory set for it (ulimit)'
  return new Problem('out-of-memory', 500, text, details)
}
