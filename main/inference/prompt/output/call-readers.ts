import { callsFromJson } from './calls/json-call.ts'
import type { BodyParser, CallProgress, CallReader, FoundCall, ReaderContext } from './format.ts'
import { JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, unfinished } from './markers.ts'

/**
 * Reads a block up to its closing marker and parses what is in between. A block that cannot be parsed is shown as it
 * was written; one that the end of the answer cut off is parsed all the same.
 * @param before text in front of the body when it is shown: the opening marker
 * @param reopens the opening marker ends a block, too: models of the family leave out the closing one
 * @param isOpen whether a closing marker behind this text belongs to what is quoted in it
 */
export function delimitedReader(
  close: readonly string[],
  parse: BodyParser,
  { before, context, reopens = false, isOpen = () => false }: DelimitedOptions,
): CallReader {
  const ends = reopens ? [...close, before] : close
  let body = ''
  let searched = 0
  const finish = (end: number, marker: string): CallProgress => {
    const written = body.slice(0, end)
    const rest = body.slice(marker === before ? end : end + marker.length)
    const calls = parse(written, context)
    if (calls) return { calls, rest }
    return { calls: [], text: before + written + (marker === before ? '' : marker), rest }
  }
  return {
    push(text) {
      body += text
      for (let found = firstMarker(body, ends, searched); found; found = firstMarker(body, ends, searched)) {
        if (!isOpen(body.slice(0, found.at))) return finish(found.at, found.marker)
        searched = found.at + found.marker.length
      }
      searched = Math.max(searched, body.length - unfinished(body, ends))
      return { calls: [] }
    },
    end: () => finish(body.length, ''),
  }
}

interface DelimitedOptions {
  readonly before: string
  readonly context: ReaderContext
  readonly reopens?: boolean
  readonly isOpen?: (body: string) => boolean
}

/**
 * Reads JSON values that follow each other, with `,` or `;` between them, as long as they are calls.
 * @param before text in front when it proves to be no call
 */
export function jsonReader(before: string, { isCall = anyCall, lead = '' }: JsonReaderOptions = {}): CallReader {
  let text = ''
  let scanner: JsonScanner | undefined
  let scanned = 0
  let any = false
  const advance = (ended: boolean): CallProgress => {
    const calls: FoundCall[] = []
    for (;;) {
      if (!scanner) {
        const start = /^[\s,;]*/.exec(text)![0].length
        const next = text[start]
        if (next === undefined && !ended) return { calls }
        if (next !== '{' && next !== '[') {
          return any ? { calls, rest: text } : { calls, text: before, rest: text }
        }
        text = text.slice(start)
        scanner = new JsonScanner()
        scanned = 0
      }
      const end = scanner.scan(text, scanned)
      scanned = text.length
      if (end < 0) {
        if (!ended) return { calls }
        return { calls, text: (any ? '' : before) + text, rest: '' }
      }
      const found = callsFromJson(tryJson(text.slice(0, end)))?.filter(isCall)
      if (!found?.length) return { calls, text: (any ? '' : before) + text.slice(0, end), rest: text.slice(end) }
      calls.push(...found)
      any = true
      scanner = undefined
      text = text.slice(end)
    }
  }
  text = lead
  return {
    push(added) {
      text += added
      return advance(false)
    },
    end: () => advance(true),
  }
}

interface JsonReaderOptions {
  /** Which calls count; others are text. */
  readonly isCall?: (call: FoundCall) => boolean
  /** Text that is part of the JSON and was read already. */
  readonly lead?: string
}

function anyCall(): boolean {
  return true
}
