import { spawn } from 'node:child_process'
import type { SpawnEngineProcess } from './engine.ts'
import { engineEnvironment, toolEnvironment } from './environment.ts'
import { PrintedLog } from './printed-log.ts'

/**
 * Engine processes as children of plain Node.
 *
 * They are detached, so that Ctrl-C in a terminal reaches main alone and main ends them in order; they end by
 * themselves when the channel to main closes (engine-process.ts), also after a kill -9 of main.
 *
 * @param entryPath the bundled engine-process.js
 */
export function forkEngine(entryPath: string): SpawnEngineProcess {
  return forked(entryPath, engineEnvironment)
}

/**
 * The same for tool processes.
 *
 * @param entryPath the bundled tool-process.js
 */
export function forkTool(entryPath: string): SpawnEngineProcess {
  return forked(entryPath, toolEnvironment)
}

function forked(entryPath: string, environment: typeof engineEnvironment): SpawnEngineProcess {
  return () => {
    const child = spawn(process.execPath, [entryPath], {
      serialization: 'advanced',
      env: environment(process.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      windowsHide: true,
    })
    const log = new PrintedLog()
    log.collect(child.stdout, child.stderr)
    let failed = false
    return {
      get pid() {
        return child.pid
      },
      send: message => {
        // A message to a process that has just ended is lost with it; its exit tells every waiting request.
        if (child.connected) child.send(message as object, () => {})
      },
      onMessage: listener => child.on('message', listener),
      onExit: listener => {
        // `close` comes after the last printed byte; a program that cannot be started at all only has `error`.
        child.once('close', (code, signal) => {
          if (!failed) listener({ code, signal, log: log.toString() })
        })
        child.once('error', error => {
          failed = child.pid === undefined
          if (failed) listener({ code: null, signal: null, log: `${error.message}\n${log}` })
        })
      },
      kill: () => child.kill('SIGKILL'),
    }
  }
}
