import { Problem } from '../problem.ts'
import type { Engine, EngineExit, LoadOptions, SpawnEngineProcess, StartEngine } from './engine.ts'
import { EngineClient, readerPatience } from './engine-client.ts'
import { problemInLog } from './load-log.ts'

/** What an engine waits for, in milliseconds. */
export interface Patience {
  /** Without progress of a load before its process is killed; Infinity for ever. */
  readonly stallTimeout: number
  /** Without an answer's reader taking anything while a slot is held for it. */
  readonly readerPatience: number
}

/** The longest a timer of Node's can wait: about 25 days. */
const longestTimer = 2 ** 31 - 1

/** Engines whose processes are made by `spawn`: forkEngine (plain Node) or main/desktop's utilityProcess. */
export function createEngineStarter(spawn: SpawnEngineProcess, waits: Partial<Patience> = {}): StartEngine {
  const patience: Patience = { stallTimeout: 5 * 60_000, readerPatience, ...waits }
  return async (options, hooks = {}) => {
    try {
      return await startOnce(spawn, options, hooks, patience)
    } catch (error) {
      // A GPU driver may take the process down with it; the CPU always works.
      if (options.gpuLayers === 0 || !(isCrash(error) || isShortOfGpuMemory(error, options))) throw error
      return startOnce(spawn, { ...options, gpuLayers: 0 }, hooks, patience)
    }
  }
}

async function startOnce(
  spawn: SpawnEngineProcess,
  options: LoadOptions,
  { onProgress, signal }: NonNullable<Parameters<StartEngine>[1]>,
  { stallTimeout, readerPatience }: Patience,
): Promise<Engine> {
  signal?.throwIfAborted()
  const engine = new EngineClient(spawn(), readerPatience)
  // Native loading cannot be interrupted from within; ending the process can.
  const onAbort = () => void engine.kill()
  signal?.addEventListener('abort', onAbort, { once: true })
  let reached = 0
  let stalled = false
  const onStall = () => {
    stalled = true
    void engine.kill()
  }
  const timer = stallTimeout <= longestTimer ? setTimeout(onStall, stallTimeout) : undefined
  try {
    await engine.load(options, fraction => {
      reached = fraction
      timer?.refresh()
      onProgress?.(fraction)
    })
    signal?.throwIfAborted()
    if (stalled) throw stall(reached)
    return engine
  } catch (error) {
    await engine.kill()
    signal?.throwIfAborted()
    if (stalled) throw stall(reached)
    throw isCrash(error) ? causeOfCrash(error, await engine.exited) : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** A model with a projector goes onto the GPU as a whole or not at all. */
function isShortOfGpuMemory(error: unknown, options: LoadOptions): boolean {
  return options.projectorPath !== undefined && error instanceof Problem && error.code === 'out-of-memory'
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
    const text = 'unable to load model: the file is damaged or incomplete'
    return new Problem('broken-model-file', 500, text, crash.details)
  }
  // llama.node's native constructor goes on with nothing after telling what was wrong with a file.
  if (/error loading model: |llama_adapter_lora_init: failed/.test(crash.details ?? '')) {
    return problemInLog('', (crash.details ?? '').split('\n'))
  }
  // Nobody here kills a loading engine but to abort it: it was the system, out of memory. Electron gives its number.
  if (signal === 'SIGKILL' || (signal === null && code === 9)) {
    const text = 'unable to load model: the system ended the model runner, most likely for lack of memory'
    return new Problem('out-of-memory', 500, text, crash.details)
  }
  return crash
}
