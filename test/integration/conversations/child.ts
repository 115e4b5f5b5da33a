import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export interface Line {
  /** performance.now() of its arrival here. */
  readonly at: number
  readonly words: string[]
}

/** A running answering-child.ts and what it has reported. */
export class AnsweringChild {
  readonly lines: Line[] = []
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  #errors = ''

  constructor(home: string, questions: number) {
    const script = join(import.meta.dirname, 'answering-child.ts')
    this.#process = spawn(process.execPath, ['--import', 'tsx', script, home, String(questions)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#exited = once(this.#process, 'exit')
    this.#process.stderr?.on('data', data => {
      this.#errors += data
    })
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', line => {
      this.lines.push({ at: performance.now(), words: line.split(' ') })
    })
    onTestFinished(() => this.kill())
  }

  /** Waits until it has reported so many lines of a kind. @throws Error with what it wrote to stderr when it ended */
  async reported(kind: string, count = 1): Promise<Line[]> {
    for (;;) {
      const lines = this.lines.filter(({ words }) => words[0] === kind)
      if (lines.length >= count) return lines
      if (this.#process.exitCode !== null) throw new Error(`the child ended: ${this.#errors}`)
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exited
  }
}
