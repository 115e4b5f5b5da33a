import childProcess, { type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { getLlama, getLlamaGpuTypes, type Llama, LlamaLogLevel } from 'node-llama-cpp'
import { flag } from '../../variables.ts'
import { type GpuBackend, mayUse, withoutGpu } from '../gpu-backends.ts'

const printed: readonly LlamaLogLevel[] = [LlamaLogLevel.warn, LlamaLogLevel.error, LlamaLogLevel.fatal]

/**
 * The last lines llama.cpp logged; enough to hold what a failed load says. Complaints are printed, with OLLAMA_DEBUG
 * all.
 */
export class LlamaLog {
  readonly #shown = flag(process.env, 'OLLAMA_DEBUG')
  readonly lines: string[] = []

  add(level: LlamaLogLevel, message: string): void {
    this.lines.push(message.trimEnd())
    if (this.lines.length > 200) this.lines.splice(0, 100)
    if (this.#shown || printed.includes(level)) {
      process.stderr.write(`${level}: ${message.trimEnd()}\n`)
    }
  }
}

const backends: readonly GpuBackend[] = ['cuda', 'vulkan', 'metal']

/**
 * llama.cpp with the best GPU backend of this machine that has a prebuilt binary and may be used, or for the CPU alone.
 * @throws Error when no prebuilt binary suits this machine
 */
export async function openLlama(wantsGpu: boolean, log: LlamaLog): Promise<Llama> {
  const exclude = backends.filter(backend => !mayUse(backend, process.env))
  // Looking for backends goes through many folders.
  const gpuTypes = wantsGpu && exclude.length < backends.length ? await getLlamaGpuTypes('supported') : []
  const hasGpu = gpuTypes.some(type => type !== false && !exclude.includes(type))
  const open = () =>
    getLlama({
      gpu: hasGpu ? { type: 'auto', exclude } : withoutGpu(process.platform, process.arch),
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.info,
      logger: (level, message) => log.add(level, message),
    })
  return hasGpu && !process.versions.electron ? open() : withoutTrial(open)
}

/**
 * node-llama-cpp first tries a binary in a further process, so that an unfit one cannot end the program. This process
 * is itself apart for that reason: should it end here, main sees it. Without the trial a load is about 0.4 s shorter,
 * and it cannot be made at all in a packaged Electron, whose binary refuses to run as Node. Kept for GPU backends under
 * plain Node, where it lets the library go on to the next backend.
 */
async function withoutTrial<T>(open: () => Promise<T>): Promise<T> {
  const { fork } = childProcess
  childProcess.fork = () => new PassedTrial() as unknown as ChildProcess
  syncBuiltinESMExports()
  try {
    return await open()
  } finally {
    childProcess.fork = fork
    syncBuiltinESMExports()
  }
}

/** Answers the trial's messages as a process in which everything went well. */
class PassedTrial extends EventEmitter {
  readonly exitCode = null
  readonly killed = false

  constructor() {
    super()
    setImmediate(() => this.emit('message', { type: 'ready' }))
  }

  send({ type }: { type: string }): void {
    setImmediate(() => {
      if (type === 'start') this.emit('message', { type: 'loaded' })
      else if (type === 'test') this.emit('message', { type: 'done' })
      else this.emit('exit', 0)
    })
  }

  kill(): boolean {
    return true
  }
}
