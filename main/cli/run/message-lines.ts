const mark = '"""'

/** Puts a message together from lines: one line, or all between `"""` and `"""`. */
export class MessageLines {
  #lines: string[] | undefined

  /** More lines of a message are awaited. */
  get open(): boolean {
    return this.#lines !== undefined
  }

  /** @returns the whole message, once it is whole */
  push(line: string): { readonly text: string } | undefined {
    if (this.#lines) return this.#more(line)
    // A command may take a text of several lines: `/set system """`.
    const [, before = '', rest] = /^((?:\/set\s+system\s+)?)"""(.*)$/s.exec(line) ?? []
    if (rest === undefined) return { text: line }
    this.#lines = [before]
    return this.#more(rest, true)
  }

  drop(): void {
    this.#lines = undefined
  }

  #more(line: string, first = false): { readonly text: string } | undefined {
    const lines = this.#lines!
    const end = line.indexOf(mark)
    const part = end < 0 ? line : line.slice(0, end)
    if (first) lines[0] += part
    else lines.push(part)
    if (end < 0) return undefined
    this.#lines = undefined
    // The line with the closing mark alone adds nothing, nor does that with the opening one.
    const text = lines.join('\n')
    return { text: text.replace(/^((?:\/set\s+system\s+)?)\n/, '$1').replace(/\n$/, '') }
  }
}
