import {
  beginsThinking,
  type CallProgress,
  type CallReader,
  type CallSyntax,
  type OutputFormat,
  type Piece,
  type PieceReader,
  type ReaderContext,
  type ThinkingTags,
} from './format.ts'
import { firstMarker, unfinished } from './markers.ts'
import { Pieces } from './pieces.ts'

/** A format told by markers in the text. */
export interface MarkerFormat {
  readonly thinking?: ThinkingTags
  /** Thinking may also begin after text; otherwise only at the start. */
  readonly thinkingAnywhere?: boolean
  /** Models of this kind forget to end their thinking before a call. */
  readonly callsEndThinking?: boolean
  readonly calls?: CallSyntax
  /** Markers around the text of the answer that are not part of it. */
  readonly hidden?: readonly string[]
  /** See OutputFormat. */
  readonly answerOpen?: string
  readonly stop?: readonly string[]
  /** White space before calls and before the end of thinking is text, too. */
  readonly keepsSpace?: boolean
}

export function markerFormat(format: MarkerFormat): OutputFormat {
  const { thinking, calls, hidden = [] } = format
  return {
    thinking,
    calls: calls !== undefined,
    markers: [
      ...(thinking ? [thinking.open, ...thinking.close] : []),
      ...(calls?.open ?? []),
      ...(calls?.markers ?? []),
      ...(calls?.around ?? []),
      ...hidden,
    ],
    answerOpen: format.answerOpen,
    stop: format.stop,
    write: calls?.write,
    reader: context => new MarkerReader(format, context),
  }
}

/** Where the reader stands: before the first text, in thinking, in the answer, or in a call. */
type Mode = 'start' | 'thinking' | 'content' | 'call'

/**
 * The streaming machine all marker formats share. Text goes out as soon as it can no longer be the beginning of a
 * marker, and the outcome does not depend on how the text was cut into pieces.
 */
class MarkerReader implements PieceReader {
  readonly #format: MarkerFormat
  readonly #context: ReaderContext
  readonly #callMarkers: readonly string[]
  readonly #firstMarkers: readonly string[]
  readonly #hidden: readonly string[]
  readonly #keepsSpace: boolean
  #mode: Mode
  #buffer = ''
  readonly #pieces = new Pieces()
  /** White space is dropped until the next text. */
  #skipsSpace = false
  /** Thinking the prompt has begun may still begin with a tag of its own. */
  #mayReopen: boolean
  /** Nothing but white space has come out as the answer. */
  #first = true
  #call: CallReader | undefined

  constructor(format: MarkerFormat, context: ReaderContext) {
    this.#format = format
    this.#context = context
    const calls = context.readsCalls ? format.calls : undefined
    this.#callMarkers = calls?.open ?? []
    this.#firstMarkers = calls?.openFirst ?? []
    this.#hidden = [...(format.hidden ?? []), ...(calls?.around ?? [])]
    this.#keepsSpace = format.keepsSpace ?? false
    const startsThinking = beginsThinking(format, context.prompt)
    this.#mode = startsThinking ? 'thinking' : 'start'
    this.#mayReopen = startsThinking
    this.#skipsSpace = startsThinking
  }

  push(text: string): Piece[] {
    this.#advance(text)
    return this.#pieces.take()
  }

  #advance(text: string): void {
    this.#buffer += text
    while (this.#step());
  }

  end(): Piece[] {
    while (this.#mode === 'call') {
      this.#settle({ rest: '', ...this.#call!.end() })
      while (this.#step());
    }
    if (!this.#skipsSpace || this.#buffer.trim() !== '') {
      this.#emit(this.#mode === 'thinking' ? 'thinking' : 'content', this.#buffer)
    }
    this.#buffer = ''
    return this.#pieces.take()
  }

  /** Moves on as far as the text allows; true when there may be more to do. */
  #step(): boolean {
    if (this.#buffer === '') return false
    switch (this.#mode) {
      case 'start':
        return this.#start()
      case 'thinking':
        return this.#thinking()
      case 'content':
        return this.#content()
      case 'call':
        return this.#inCall()
    }
  }

  #start(): boolean {
    const { thinking } = this.#format
    const text = this.#buffer.trimStart()
    // An end without a beginning: the model ends thinking that the prompt has ended already.
    const tags = thinking ? [thinking.open, ...thinking.close] : []
    const tag = tags.find(candidate => text.startsWith(candidate))
    if (!tag) {
      if (tags.some(candidate => candidate.startsWith(text))) return false
      this.#mode = 'content'
      return true
    }
    this.#buffer = text.slice(tag.length)
    if (tag === thinking!.open) this.#enterThinking()
    else {
      this.#mode = 'content'
      this.#skipsSpace = true
    }
    return true
  }

  #enterThinking(): void {
    this.#mode = 'thinking'
    this.#skipsSpace = true
  }

  #thinking(): boolean {
    if (!this.#skipSpace()) return false
    const { open, close } = this.#format.thinking!
    if (this.#mayReopen) {
      if (open.startsWith(this.#buffer) && this.#buffer !== open) return false
      this.#mayReopen = false
      if (this.#buffer.startsWith(open)) {
        this.#buffer = this.#buffer.slice(open.length)
        this.#skipsSpace = true
        return true
      }
    }
    const ends = this.#format.callsEndThinking ? [...close, ...this.#callMarkers] : close
    const end = this.#emitUpTo('thinking', ends)
    if (!end) return false
    this.#mode = 'content'
    this.#skipsSpace = true
    if (close.includes(end)) this.#buffer = this.#buffer.slice(end.length)
    return true
  }

  #content(): boolean {
    if (!this.#skipSpace()) return false
    const { thinking, thinkingAnywhere } = this.#format
    if (this.#first && this.#firstMarkers.length > 0) {
      const text = this.#buffer.trimStart()
      if (text === '') return false
      if (this.#firstMarkers.includes(text[0]!)) {
        if (this.#keepsSpace) this.#emit('content', this.#buffer.slice(0, -text.length))
        return this.#enterCall(text[0]!, text.slice(1))
      }
    }
    const thinkingOpen = thinking && thinkingAnywhere ? [thinking.open] : []
    const calls = this.#callMarkers
    const marker = this.#emitUpTo('content', [...calls, ...thinkingOpen, ...this.#hidden], calls.length > 0)
    if (!marker) return false
    const rest = this.#buffer.slice(marker.length)
    if (calls.includes(marker)) return this.#enterCall(marker, rest)
    this.#buffer = rest
    if (thinkingOpen.includes(marker)) this.#enterThinking()
    return true
  }

  #enterCall(open: string, rest: string): true {
    this.#mode = 'call'
    this.#call = this.#format.calls!.reader(open, this.#context)
    this.#buffer = rest
    return true
  }

  #inCall(): boolean {
    const text = this.#buffer
    this.#buffer = ''
    return this.#settle(this.#call!.push(text))
  }

  /** Takes over what a call reader found; true when the calls are over. */
  #settle({ calls, rest, text }: CallProgress): boolean {
    this.#pieces.addCalls(calls)
    if (text) this.#emit('content', text)
    if (rest === undefined) return false
    this.#buffer = rest
    this.#mode = 'content'
    // Text that was no call goes on as it is.
    this.#skipsSpace = !text
    this.#first = false
    return true
  }

  /** Drops white space where it is unwanted; false when nothing else is there yet. */
  #skipSpace(): boolean {
    if (!this.#skipsSpace) return true
    this.#buffer = this.#buffer.trimStart()
    if (this.#buffer === '') return false
    this.#skipsSpace = false
    return true
  }

  /** Emits the text before the first marker, or what surely is no part of one; returns the marker now in front. */
  #emitUpTo(type: 'content' | 'thinking', markers: readonly string[], trims = true): string | undefined {
    const found = firstMarker(this.#buffer, markers)
    const cut = found ? found.at : this.#buffer.length - unfinished(this.#buffer, markers)
    let kept = cut
    if (trims && !this.#keepsSpace) while (kept > 0 && isSpace(this.#buffer[kept - 1]!)) kept--
    this.#emit(type, this.#buffer.slice(0, kept))
    this.#buffer = this.#buffer.slice(found ? cut : kept)
    return found?.marker
  }

  #emit(type: 'content' | 'thinking', text: string): void {
    if (type === 'content' && text.trim() !== '') this.#first = false
    this.#pieces.addText(type, text)
  }
}

function isSpace(character: string): boolean {
  return character.trim() === ''
}
