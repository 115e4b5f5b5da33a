import { callsFromJson } from './calls/json-call.ts'
import type { BodyParser, CallProgress, CallReader, FoundCall, ReaderContext } from './format.ts'
import { JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, unfinished } from './markers.ts'

/**
 * Reads a block up to its closing marker and parses what is in between. A block that cannot be parsed is shown as it
 * was written; one that the end of the answer cut off is parsed all the same.
 * @param before text in front of the body when it is shown: the opening marker
 * @param reopens the opening marker ends a block, too: models of the family leave out the closing one
 */
export function delimitedReader(
  close: readonly string[],
  parse: BodyParser,
  { before, context, reopens = false }: { before: string; context: ReaderContext; reopens?: boolean },
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
      const found = firstMarker(body, ends, searched)
      if (found) return finish(found.at, found.marker)
      searched = body.length - unfinished(body, ends)
      return { calls: [] }
    },
    end: () => finish(body.length, ''),
  }
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
