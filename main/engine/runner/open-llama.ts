import childProcess, { type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { getLlama, getLlamaGpuTypes, type Llama, LlamaLogLevel } from 'node-llama-cpp'

/** The last lines llama.cpp logged; enough to hold what a failed load says. */
export class LlamaLog {
  readonly lines: string[] = []

  add(level: LlamaLogLevel, message: string): void {
    this.lines.push(message.trimEnd())
    if (this.lines.length > 200) this.lines.splice(0, 100)
    if (level === LlamaLogLevel.warn || level === LlamaLogLevel.error || level === LlamaLogLevel.fatal) {
      process.stderr.write(`${level}: ${message.trimEnd()}\n`)
    }
  }
}

/**
 * llama.cpp with the best GPU backend of this machine that has a prebuilt binary, or for the CPU alone.
 * @throws Error when no prebuilt binary suits this machine
 */
export async function openLlama(wantsGpu: boolean, log: LlamaLog): Promise<Llama> {
  const gpuTypes = wantsGpu ? await getLlamaGpuTypes('supported') : []
  const hasGpu = gpuTypes.some(type => type !== false)
  const open = () =>
    getLlama({
      gpu: hasGpu ? 'auto' : false,
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
