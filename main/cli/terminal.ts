import type { ReadStream, WriteStream } from 'node:tty'
import { variable } from '../variables.ts'
import { printable } from './printable.ts'

/** Columns of a terminal that does not tell. */
const usualColumns = 80

/** Where a command reads and writes. What it was asked for goes to `output`, all it tells of its work to `errors`. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  readonly errors: NodeJS.WriteStream
  readonly env: NodeJS.ProcessEnv
}

/** Whether a stream leads to a person's screen, on which lines can be drawn over. */
export function isScreen(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb'
}

export function columnsOf(stream: Pick<WriteStream, 'columns'>): number {
  return stream.columns || usualColumns
}

export function isKeyboard(input: Pick<ReadStream, 'isTTY'>): boolean {
  return input.isTTY === true
}

/** Text in grey, where there are colours (https://no-color.org). */
export function grey(text: string, stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): string {
  return isScreen(stream, env) && variable(env, 'NO_COLOR') === '' ? `\x1b[90m${text}\x1b[39m` : text
}

/**
 * Prints a line made of texts that came from elsewhere: on a screen without what would command it, in a pipe as it is.
 */
export function printText(stream: NodeJS.WriteStream, text: string): void {
  stream.write(stream.isTTY ? printable(text) : text)
}
