import { flag } from '../variables.ts'

/** The last part of what a process printed, cut to a bound so that a chatty engine cannot fill main's memory. */
export class PrintedLog {
  readonly #limit: number
  #text = ''

  /** @param limit characters kept */
  constructor(limit = 64 * 1024) {
    this.#limit = limit
  }

  /** Keeps what a process prints, and with OLLAMA_DEBUG shows it on this one's stderr as well. */
  collect(...streams: readonly (NodeJS.ReadableStream | null)[]): void {
    const shown = flag(process.env, 'OLLAMA_DEBUG')
    for (const stream of streams) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.append(chunk)
        if (shown) process.stderr.write(chunk)
      })
    }
  }

  append(chunk: string): void {
    this.#text += chunk
    // Cutting only now and then keeps a stream of small chunks cheap.
    if (this.#text.length > this.#limit * 2) this.#text = this.#text.slice(-this.#limit)
  }

  /** At most `limit` characters, beginning with a whole line. */
  toString(): string {
    if (this.#text.length <= this.#limit) return this.#text
    const tail = this.#text.slice(-this.#limit)
    return tail.slice(tail.indexOf('\n') + 1)
  }
}
