import type { FoundCall, OutputFormat, Piece, PieceReader, ReaderContext } from './format.ts'
import { firstMarker, unfinished } from './markers.ts'
import { Pieces } from './pieces.ts'

/** A format whose answer is a sequence of messages, each with a header that says what it is. */
export interface HeaderFormat {
  /** Begins a header; the prompt leaves one open. */
  readonly start: string
  /** Ends a header. */
  readonly message: string
  /** Each of these ends a message. */
  ends(context: ReaderContext): readonly string[]
  /** What ends a message is the next header already. */
  readonly endsAreHeaders?: boolean
  /** What a message is by its header; undefined for text that is none. */
  kind(header: string, context: ReaderContext): MessageKind | undefined
  /** The calls in a message to a function; undefined for text that holds none. @throws Problem 500 */
  calls(kind: MessageKind & { type: 'call' }, text: string, context: ReaderContext): readonly FoundCall[] | undefined
}

export type MessageKind =
  | { readonly type: 'thinking' | 'content' }
  | { readonly type: 'call'; readonly recipient: string }

/** Characters within which a header ends; what goes on is the answer of a model that forgot its header. */
const longestHeader = 500

/** The role that every answer has. */
const role = 'assistant'

export function headerFormat(
  format: HeaderFormat,
  facts: Pick<OutputFormat, 'thinking' | 'answerOpen' | 'markers' | 'stop'>,
): OutputFormat {
  return { ...facts, calls: true, reader: context => new HeaderReader(format, context) }
}

class HeaderReader implements PieceReader {
  readonly #format: HeaderFormat
  readonly #context: ReaderContext
  readonly #ends: readonly string[]
  #buffer: string
  /** What the current message is; undefined while its header is read. */
  #kind: MessageKind | undefined
  #call = ''
  readonly #pieces = new Pieces()

  constructor(format: HeaderFormat, context: ReaderContext) {
    this.#format = format
    this.#context = context
    this.#ends = format.ends(context)
    // The prompt ends with an open header, or inside a message that is to be continued.
    const begun = context.prompt.lastIndexOf(format.start)
    this.#buffer = begun < 0 ? '' : context.prompt.slice(begun)
    this.#advance()
    this.#pieces.take()
  }

  push(text: string): Piece[] {
    this.#buffer += text
    this.#advance()
    return this.#pieces.take()
  }

  end(): Piece[] {
    if (this.#kind) {
      this.#emit(this.#kind, this.#buffer)
      this.#finish()
    } else {
      // A model that forgot its header has answered all the same; a header cut off is no answer.
      const text = this.#withoutStart(this.#buffer)
      if (!text.includes('<|') && !/^\s*to=/.test(text)) this.#emit({ type: 'content' }, text)
    }
    this.#buffer = ''
    return this.#pieces.take()
  }

  #advance(): void {
    const { message, endsAreHeaders } = this.#format
    for (;;) {
      if (!this.#kind) {
        const at = this.#buffer.slice(0, longestHeader).indexOf(message)
        if (at < 0 && this.#buffer.length < longestHeader) return
        if (at >= 0) this.#kind = this.#format.kind(this.#buffer.slice(0, at), this.#context)
        if (this.#kind) this.#buffer = this.#buffer.slice(at + message.length)
        else {
          this.#kind = { type: 'content' }
          this.#buffer = this.#withoutStart(this.#buffer)
        }
      }
      const end = firstMarker(this.#buffer, this.#ends)
      const cut = end ? end.at : this.#buffer.length - unfinished(this.#buffer, this.#ends)
      this.#emit(this.#kind, this.#buffer.slice(0, cut))
      this.#buffer = this.#buffer.slice(cut)
      if (!end) return
      this.#finish()
      if (!endsAreHeaders) this.#buffer = this.#buffer.slice(end.marker.length)
    }
  }

  #withoutStart(text: string): string {
    const { start } = this.#format
    return text.startsWith(start) ? text.slice(start.length).replace(new RegExp(`^${role}`), '') : text
  }

  #finish(): void {
    const kind = this.#kind
    this.#kind = undefined
    if (kind?.type !== 'call') return
    const text = this.#call
    this.#call = ''
    const calls = this.#format.calls(kind, text, this.#context)
    if (!calls) this.#emit({ type: 'content' }, text)
    this.#pieces.addCalls(calls ?? [])
  }

  #emit({ type }: MessageKind, text: string): void {
    if (type === 'call') this.#call += text
    else this.#pieces.addText(type, text)
  }
}
