/**
 * A Modelfile value while it is read. It knows at any moment whether its quotes are balanced, without looking at all
 * of its text again: a licence has hundreds of lines, and each newline asks.
 */
export class ModelfileValue {
  readonly #pieces: string[] = []
  /** The first three characters from the first that is no space on. */
  #head = ''
  /** The last three up to the last that is no space, and the spaces since. */
  #tail = ''
  #spaces = ''
  /** Characters from the first to the last that is no space. */
  #length = 0

  push(character: string): void {
    this.#pieces.push(character)
    if (/^\s$/.test(character)) {
      if (this.#length > 0) this.#spaces += character
      return
    }
    if (this.#head.length < 3) this.#head = (this.#head + this.#spaces + character).slice(0, 3)
    this.#tail = (this.#tail + this.#spaces.slice(-2) + character).slice(-3)
    this.#length += this.#spaces.length + character.length
    this.#spaces = ''
  }

  /** Whether a newline ends the value here: it began without a quote, or the quote is closed. */
  get closed(): boolean {
    const quote = this.#quote
    return quote === '' || (this.#length >= 2 * quote.length && this.#tail.endsWith(quote))
  }

  /** The value, trimmed and without its quotes; there is none of what is verbatim inside to unescape. */
  get text(): string {
    const trimmed = this.#pieces.join('').trim()
    const { length } = this.#quote
    return trimmed.slice(length, trimmed.length - length)
  }

  get #quote(): '' | '"' | '"""' {
    if (this.#head === '"""') return '"""'
    return this.#head.startsWith('"') ? '"' : ''
  }
}
