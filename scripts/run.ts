import { type SpawnOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'

export interface RunResult {
  /** 128 + the signal's number when a signal ended it, as a shell reports it; 127 when it could not be started. */
  readonly code: number
  /** Everything it printed, when `stdio` was not inherited. */
  readonly output: string
}

/** Runs a program to its end. Its output goes to the terminal with `stdio: 'inherit'`, else it is collected. */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<RunResult> {
  return new Promise(settle => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', error => settle({ code: 127, output: error.message }))
    child.on('close', (code, signal) => settle({ code: code ?? 128 + constants.signals[signal ?? 'SIGTERM'], output }))
  })
}

/**
 * npm itself, by the file that runs this very script when there is one: on Windows `npm` is no program but a batch
 * file.
 */
export function npm(args: readonly string[], options: SpawnOptions = {}): Promise<RunResult> {
  const cli = process.env.npm_execpath
  return cli === undefined ? run('npm', args, options) : run(process.execPath, [cli, ...args], options)
}
