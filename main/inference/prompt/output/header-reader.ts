import type { FoundCall, OutputFormat, Piece, PieceReader, ReaderContext } from './format.ts'
import { firstMarker, unfinished } from './markers.ts'

/** A format whose answer is a sequence of messages, each with a header that says what it is. */
export interface HeaderFormat {
  /** Ends a header. */
  readonly message: string
  /** Each of these ends a message; the first begins the next header. */
  readonly ends: readonly string[]
  /** What a message is by its header. */
  kind(header: string): MessageKind
  /** The calls in a message to a function. @throws Problem 500 */
  calls(kind: MessageKind & { type: 'call' }, text: string, context: ReaderContext): readonly FoundCall[]
}

export type MessageKind =
  | { readonly type: 'thinking' | 'content' }
  | { readonly type: 'call'; readonly recipient: string }

/** The header of every answer, which the prompt leaves open. */
const opening = '<|start|>assistant'

export function headerFormat(
  format: HeaderFormat,
  facts: Pick<OutputFormat, 'thinking' | 'markers' | 'stop'>,
): OutputFormat {
  return { ...facts, calls: true, reader: context => new HeaderReader(format, context) }
}

class HeaderReader implements PieceReader {
  readonly #format: HeaderFormat
  readonly #context: ReaderContext
  #buffer: string
  /** What the current message is; undefined while its header is read. */
  #kind: MessageKind | undefined
  #call = ''
  #pieces: Piece[] = []

  constructor(format: HeaderFormat, context: ReaderContext) {
    this.#format = format
    this.#context = context
    // The prompt ends with an open header, or inside a message that is to be continued.
    const begun = context.prompt.lastIndexOf('<|start|>')
    this.#buffer = begun < 0 ? '' : context.prompt.slice(begun)
    this.#advance()
    this.#pieces = []
  }

  push(text: string): Piece[] {
    this.#buffer += text
    this.#advance()
    return this.#take()
  }

  end(): Piece[] {
    if (this.#kind) {
      this.#emit(this.#kind, this.#buffer)
      this.#finish()
    } else {
      // A model that forgot its header has answered all the same; a header cut off is no answer.
      const text = this.#buffer.startsWith(opening) ? this.#buffer.slice(opening.length) : this.#buffer
      if (!text.includes('<|') && !/^\s*to=/.test(text)) this.#emit({ type: 'content' }, text)
    }
    this.#buffer = ''
    return this.#take()
  }

  #advance(): void {
    const { message, ends } = this.#format
    for (;;) {
      if (!this.#kind) {
        const at = this.#buffer.indexOf(message)
        if (at < 0) return
        this.#kind = this.#format.kind(this.#buffer.slice(0, at))
        this.#buffer = this.#buffer.slice(at + message.length)
      }
      const end = firstMarker(this.#buffer, ends)
      const cut = end ? end.at : this.#buffer.length - unfinished(this.#buffer, ends)
      this.#emit(this.#kind, this.#buffer.slice(0, cut))
      this.#buffer = this.#buffer.slice(cut)
      if (!end) return
      this.#finish()
      this.#buffer = this.#buffer.slice(end.marker.length)
    }
  }

  #finish(): void {
    const kind = this.#kind
    this.#kind = undefined
    if (kind?.type !== 'call') return
    const text = this.#call
    this.#call = ''
    for (const call of this.#format.calls(kind, text, this.#context)) this.#pieces.push({ type: 'call', ...call })
  }

  #emit({ type }: MessageKind, text: string): void {
    if (text === '') return
    if (type === 'call') {
      this.#call += text
      return
    }
    const last = this.#pieces.at(-1)
    if (last?.type === type) this.#pieces[this.#pieces.length - 1] = { type, text: last.text + text }
    else this.#pieces.push({ type, text })
  }

  #take(): Piece[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }
}
