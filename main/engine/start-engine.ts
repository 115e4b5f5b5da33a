import { Problem } from '../problem.ts'
import type { Engine, EngineExit, LoadOptions, SpawnEngineProcess, StartEngine } from './engine.ts'
import { EngineClient } from './engine-client.ts'
import { problemInLog } from './load-log.ts'

/** Engines whose processes are made by `spawn`: forkEngine (plain Node) or main/desktop's utilityProcess. */
export function createEngineStarter(spawn: SpawnEngineProcess): StartEngine {
  return async (options, hooks = {}) => {
    try {
      return await startOnce(spawn, options, hooks)
    } catch (error) {
      // A GPU driver may take the process down with it; the CPU always works.
      if (options.gpuLayers === 0 || !(isCrash(error) || isShortOfGpuMemory(error, options))) throw error
      return startOnce(spawn, { ...options, gpuLayers: 0 }, hooks)
    }
  }
}

async function startOnce(
  spawn: SpawnEngineProcess,
  options: LoadOptions,
  { onProgress, signal }: NonNullable<Parameters<StartEngine>[1]>,
): Promise<Engine> {
  signal?.throwIfAborted()
  const engine = new EngineClient(spawn())
  // Native loading cannot be interrupted from within; ending the process can.
  const onAbort = () => void engine.kill()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await engine.load(options, onProgress)
    signal?.throwIfAborted()
    return engine
  } catch (error) {
    await engine.kill()
    signal?.throwIfAborted()
    throw isCrash(error) ? causeOfCrash(error, await engine.exited) : error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

/** A model with a projector goes onto the GPU as a whole or not at all. */
function isShortOfGpuMemory(error: unknown, options: LoadOptions): boolean {
  return options.projectorPath !== undefined && error instanceof Problem && error.code === 'out-of-memory'
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
