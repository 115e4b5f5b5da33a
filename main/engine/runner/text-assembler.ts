import type { TokenLogprob } from '../engine.ts'

/** Text that is certain, with the tokens that made it. */
export interface Piece {
  readonly text: string
  readonly logprobs: readonly TokenLogprob[]
}

/**
 * Makes text out of the bytes of tokens: holds back half a character until it is whole, and the beginning of what may
 * become a stop string until it is none.
 */
export class TextAssembler {
  readonly #stops: readonly string[]
  readonly #longest: number
  // A mark at the start is text like any other, not a byte order to be swallowed.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #held = ''
  /** Tokens not yet given out, each with the place in the held text where it begins. */
  #tokens: { readonly at: number; readonly logprob: TokenLogprob }[] = []
  #stopString: string | undefined

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter(stop => stop !== '')
    this.#longest = this.#stops.reduce((longest, { length }) => Math.max(longest, length), 0)
  }

  /** The stop string that ended the text; nothing may be added after it. */
  get stopString(): string | undefined {
    return this.#stopString
  }

  push(bytes: Uint8Array, logprob?: TokenLogprob): Piece {
    if (logprob) this.#tokens.push({ at: this.#held.length, logprob })
    this.#held += this.#decoder.decode(bytes, { stream: true })
    const found = this.#earliestStop()
    this.#stopString = found?.stop
    return this.#give(found?.at ?? this.#held.length - this.#unfinishedStop())
  }

  /** What is left when the answer ends for another reason; half a character is dropped. */
  end(): Piece {
    const { text, logprobs } = this.#give(this.#held.length)
    return { text, logprobs: [...logprobs, ...this.#tokens.splice(0).map(({ logprob }) => logprob)] }
  }

  /** Gives out the text before `end` with the tokens that begin in it; one without text waits for what follows. */
  #give(end: number): Piece {
    const text = this.#held.slice(0, end)
    this.#held = this.#held.slice(end)
    if (this.#tokens.length === 0) return { text, logprobs: [] }
    const given = this.#tokens.filter(({ at }) => at < end)
    this.#tokens = this.#tokens.slice(given.length).map(({ at, logprob }) => ({ at: at - end, logprob }))
    return { text, logprobs: given.map(({ logprob }) => logprob) }
  }

  #earliestStop(): { at: number; stop: string } | undefined {
    let found: { at: number; stop: string } | undefined
    for (const stop of this.#stops) {
      const at = this.#held.indexOf(stop)
      if (at >= 0 && (!found || at < found.at)) found = { at, stop }
    }
    return found
  }

  /** How many characters at the end may be the beginning of a stop string. */
  #unfinishedStop(): number {
    const most = Math.min(this.#held.length, this.#longest - 1)
    for (let length = most; length > 0; length--) {
      const tail = this.#held.slice(-length)
      if (this.#stops.some(stop => stop.startsWith(tail))) return length
    }
    return 0
  }
}
