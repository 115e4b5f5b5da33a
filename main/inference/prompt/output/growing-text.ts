/** Characters after which a piece is closed, so that what is read at the end of a text need not be put together. */
const pieceLength = 4096

/**
 * A text that grows at its end and is read near it. Adding to a plain string and then reading it copies the whole of it
 * each time, which in a file that is written token by token takes longer than to compute the tokens.
 */
export class GrowingText {
  /** Closed pieces and where they begin. */
  readonly #pieces: { readonly start: number; readonly text: string }[] = []
  #last = ''
  #lastStart = 0

  constructor(text = '') {
    this.add(text)
  }

  get length(): number {
    return this.#lastStart + this.#last.length
  }

  add(text: string): void {
    this.#last += text
    if (this.#last.length < pieceLength) return
    this.#pieces.push({ start: this.#lastStart, text: this.#last })
    this.#lastStart += this.#last.length
    this.#last = ''
  }

  /** The text from an offset on, which must not be negative. */
  from(start: number): string {
    if (start >= this.#lastStart) return this.#last.slice(start - this.#lastStart)
    let text = this.#last
    for (let at = this.#pieces.length - 1; at >= 0; at--) {
      const piece = this.#pieces[at]!
      if (piece.start <= start) return piece.text.slice(start - piece.start) + text
      text = piece.text + text
    }
    return text
  }
}
