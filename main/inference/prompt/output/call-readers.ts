import { callsFromJson } from './calls/json-call.ts'
import type { BodyParser, CallProgress, CallReader, FoundCall, ReaderContext } from './format.ts'
import { GrowingText } from './growing-text.ts'
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
  const body = new GrowingText()
  let searched = 0
  /** The first marker that was taken for quoted. */
  let skipped: Marker | undefined
  const finish = ({ at, marker }: Marker): CallProgress => {
    const whole = body.from(0)
    const written = whole.slice(0, at)
    const calls = parse(written, context)
    if (!calls && skipped) return finishAtSkipped(skipped)
    const rest = whole.slice(marker === before ? at : at + marker.length)
    if (calls) return { calls, rest }
    return { calls: [], text: before + written + (marker === before ? '' : marker), rest }
  }
  const finishAtSkipped = (marker: Marker): CallProgress => {
    skipped = undefined
    return finish(marker)
  }
  const nextEnd = (): Marker | undefined => {
    const found = firstMarker(body.from(searched), ends)
    return found && { at: searched + found.at, marker: found.marker }
  }
  /** Whether the marker that was taken for quoted was none, by what stands between it and an offset. */
  const isNoQuotation = (upTo: number): boolean =>
    skipped !== undefined && (upTo > skipped.at + longestQuotation || (quoting.slips?.(body, upTo) ?? false))
  return {
    push(text) {
      body.add(text)
      for (let found = nextEnd(); found; found = nextEnd()) {
        if (isNoQuotation(found.at)) return finishAtSkipped(skipped!)
        const behind = found.at + found.marker.length
        const quoted = quoting.quotes(body, found.at, behind)
        if (quoted === false) return finish(found)
        searched = quoted ? behind : found.at
        if (quoted === undefined) return { calls: [] }
        skipped ??= found
      }
      searched = Math.max(searched, body.length - unfinished(body.from(searched), ends))
      return isNoQuotation(searched) ? finishAtSkipped(skipped!) : { calls: [] }
    },
    end() {
      const undecided = nextEnd()
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
  let text = new GrowingText(lead)
  let scanner: JsonScanner | undefined
  let scanned = 0
  let any = false
  const advance = (ended: boolean): CallProgress => {
    const calls: FoundCall[] = []
    for (;;) {
      if (!scanner) {
        const read = text.from(0)
        const start = /^[\s,;]*/.exec(read)![0].length
        const next = read[start]
        if (next === undefined && !ended) return { calls }
        if (next !== '{' && next !== '[') {
          return any ? { calls, rest: read } : { calls, text: before, rest: read }
        }
        text = new GrowingText(read.slice(start))
        scanner = new JsonScanner()
        scanned = 0
      }
      const found = scanner.scan(text.from(scanned))
      const end = found < 0 ? -1 : scanned + found
      scanned = text.length
      if (end < 0 && !ended) return { calls }
      const read = text.from(0)
      if (end < 0) return { calls, text: (any ? '' : before) + read, rest: '' }
      const made = callsFromJson(tryJson(read.slice(0, end)))?.filter(isCall)
      if (!made?.length) return { calls, text: (any ? '' : before) + read.slice(0, end), rest: read.slice(end) }
      calls.push(...made)
      any = true
      scanner = undefined
      text = new GrowingText(read.slice(end))
    }
  }
  return {
    push(added) {
      text.add(added)
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
