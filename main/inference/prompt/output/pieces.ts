import type { FoundCall, Piece } from './format.ts'

/** What a reader has found and not handed on yet: text of one kind that follows such text is one piece with it. */
export class Pieces {
  #pieces: Piece[] = []

  addText(type: 'content' | 'thinking', text: string): void {
    if (text === '') return
    const last = this.#pieces.at(-1)
    if (last?.type === type) this.#pieces[this.#pieces.length - 1] = { type, text: last.text + text }
    else this.#pieces.push({ type, text })
  }

  addCalls(calls: readonly FoundCall[]): void {
    for (const call of calls) this.#pieces.push({ type: 'call', ...call })
  }

  take(): Piece[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }
}
