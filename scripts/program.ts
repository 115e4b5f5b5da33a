import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Milliseconds between two looks whether whoever started us is still there. */
const look = 500

/**
 * Runs a program in the foreground and passes on the signals that ask us to end. It leads a process group of its own: a
 * Ctrl-C in the terminal would reach it twice otherwise, and many programs take the second as "at once". It is ended,
 * too, when our parent goes: npm hands a SIGTERM to a shell, which dies of it without a word to us.
 * @returns its exit code
 */
export function runProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
    })
    const pass = (signal: NodeJS.Signals) => void child.kill(signal)
    for (const signal of passed) process.on(signal, pass)
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid !== parent) pass('SIGTERM')
    }, look)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearInterval(watch)
      for (const name of passed) process.off(name, pass)
      settle(code ?? 128 + constants.signals[signal ?? 'SIGTERM'])
    })
  })
}
