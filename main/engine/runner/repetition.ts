/** Times a piece may follow itself (upstream llm/llama_server.go). */
const most = 30

/** Notices an answer that has lost itself: the same piece of text again and again, spaces aside. */
export class Repetition {
  #last: string | undefined
  #times = 0

  /**
   * @param piece the bytes one token prints
   * @returns true when it came more than thirty times in a row after its first
   */
  push(piece: Buffer): boolean {
    // Byte by byte: half characters are not to count as the same.
    const text = piece.toString('latin1').trim()
    this.#times = text === this.#last ? this.#times + 1 : 0
    this.#last = text
    return this.#times > most
  }
}
