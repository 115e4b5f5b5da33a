import { createLogUpdate } from 'log-update'
import { printableLine } from '../printable.ts'
import { columnsOf, isScreen, type Terminal } from '../terminal.ts'
import { Bar } from './bar.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Milliseconds between two pictures. */
const period = 100

type Step =
  | { readonly kind: 'step'; readonly text: string; running: boolean }
  | { readonly kind: 'bar'; readonly bar: Bar }

/**
 * What a long work tells, line below line: steps that are under way or done, and bars. On a screen the lines are drawn
 * anew while they change; elsewhere each is printed once, when it is certain.
 */
export class Progress {
  readonly #terminal: Terminal
  readonly #draw: ReturnType<typeof createLogUpdate> | undefined
  readonly #timer: NodeJS.Timeout | undefined
  readonly #lines: Step[] = []
  readonly #bars = new Map<string, Bar>()
  #frame = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    if (!isScreen(terminal.errors, terminal.env)) return
    this.#draw = createLogUpdate(terminal.errors)
    this.#timer = setInterval(() => this.#picture(), period)
  }

  /** The next step begins; the one before is done. */
  step(text: string): void {
    this.#endStep()
    this.#lines.push({ kind: 'step', text: printableLine(text), running: true })
    if (this.#draw) this.#picture()
    else this.#terminal.errors.write(`${printableLine(text)}\n`)
  }

  /**
   * How far the thing `key` stands for is; it gets a bar when it is first heard of.
   * @param total bytes, as `completed`
   */
  bar(key: string, message: string, total: number, completed: number): void {
    const now = performance.now()
    let bar = this.#bars.get(key)
    if (bar?.done) return
    if (!bar) {
      this.#endStep()
      bar = new Bar(message, total, completed, now)
      this.#bars.set(key, bar)
      this.#lines.push({ kind: 'bar', bar })
    }
    bar.set(completed, now)
    if (bar.done && !this.#draw) this.#terminal.errors.write(`${bar.plain}\n`)
  }

  /** The last picture stays on the screen. */
  finish(): void {
    this.#endStep()
    clearInterval(this.#timer)
    if (!this.#draw) return
    this.#picture()
    this.#draw.done()
  }

  /** Nothing stays. */
  clear(): void {
    clearInterval(this.#timer)
    this.#draw?.clear()
    this.#draw?.done()
  }

  #endStep(): void {
    const last = this.#lines.at(-1)
    if (last?.kind === 'step') last.running = false
  }

  #picture(): void {
    this.#frame = (this.#frame + 1) % frames.length
    // The last column is left free: a terminal that is written full may have gone on to the next line, or not.
    const columns = columnsOf(this.#terminal.errors) - 1
    this.#draw?.(this.#lines.map(line => this.#line(line, columns)).join('\n'))
  }

  #line(line: Step, columns: number): string {
    if (line.kind === 'bar') return line.bar.line(columns)
    return line.running ? `${line.text} ${frames[this.#frame]}`.trimStart() : line.text
  }
}
