import { firstMarker, unfinished } from './markers.ts'

const fence = '```'

/**
 * Takes a format's tags out of an answer's text as it streams: a model that closes thinking it never began, or calls a
 * tool it was not given, writes them where a person would only wonder. Tags in code, which the answer is about, stay.
 */
export class TidyText {
  readonly #tags: readonly string[]
  #held = ''
  #before = ''
  #inFence = false

  /** @param tags texts that are never part of what the model has to say */
  constructor(tags: readonly string[]) {
    this.#tags = tags
  }

  /** The text that is certain to be shown. */
  push(text: string): string {
    this.#held += text
    const markers = [...this.#tags, fence]
    let shown = ''
    for (let found = firstMarker(this.#held, markers); found; found = firstMarker(this.#held, markers)) {
      const end = found.at + found.marker.length
      shown += this.#keep(this.#held.slice(0, found.at))
      if (found.marker === fence) this.#inFence = !this.#inFence
      if (found.marker === fence || this.#inFence || this.#before === '`') shown += this.#keep(found.marker)
      this.#held = this.#held.slice(end)
    }
    const certain = this.#held.length - unfinished(this.#held, markers)
    shown += this.#keep(this.#held.slice(0, certain))
    this.#held = this.#held.slice(certain)
    return shown
  }

  end(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }

  #keep(text: string): string {
    this.#before = text.at(-1) ?? this.#before
    return text
  }
}
