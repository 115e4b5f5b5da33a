import { callsFromJson } from './calls/json-call.ts'
import type { BodyParser, CallProgress, CallReader, FoundCall, ReaderContext } from './format.ts'
import { JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, type Marker, unfinished } from './markers.ts'
import { type Quoting, quotesNothing } from './quoted.ts'

/**
 * Characters behind a marker that was taken for quoted within which the call must have ended: a model that forgot a
 * closing tag would have the rest of its answer held back otherwise. More than a file that is written by a call, as
 * what is cut there would be half of one.
 */
const longestQuotation = 256_000

/**
 * Reads a block up to its closing marker and parses what is in between. A block that cannot be parsed is shown as it
 * was written; one that the end of the answer cut off is parsed all the same.
 * @param before text in front of the body when it is shown: the opening marker
 * @param reopens the opening marker ends a block, too: models of the family leave out the closing one
 */
export function delimitedReader(
  close: readonly string[],
  parse: BodyParser,
  { before, context, reopens = false, quoting = quotesNothing }: DelimitedOptions,
): CallReader {
  const ends = reopens ? [...close, before] : close
  let body = ''
  let searched = 0
  /** The first marker that was taken for quoted. */
  let skipped: Marker | undefined
  const finish = ({ at, marker }: Marker): CallProgress => {
    const written = body.slice(0, at)
    const calls = parse(written, context)
    if (!calls && skipped) return finishAtSkipped(skipped)
    const rest = body.slice(marker === before ? at : at + marker.length)
    if (calls) return { calls, rest }
    return { calls: [], text: before + written + (marker === before ? '' : marker), rest }
  }
  const finishAtSkipped = (marker: Marker): CallProgress => {
    skipped = undefined
    return finish(marker)
  }
  /** Whether the marker that was taken for quoted was none, by what stands between it and an offset. */
  const isNoQuotation = (upTo: number): boolean =>
    skipped !== undefined && (upTo > skipped.at + longestQuotation || (quoting.slips?.(body, upTo) ?? false))
  return {
    push(text) {
      body += text
      for (let found = firstMarker(body, ends, searched); found; found = firstMarker(body, ends, searched)) {
        if (isNoQuotation(found.at)) return finishAtSkipped(skipped!)
        const behind = found.at + found.marker.length
        const quoted = quoting.quotes(body, found.at, behind)
        if (quoted === false) return finish(found)
        searched = quoted ? behind : found.at
        if (quoted === undefined) return { calls: [] }
        skipped ??= found
      }
      searched = Math.max(searched, body.length - unfinished(body, ends))
      return isNoQuotation(searched) ? finishAtSkipped(skipped!) : { calls: [] }
    },
    end() {
      const undecided = firstMarker(body, ends, searched)
      if (undecided) return finish(undecided)
      // What is still open was no quotation.
      if (skipped && quoting.quotes(body, body.length, body.length) !== false) return finishAtSkipped(skipped)
      return finish({ at: body.length, marker: '' })
    },
  }
}

interface DelimitedOptions {
  readonly before: string
  readonly context: ReaderContext
  readonly reopens?: boolean
  readonly quoting?: Quoting
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
