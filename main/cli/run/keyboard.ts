import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import stringWidth from 'string-width'
import { columnsOf, grey, type Terminal } from '../terminal.ts'
import { edited } from './editor.ts'
import type { PromptHistory } from './history.ts'
import { onInterrupt } from './interrupt.ts'

/**
 * What came from the keyboard: a line (with several lines of text where they were pasted), Ctrl-C, or the end (Ctrl-D).
 */
export type Typed = { readonly line: string } | 'interrupt' | 'end'

/** A terminal that marks what is pasted, so that its newlines do not send it (xterm, bracketed paste). */
const markPastes = '\x1b[?2004h'
const markNoPastes = '\x1b[?2004l'

/**
 * The person's side of a conversation, on Node's readline: editing, history, pasting. Between prompts nothing that is
 * typed shows, as an answer is being written; it is kept for the next prompt.
 */
export class Keyboard {
  readonly #terminal: Terminal
  readonly #history: PromptHistory
  readonly #lines: Interface
  readonly #echo: Echo
  readonly #typed: Typed[] = []
  #waiting: ((typed: Typed) => void) | undefined
  #pasted: string[] | undefined
  #pasting = false
  #placeholder = false

  /** Called for a Ctrl-C while nobody waits for a line. */
  onInterrupt: (() => void) | undefined

  constructor(terminal: Terminal, history: PromptHistory) {
    this.#terminal = terminal
    this.#history = history
    this.#echo = new Echo(terminal.output)
    terminal.input.on('keypress', this.#onKey)
    this.#lines = createInterface({
      input: terminal.input,
      output: this.#echo,
      terminal: true,
      history: history.read(),
      removeHistoryDuplicates: true,
      // A lone Escape is told from the beginning of a key's sequence by time, in milliseconds.
      escapeCodeTimeout: 50,
    })
    this.#lines.on('line', line => this.#onLine(line))
    this.#lines.on('SIGINT', () => this.#onInterrupt())
    this.#lines.on('close', () => this.#tell('end'))
    // After a Ctrl-Z and `fg`.
    this.#lines.on('SIGCONT', () => this.#waiting && this.#lines.prompt(true))
    terminal.output.write(markPastes)
  }

  /**
   * Waits for the next line.
   * @param placeholder shown in grey until the first key
   */
  ask(prompt: string, placeholder: string): Promise<Typed> {
    const before = this.#typed.shift()
    if (before) {
      if (before !== 'end' && before !== 'interrupt') this.#terminal.output.write(`${prompt}${before.line}\n`)
      return Promise.resolve(before)
    }
    this.#echo.audible = true
    this.#lines.setPrompt(prompt)
    this.#lines.prompt(true)
    if (this.#lines.line === '') this.#showPlaceholder(prompt, placeholder)
    return new Promise(resolve => {
      this.#waiting = resolve
    })
  }

  close(): void {
    this.#terminal.input.off('keypress', this.#onKey)
    this.#lines.removeAllListeners()
    this.#lines.close()
    this.#terminal.output.write(markNoPastes)
  }

  readonly #onKey = (_: unknown, key: { name?: string; ctrl?: boolean } | undefined): void => {
    this.#hidePlaceholder()
    if (key?.ctrl && key.name === 'g' && this.#waiting && !this.#pasting) this.#edit()
    if (key?.name === 'paste-start') this.#pasting = true
    if (key?.name === 'paste-end') this.#pasting = false
  }

  /** Hands the terminal to an editor; what was written there stands in the line, as if it had been pasted. */
  #edit(): void {
    const { input, output, env } = this.#terminal
    const before = [...(this.#pasted ?? []), this.#lines.line].join('\n')
    output.write(markNoPastes)
    input.setRawMode?.(false)
    // A Ctrl-C reaches both programs there: it is the editor's.
    const heard = onInterrupt(() => undefined)
    const text = edited(before, env)
    heard()
    input.setRawMode?.(true)
    output.write(markPastes)
    if (text === undefined) {
      output.write('\nThe editor did not end well; nothing was changed\n')
    } else {
      const lines = text.split('\n')
      const last = lines.pop()!
      this.#forgetLine()
      this.#pasted = lines.length > 0 ? lines : undefined
      output.write(`\n${lines.map(line => `${line}\n`).join('')}`)
      this.#lines.write(last)
    }
    this.#lines.prompt(true)
  }

  /** readline's own way: Ctrl-E to the line's end, Ctrl-U back to its beginning. */
  #forgetLine(): void {
    this.#lines.write(null, { ctrl: true, name: 'e' })
    this.#lines.write(null, { ctrl: true, name: 'u' })
  }

  #onLine(line: string): void {
    this.#history.add(line)
    if (this.#pasting) {
      this.#pasted = [...(this.#pasted ?? []), line]
      return
    }
    const whole = [...(this.#pasted ?? []), line].join('\n')
    this.#pasted = undefined
    this.#tell({ line: whole })
  }

  #onInterrupt(): void {
    this.#pasted = undefined
    this.#pasting = false
    if (!this.#waiting) {
      this.onInterrupt?.()
      return
    }
    const dropped = this.#lines.line !== ''
    this.#forgetLine()
    this.#terminal.output.write('\n')
    if (dropped) this.#lines.prompt()
    else this.#tell('interrupt')
  }

  #tell(typed: Typed): void {
    this.#echo.audible = false
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(typed)
    else this.#typed.push(typed)
  }

  #showPlaceholder(prompt: string, text: string): void {
    const width = stringWidth(text)
    if (width === 0 || stringWidth(prompt) + width >= columnsOf(this.#terminal.output)) return
    const { output, env } = this.#terminal
    const grayed = grey(text, output, env)
    // Without colour it would read as something typed.
    if (grayed === text) return
    this.#placeholder = true
    output.write(`${grayed}\x1b[${width}D`)
  }

  #hidePlaceholder(): void {
    if (!this.#placeholder) return
    this.#placeholder = false
    this.#terminal.output.write('\x1b[K')
  }
}

/** Where readline writes; it is deaf while an answer is being written. */
class Echo extends Writable {
  readonly #output: NodeJS.WriteStream
  audible = true

  constructor(output: NodeJS.WriteStream) {
    super({ decodeStrings: false })
    this.#output = output
    output.on('resize', () => this.emit('resize'))
  }

  get columns(): number {
    return columnsOf(this.#output)
  }

  override _write(chunk: string | Buffer, _: BufferEncoding, done: () => void): void {
    if (this.audible) this.#output.write(chunk)
    done()
  }
}
