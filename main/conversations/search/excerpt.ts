import type { Segment } from '../../../preload/contract.ts'
import { fold, foldWithOrigins } from '../../../preload/contract-fold.ts'

/** Code units shown before the first match, and in all. */
const before = 40
const around = 200
/** Code units of a long text that are looked at together. */
const piece = 4_096

/**
 * The part of a text around its first match, with every match marked; its beginning where no term is found. White space
 * becomes one space, as an excerpt is one line.
 * @param terms folded
 */
export function excerptOf(text: string, terms: readonly string[]): Segment[] {
  const line = text.replace(/\s+/g, ' ').trim()
  const folded = fold(line)
  const first = Math.min(...terms.map(term => folded.indexOf(term)).filter(at => at >= 0))
  if (!Number.isFinite(first)) return [{ text: cut(line, 0, around), match: false }]
  const from = wordStart(line, Math.max(0, originOf(line, first) - before))
  const shown = cut(line, from, from + around)
  return marked(`${from > 0 ? '…' : ''}${shown}${from + shown.length < line.length ? '…' : ''}`, terms)
}

/**
 * Where the letter begins that is folded to what stands at `at`: of a long text only a piece is read letter by letter.
 */
function originOf(line: string, at: number): number {
  let done = 0
  for (let from = 0; from < line.length; ) {
    const to = whole(line, Math.min(from + piece, line.length))
    const part = line.slice(from, to)
    const { length } = fold(part)
    if (at < done + length) return from + (foldWithOrigins(part).origins[at - done] ?? 0)
    done += length
    from = to
  }
  return line.length
}

/** A whole text with every match marked. */
export function marked(text: string, terms: readonly string[]): Segment[] {
  const { text: folded, origins } = foldWithOrigins(text)
  const segments: Segment[] = []
  let done = 0
  for (const [start, end] of matches(folded, terms)) {
    const from = origins[start] ?? 0
    const to = Math.max(origins[end] ?? text.length, from + 1)
    if (from < done) continue
    if (from > done) segments.push({ text: text.slice(done, from), match: false })
    segments.push({ text: text.slice(from, to), match: true })
    done = to
  }
  if (done < text.length) segments.push({ text: text.slice(done), match: false })
  return segments
}

/** Places of all terms in order, the longest first where two begin together. */
function matches(folded: string, terms: readonly string[]): [number, number][] {
  const places: [number, number][] = []
  for (const term of terms) {
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
      places.push([at, at + term.length])
    }
  }
  return places.sort((a, b) => a[0] - b[0] || b[1] - a[1])
}

/** The beginning of the word a place is in, if it is near. */
function wordStart(line: string, at: number): number {
  const space = line.lastIndexOf(' ', at)
  return at === 0 || space < at - 20 ? whole(line, at) : space + 1
}

function cut(line: string, from: number, to: number): string {
  return line.slice(from, whole(line, Math.min(to, line.length)))
}

/** A place that does not tear a surrogate pair. */
function whole(line: string, at: number): number {
  const code = line.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
