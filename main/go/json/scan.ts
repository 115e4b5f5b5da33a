import { Problem } from '../../problem.ts'

/** Where a JSON value lies: first byte, and the byte after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Go's limit (encoding/json, maxNestingDepth). */
const maxDepth = 10_000

/**
 * Values a body may hold. Go knows no such limit; it keeps a hostile body of millions of empty arrays from filling the
 * memory, and lies far above what any client sends (a context of a million tokens is a million values).
 */
const maxValues = 2_000_000

/** What may come: a value; a first element or key, or the end of an empty container; a key; what follows a value. */
type Next = 'value' | 'first-element' | 'first-key' | 'key' | 'after-value'

/**
 * Finds the first JSON value of a text and checks its syntax as Go's encoding/json does; what follows it is not looked
 * at. Undefined when there is nothing but white space (Go's io.EOF).
 * @throws Problem 400 with Go's words: `invalid character 'x' looking for beginning of value`, `unexpected EOF`
 */
export function scanValue(bytes: Uint8Array): Span | undefined {
  const start = skipSpace(bytes, 0)
  if (start === bytes.length) return undefined
  /** Open containers; true for an object. */
  const open: boolean[] = []
  let at = start
  let next: Next = 'value'
  let values = 0
  do {
    at = skipSpace(bytes, at)
    const byte = byteAt(bytes, at)
    if ((next === 'first-key' && byte === closeBrace) || (next === 'first-element' && byte === closeBracket)) {
      open.pop()
      at++
      next = 'after-value'
    } else if (next === 'first-key' || next === 'key') {
      at = scanKey(bytes, at)
      next = 'value'
    } else if (next === 'after-value') {
      const inObject = open.at(-1)
      if (byte === comma) next = inObject ? 'key' : 'value'
      else if (byte === (inObject ? closeBrace : closeBracket)) open.pop()
      else throw invalid(bytes, at, inObject ? 'after object key:value pair' : 'after array element')
      at++
    } else {
      if (++values > maxValues)
        throw new Problem('invalid-request', 400, `request body holds more than ${maxValues} values`)
      if (byte === openBrace || byte === openBracket) {
        if (open.length === maxDepth) throw invalid(bytes, at, 'exceeded max depth')
        open.push(byte === openBrace)
        at++
        next = byte === openBrace ? 'first-key' : 'first-element'
      } else {
        at = byte === quote ? scanString(bytes, at + 1) : scanScalar(bytes, at, open.length === 0)
        next = 'after-value'
      }
    }
  } while (next !== 'after-value' || open.length > 0)
  return { start, end: at }
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** The first byte from `at` on that is no white space, or the length. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let i = at
  for (; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  }
  return i
}

/** A key and its colon; returns the byte after the colon. */
function scanKey(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) throw invalid(bytes, at, 'looking for beginning of object key string')
  const after = skipSpace(bytes, scanString(bytes, at + 1))
  if (byteAt(bytes, after) !== colon) throw invalid(bytes, after, 'after object key')
  return after + 1
}

/** From the byte after the opening quote to the byte after the closing one. */
function scanString(bytes: Uint8Array, at: number): number {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === quote) return i + 1
    if (byte < 0x20) throw invalid(bytes, i, 'in string literal')
    if (byte === backslash) i = scanEscape(bytes, i + 1)
  }
  throw truncated()
}

/** From the byte after a backslash to the last byte of the escape. */
function scanEscape(bytes: Uint8Array, at: number): number {
  const byte = byteAt(bytes, at)
  if (byte === 0x75) {
    for (let i = at + 1; i <= at + 4; i++) {
      if (!isHex(byteAt(bytes, i))) throw invalid(bytes, i, 'in \\u hexadecimal character escape')
    }
    return at + 4
  }
  if (!'bfnrt\\/"'.includes(String.fromCharCode(byte))) throw invalid(bytes, at, 'in string escape code')
  return at
}

/** A number, true, false or null; returns the byte after it. */
function scanScalar(bytes: Uint8Array, at: number, top: boolean): number {
  switch (byteAt(bytes, at)) {
    case 0x74:
      return scanWord(bytes, at, 'true')
    case 0x66:
      return scanWord(bytes, at, 'false')
    case 0x6e:
      return scanWord(bytes, at, 'null')
    default:
      return scanNumber(bytes, at, top)
  }
}

function scanWord(bytes: Uint8Array, at: number, word: string): number {
  for (let i = 1; i < word.length; i++) {
    if (byteAt(bytes, at + i) !== word.charCodeAt(i)) {
      throw invalid(bytes, at + i, `in literal ${word} (expecting '${word[i]}')`)
    }
  }
  return at + word.length
}

function scanNumber(bytes: Uint8Array, at: number, top: boolean): number {
  const digits = (from: number, context: string): number => {
    if (!isDigit(byteAt(bytes, from))) throw invalid(bytes, from, context)
    let i = from + 1
    while (isDigit(bytes[i])) i++
    return i
  }
  let i = at
  if (bytes[i] === 0x2d) {
    i++
    if (!isDigit(byteAt(bytes, i))) throw invalid(bytes, i, 'in numeric literal')
  }
  if (!isDigit(bytes[i])) throw invalid(bytes, i, 'looking for beginning of value')
  // A leading zero stands alone: what follows it is judged as what follows a value.
  i = bytes[i] === 0x30 ? i + 1 : digits(i, '')
  if (bytes[i] === 0x2e) i = digits(i + 1, 'after decimal point in numeric literal')
  if (bytes[i] === 0x65 || bytes[i] === 0x45) {
    i++
    if (bytes[i] === 0x2b || bytes[i] === 0x2d) i++
    i = digits(i, 'in exponent of numeric literal')
  }
  if (!top && i === bytes.length) throw truncated()
  return i
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw truncated()
  return byte
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

const isHex = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46)

const truncated = (): Problem => new Problem('invalid-request', 400, 'unexpected EOF')

function invalid(bytes: Uint8Array, at: number, context: string): Problem {
  return new Problem('invalid-request', 400, `invalid character ${quoted(bytes[at]!)} ${context}`)
}

/** One byte as Go's quoteChar prints it: taken for the character of the same number, escaped when not printable. */
function quoted(byte: number): string {
  const known: Record<number, string> = {
    7: '\\a',
    8: '\\b',
    9: '\\t',
    10: '\\n',
    11: '\\v',
    12: '\\f',
    13: '\\r',
    39: "\\'",
    92: '\\\\',
  }
  if (known[byte]) return `'${known[byte]}'`
  const hex = byte.toString(16).padStart(2, '0')
  if (byte < 0x20 || byte === 0x7f) return `'\\x${hex}'`
  if ((byte >= 0x80 && byte <= 0xa0) || byte === 0xad) return `'\\u00${hex}'`
  return `'${String.fromCharCode(byte)}'`
}
