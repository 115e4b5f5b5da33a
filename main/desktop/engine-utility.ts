import { utilityProcess } from 'electron'
import type { SpawnEngineProcess } from '../engine/engine.ts'
import { engineEnvironment, toolEnvironment } from '../engine/environment.ts'
import { PrintedLog } from '../engine/printed-log.ts'

/**
 * Engine processes as utility processes of Electron, which has no fork() of its own once packaged. They end with main,
 * also after a kill -9 of main.
 *
 * @param entryPath the bundled engine-process.js
 */
export function utilityEngine(entryPath: string): SpawnEngineProcess {
  return utility(entryPath, 'Hearth engine', engineEnvironment)
}

/**
 * The same for tool processes.
 *
 * @param entryPath the bundled tool-process.js
 */
export function utilityTool(entryPath: string): SpawnEngineProcess {
  return utility(entryPath, 'Hearth tool', toolEnvironment)
}

function utility(entryPath: string, serviceName: string, environment: typeof engineEnvironment): SpawnEngineProcess {
  return () => {
    const child = utilityProcess.fork(entryPath, [], {
      serviceName,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(process.env),
    })
    const log = new PrintedLog()
    log.collect(child.stdout, child.stderr)
    let killed = false
    const end = () => {
      const { pid } = child
      if (pid === undefined) return
      if (process.platform === 'win32') child.kill()
      else killNow(pid)
    }
    // Electron forgets a kill that comes before the process is there.
    child.once('spawn', () => {
      if (killed) end()
    })
    return {
      get pid() {
        return child.pid
      },
      send: message => child.postMessage(message),
      onMessage: listener => void child.on('message', listener),
      // Electron tells a signal by its number, as the code: 6 is an abort, 9 a kill.
      onExit: listener => void child.once('exit', code => listener({ code, signal: null, log: log.toString() })),
      kill: () => {
        killed = true
        end()
      },
    }
  }
}

/**
 * As fork() ends its engines; Electron's own kill asks, which a process stopped or stuck in native code does not hear.
 */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // Gone already, and about to be told so.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
