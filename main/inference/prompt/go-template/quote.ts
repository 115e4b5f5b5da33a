import { goQuote, isPrintable } from '../../../go/text.ts'

/** Go's `%q` of an integer: a character constant in single quotes (strconv.QuoteRune). */
export function quoteRune(rune: number): string {
  const valid = rune >= 0 && rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff)
  if (rune === 0x22) return `'"'`
  if (rune === 0x27) return `'\\''`
  return `'${goQuote(valid ? String.fromCodePoint(rune) : '\ufffd').slice(1, -1)}'`
}

/** Go's `%U` form of one character as its scanner names it: `U+0040 '@'`. */
export function unicodeName(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return isPrintable(character) ? `${hex} '${character}'` : hex
}

/** The text with every half of a broken surrogate pair replaced by U+FFFD, as Go does when it reads one. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

const escapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }
const byteEscape = /^(?:x([0-9a-fA-F]{2})|([0-7]{3}))/
const runeEscape = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/

/**
 * The text of a Go string literal with its quotes, `"…"` or `` `…` `` (strconv.Unquote); undefined when it is
 * malformed. Byte escapes (`\xff`, `\377`) that form no UTF-8 come out as U+FFFD.
 */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1)
  if (literal.startsWith('`')) return body.replaceAll('\r', '')
  if (!body.includes('\\')) return body
  return withoutEscapes(body, '"')
}

/**
 * The code point of a Go character constant with its quotes.
 * @throws Error with Go's text when it is malformed
 */
export function unquoteRune(literal: string): number {
  const body = literal.slice(1, -1)
  const byte = body.startsWith('\\') ? byteEscape.exec(body.slice(1)) : null
  // A byte escape stands for the number itself here, not for a piece of UTF-8.
  if (byte && byte[0].length + 1 === body.length && byteValue(byte) !== undefined) return byteValue(byte)!
  const characters = [...(withoutEscapes(body, "'") ?? '')]
  if (characters.length === 0 || body.startsWith("'")) throw new Error('invalid syntax')
  if (characters.length > 1) throw new Error(`malformed character constant: ${literal}`)
  return characters[0]!.codePointAt(0)!
}

function byteValue(match: RegExpExecArray): number | undefined {
  const value = match[1] ? Number.parseInt(match[1], 16) : Number.parseInt(match[2]!, 8)
  return value <= 255 ? value : undefined
}

function withoutEscapes(body: string, delimiter: string): string | undefined {
  const bytes: Buffer[] = []
  let at = 0
  while (at < body.length) {
    const next = body.indexOf('\\', at)
    if (next < 0) {
      bytes.push(Buffer.from(body.slice(at)))
      break
    }
    bytes.push(Buffer.from(body.slice(at, next)))
    const rest = body.slice(next + 1, next + 10)
    const plain = escapes[rest[0] ?? ''] ?? (rest[0] === delimiter ? delimiter.charCodeAt(0) : undefined)
    const byte = byteEscape.exec(rest)
    const rune = runeEscape.exec(rest)
    if (plain !== undefined) {
      bytes.push(Buffer.from([plain]))
      at = next + 2
    } else if (byte) {
      const value = byteValue(byte)
      if (value === undefined) return undefined
      bytes.push(Buffer.from([value]))
      at = next + 1 + byte[0].length
    } else if (rune) {
      const code = Number.parseInt(rune[1] ?? rune[2]!, 16)
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
      bytes.push(Buffer.from(String.fromCodePoint(code)))
      at = next + 1 + rune[0].length
    } else return undefined
  }
  return Buffer.concat(bytes).toString()
}
