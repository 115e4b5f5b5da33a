import stringWidth from 'string-width'

/** Columns left free at the right. */
const margin = 5

/** The longest word that is taken to the next line once it has begun to be written; a longer one is cut. */
const longestWord = 40

/**
 * Breaks an answer into lines between words while it is written. A word shows as soon as it comes; if it turns out too
 * long for its line, it is taken back and written on the next.
 */
export class WordWrap {
  readonly #columns: () => number
  #column = 0
  /** The word that is being written, and its width. */
  #word = ''
  #wordWidth = 0

  /** @param columns of the terminal, asked anew each time: it can be resized */
  constructor(columns: () => number) {
    this.#columns = columns
  }

  /** @returns what to write for the next piece of text */
  push(text: string): string {
    const limit = Math.max(10, this.#columns() - margin)
    let out = ''
    for (const { segment } of graphemes.segment(text)) out += this.#take(segment, limit)
    return out
  }

  #take(character: string, limit: number): string {
    if (character === '\n') {
      this.#column = 0
      this.#endWord()
      return character
    }
    const width = stringWidth(character)
    if (character === ' ' || character === '\t') return this.#space(character, limit)
    // Chinese, Japanese and the like may be broken anywhere.
    if (width > 1) this.#endWord()
    let out = ''
    if (this.#column + width > limit) {
      out = this.#nextLine()
    }
    this.#column += width
    if (width === 1) {
      this.#word += character
      this.#wordWidth += width
    }
    return out + character
  }

  /** A space at the end of a line is not written. */
  #space(character: string, limit: number): string {
    this.#endWord()
    if (this.#column + 1 > limit) {
      this.#column = 0
      return '\n'
    }
    this.#column += 1
    return character
  }

  #nextLine(): string {
    const moves = this.#wordWidth > 0 && this.#wordWidth < this.#column && this.#wordWidth <= longestWord
    this.#column = moves ? this.#wordWidth : 0
    if (moves) return `\x1b[${this.#wordWidth}D\x1b[K\n${this.#word}`
    this.#endWord()
    return '\n'
  }

  #endWord(): void {
    this.#word = ''
    this.#wordWidth = 0
  }
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
