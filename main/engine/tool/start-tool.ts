import { rm } from 'node:fs/promises'
import { Problem } from '../../problem.ts'
import type { EngineExit, SpawnEngineProcess } from '../engine.ts'
import type { ToolEngine, ToolHooks } from '../tool-engine.ts'
import type { FromTool, ToolResults, ToTool } from './tool-protocol.ts'

/** Milliseconds without a sign of life after which a job is taken to hang. */
const stallTimeout = 10 * 60_000
/** The same for a job that reads a header and asks the graphics driver: it has nothing to tell before its end. */
const forecastTimeout = 60_000

/** Jobs in processes made by `spawn`: forkEngine (plain Node) or main/desktop's utilityProcess. */
export function createToolEngine(spawn: SpawnEngineProcess, patience = stallTimeout): ToolEngine {
  return {
    convert: (job, hooks) => run<'convert'>(spawn, { type: 'convert', job }, patience, hooks),
    quantize: (job, hooks) => run<'quantize'>(spawn, { type: 'quantize', job }, patience, hooks),
    translate: (job, hooks) => run<'translate'>(spawn, { type: 'translate', job }, patience, hooks),
    forecast: (job, hooks) =>
      run<'forecast'>(spawn, { type: 'forecast', job }, Math.min(patience, forecastTimeout), hooks),
  }
}

/** One job, one process: it is gone when this settles, and with it what it wrote unless the job is done. */
async function run<Kind extends ToTool['type']>(
  spawn: SpawnEngineProcess,
  message: ToTool & { readonly type: Kind },
  patience: number,
  { onProgress, signal }: ToolHooks = {},
): Promise<ToolResults[Kind]> {
  signal?.throwIfAborted()
  const tool = spawn()
  const exited = new Promise<Omit<EngineExit, 'expected'>>(resolve => tool.onExit(resolve))
  let timer: NodeJS.Timeout | undefined
  let onAbort = () => {}
  try {
    return await new Promise<ToolResults[Kind]>((resolve, reject) => {
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      timer = setTimeout(() => reject(hung(message.type, patience)), patience)
      void exited.then(exit => reject(crash(message.type, exit)))
      tool.onMessage(received => {
        const answer = received as FromTool
        timer?.refresh()
        if (answer.type === 'done') resolve(answer.value as ToolResults[Kind])
        else if (answer.type === 'failed') {
          const { code, status, message: text, details } = answer.problem
          reject(new Problem(code, status, text, details))
        } else {
          try {
            onProgress?.(answer.done, answer.total)
          } catch (error) {
            reject(error)
          }
        }
      })
      tool.send(message)
    })
  } catch (error) {
    tool.kill()
    // Not before the process is gone: it might write on, and Windows removes no file that is open.
    await exited
    if ('output' in message.job) await rm(message.job.output, { force: true })
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    tool.kill()
  }
}

/** Names of the kinds of work in errors; the first is upstream's. */
const workNames = {
  quantize: 'llama-quantize',
  convert: 'conversion',
  translate: 'translation',
  forecast: 'memory estimate',
} as const

function hung(kind: ToTool['type'], patience: number): Problem {
  const text = `${workNames[kind]} failed: no sign of life for ${Math.round(patience / 1000)} seconds`
  return new Problem('internal', 500, text)
}

function crash(kind: ToTool['type'], { code, signal, log }: Omit<EngineExit, 'expected'>): Problem {
  const details = log.slice(-4000)
  // Nobody here kills a job but to end it: it was the system, out of memory. Electron gives the signal's number.
  if (signal === 'SIGKILL' || (signal === null && code === 9)) {
    const text = `${workNames[kind]} failed: the system ended it, most likely for lack of memory`
    return new Problem('out-of-memory', 500, text, details)
  }
  const how = signal ? `signal ${signal}` : `exit code ${code}`
  return new Problem('engine-crashed', 500, `${workNames[kind]} failed: it stopped unexpectedly (${how})`, details)
}
