import { Problem } from '../../../problem.ts'
import type { OutputFormat, Piece, PieceReader, ReaderContext } from './format.ts'
import { isObject, tryJson } from './json-scanner.ts'
import { firstMarker, unfinished } from './markers.ts'

const start = '<|start|>'
const message = '<|message|>'
const ends = ['<|end|>', '<|call|>', '<|return|>', start]

/**
 * Harmony, the format of gpt-oss (upstream harmony/harmonyparser.go): a sequence of messages, each with a header that
 * names a channel and, for a call, a recipient: `<|channel|>commentary to=functions.f <|constrain|>json<|message|>{…}`.
 */
export const harmony: OutputFormat = {
  thinking: { open: '<|channel|>analysis<|message|>', close: ['<|end|>'] },
  calls: true,
  markers: [start, message, '<|end|>', '<|channel|>', '<|constrain|>', '<|call|>', '<|return|>'],
  stop: ['<|call|>', '<|return|>'],
  reader: context => new HarmonyReader(context),
}

type Kind = 'thinking' | 'content' | 'call'

class HarmonyReader implements PieceReader {
  #buffer: string
  /** What the current message is; undefined while its header is read. */
  #kind: Kind | undefined
  #recipient = ''
  #call = ''
  #pieces: Piece[] = []

  constructor({ prompt }: ReaderContext) {
    // The prompt ends with an open header, `<|start|>assistant`, or inside a message that is to be continued.
    const begun = prompt.lastIndexOf(start)
    this.#buffer = begun < 0 ? '' : prompt.slice(begun)
    this.#advance()
    this.#pieces = []
  }

  push(text: string): Piece[] {
    this.#buffer += text
    this.#advance()
    return this.#take()
  }

  end(): Piece[] {
    if (this.#kind === undefined) {
      // A model that forgot its header has answered all the same.
      const text = this.#buffer.replace(/^<\|start\|>assistant/, '')
      if (text !== '' && !text.includes('<|') && !this.#begunMarker(text)) this.#emit('content', text)
    } else {
      this.#emit(this.#kind, this.#buffer)
      this.#finish()
    }
    this.#buffer = ''
    return this.#take()
  }

  #advance(): void {
    for (;;) {
      if (this.#kind === undefined) {
        const at = this.#buffer.indexOf(message)
        if (at < 0) return
        this.#readHeader(this.#buffer.slice(0, at))
        this.#buffer = this.#buffer.slice(at + message.length)
      }
      const kind: Kind = this.#kind!
      const end = firstMarker(this.#buffer, ends)
      const cut = end ? end.at : this.#buffer.length - unfinished(this.#buffer, ends)
      this.#emit(kind, this.#buffer.slice(0, cut))
      this.#buffer = this.#buffer.slice(cut)
      if (!end) return
      this.#finish()
      this.#buffer = this.#buffer.slice(end.marker.length)
    }
  }

  #readHeader(header: string): void {
    const channel = /<\|channel\|>\s*([A-Za-z]+)/.exec(header)?.[1]
    this.#recipient = /\bto=([^\s<]+)/.exec(header)?.[1] ?? ''
    if (this.#recipient && this.#recipient !== 'user') this.#kind = 'call'
    else this.#kind = channel === 'analysis' ? 'thinking' : 'content'
    this.#call = ''
  }

  #finish(): void {
    if (this.#kind === 'call') this.#pieces.push(this.#parsedCall())
    this.#kind = undefined
  }

  /** @throws Problem 500 when the arguments are no JSON object */
  #parsedCall(): Piece {
    const written = this.#call.trim()
    const args = written === '' ? {} : tryJson(written)
    if (!isObject(args)) {
      throw new Problem('internal', 500, `error parsing tool call: raw='${this.#call}', err=not a JSON object`)
    }
    return { type: 'call', name: this.#recipient.replace(/^functions\./, ''), arguments: args }
  }

  #emit(kind: Kind, text: string): void {
    if (text === '') return
    if (kind === 'call') {
      this.#call += text
      return
    }
    const last = this.#pieces.at(-1)
    if (last?.type === kind) this.#pieces[this.#pieces.length - 1] = { type: kind, text: last.text + text }
    else this.#pieces.push({ type: kind, text })
  }

  #begunMarker(text: string): boolean {
    return unfinished(text, [start, message, '<|channel|>']) > 0
  }

  #take(): Piece[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }
}
