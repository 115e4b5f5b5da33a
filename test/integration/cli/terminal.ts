import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { runCommandLine } from '../../../main/cli/command-line.ts'

const project = join(import.meta.dirname, '..', '..', '..')

/** The command as the build made it. */
export const command = join(project, 'out', 'main', 'cli.js')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

/** Runs `hearth` in this process with pipes instead of a screen: what a process more would show is not asked. */
export async function hearth(words: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const code = await runCommandLine({
    words,
    terminal: {
      input: Readable.from([input]) as unknown as NodeJS.ReadStream,
      output: output as unknown as NodeJS.WriteStream,
      errors: errors as unknown as NodeJS.WriteStream,
      env,
    },
    home: env.HEARTH_HOME ?? '',
    version: '0.1.0',
    serve: () => Promise.reject(new Error('nothing is served here')),
  })
  output.end()
  errors.end()
  return { code, out: await text(output), errors: await text(errors) }
}

/** Runs the command as a process of its own, with pipes, as scripts do. */
export const hearthProcess = (
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
  cwd = project,
): Promise<Ended> => runProgram(process.execPath, [command, ...words], { ...process.env, ...env }, input, cwd)

/** Runs a program to its end, with pipes. */
export function runProgram(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
  cwd = project,
): Promise<Ended> {
  const child = spawn(program, words, { cwd, env })
  const printed = collect(child)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise(resolve => child.once('close', code => resolve({ code, ...printed })))
}

/** `hearth` on a terminal of its own, with somebody who types. */
export interface OnScreen {
  /** All that was written to the screen until now, with what commands it. */
  readonly screen: () => string
  /** Types once the screen shows a text behind what had been typed before. */
  type(after: string, keys: string): Promise<void>
  readonly ended: Promise<number | null>
  kill(): void
}

/** @param columns of the terminal */
export const hearthOnScreen = (words: readonly string[], env: NodeJS.ProcessEnv, columns?: number): OnScreen =>
  programOnScreen([process.execPath, command, ...words], { ...process.env, ...env }, columns)

/** @param words a program and its arguments */
export function programOnScreen(words: readonly string[], env: NodeJS.ProcessEnv, columns = 80): OnScreen {
  const line = words.map(word => `'${word}'`).join(' ')
  const inside = `stty cols ${columns} rows 24; exec ${line}`
  // util-linux's script gives a program a terminal; that of BSD and macOS takes its arguments otherwise.
  const args = process.platform === 'linux' ? ['-qec', inside, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', inside]
  const child = spawn('script', args, { cwd: project, env: { ...env, TERM: 'xterm', NO_COLOR: '' } })
  const printed = collect(child)
  let seen = 0
  return {
    screen: () => printed.out,
    async type(after, keys) {
      await expect.poll(() => printed.out.slice(seen)).toContain(after)
      seen = printed.out.length
      child.stdin.write(keys)
    },
    ended: new Promise(resolve => child.once('close', code => resolve(code))),
    kill: () => void child.kill('SIGKILL'),
  }
}

export function collect(child: ChildProcess): { out: string; errors: string } {
  const printed = { out: '', errors: '' }
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.out += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.errors += chunk
  })
  return printed
}
