import {
  type CodePoints,
  charactersOf,
  codePoints,
  difference,
  everyCodePoint,
  union,
  withProperty,
} from './code-points.ts'

/** A regular expression as a tree; only what a regular language can say. */
export type Expression =
  | { readonly kind: 'set'; readonly set: CodePoints }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly min: number; readonly max: number }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'lookahead'; readonly part: Expression; readonly negative: boolean }

/** Thrown for what is no ECMAScript regular expression, or says what no grammar can. */
export class UnsupportedExpression extends Error {}

const maxDepth = 100
const maxLength = 4_000

const digits = codePoints([0x30, 0x39])
const wordCharacters = codePoints([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a])
const lineEnds = codePoints([0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029])
const spaces = codePoints(
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
)
const classEscapes: Record<string, CodePoints> = {
  d: digits,
  D: difference(everyCodePoint, digits),
  w: wordCharacters,
  W: difference(everyCodePoint, wordCharacters),
  s: spaces,
  S: difference(everyCodePoint, spaces),
}
const controlEscapes: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 }
const quantifier = /^(?:([*+?])|\{(\d+)(,(\d*))?\})/

/**
 * Reads an ECMAScript regular expression (ECMA-262 §22.2.1, unicode mode; JSON schema's `pattern`). Back-references,
 * lookbehind, word boundaries and inline flags are refused.
 * @throws UnsupportedExpression
 */
export function parseExpression(source: string): Expression {
  if (source.length > maxLength) throw new UnsupportedExpression('it is too long')
  assertValid(source)
  return new ExpressionParser(source).parse()
}

function assertValid(source: string): void {
  try {
    new RegExp(source, 'u')
  } catch {
    // Many schemas escape characters that unicode mode wants bare, such as `\-`.
    try {
      new RegExp(source)
    } catch (error) {
      throw new UnsupportedExpression(error instanceof Error ? error.message : String(error))
    }
  }
}

class ExpressionParser {
  readonly #source: string[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#source = [...source]
  }

  parse(): Expression {
    const expression = this.#either()
    if (this.#at < this.#source.length) throw new UnsupportedExpression('unbalanced parentheses')
    return expression
  }

  #either(): Expression {
    if (++this.#depth > maxDepth) throw new UnsupportedExpression('its groups are nested too deep')
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    this.#depth--
    return parts.length === 1 ? parts[0]! : { kind: 'either', parts }
  }

  #sequence(): Expression {
    const parts: Expression[] = []
    while (this.#at < this.#source.length && this.#peek() !== '|' && this.#peek() !== ')') {
      parts.push(this.#quantified(this.#term()))
    }
    return { kind: 'sequence', parts }
  }

  #term(): Expression {
    if (this.#take('^')) return { kind: 'start' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('.')) return { kind: 'set', set: difference(everyCodePoint, lineEnds) }
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return { kind: 'set', set: this.#characterClass() }
    return { kind: 'set', set: asSet(this.#character(false)) }
  }

  #group(): Expression {
    let lookahead: { negative: boolean } | undefined
    if (this.#take('?')) {
      const kind = this.#next()
      if (kind === '=' || kind === '!') lookahead = { negative: kind === '!' }
      else if (kind === '<' && this.#peek() !== '=' && this.#peek() !== '!') {
        while (this.#next() !== '>');
      } else if (kind !== ':') {
        throw new UnsupportedExpression(kind === '<' ? 'lookbehind is not supported' : 'inline flags are not supported')
      }
    }
    const part = this.#either()
    if (!this.#take(')')) throw new UnsupportedExpression('unbalanced parentheses')
    return lookahead ? { kind: 'lookahead', part, ...lookahead } : part
  }

  #quantified(part: Expression): Expression {
    // A quantifier never spans more than this; joining the whole rest for every term would be quadratic.
    const match = quantifier.exec(this.#source.slice(this.#at, this.#at + 32).join(''))
    if (!match) return part
    this.#at += match[0].length
    // A lazy quantifier describes the same texts.
    this.#take('?')
    if (match[1] === '*') return { kind: 'repeat', part, min: 0, max: Number.POSITIVE_INFINITY }
    if (match[1] === '+') return { kind: 'repeat', part, min: 1, max: Number.POSITIVE_INFINITY }
    if (match[1] === '?') return { kind: 'repeat', part, min: 0, max: 1 }
    const min = Number(match[2])
    const max = match[3] === undefined ? min : match[4] === '' ? Number.POSITIVE_INFINITY : Number(match[4])
    return { kind: 'repeat', part, min, max }
  }

  #characterClass(): CodePoints {
    const negative = this.#take('^')
    let set: CodePoints = []
    while (!this.#take(']')) {
      const first = this.#character(true)
      if (this.#peek() !== '-' || this.#source[this.#at + 1] === ']') {
        set = union(set, asSet(first))
        continue
      }
      this.#at++
      const last = this.#character(true)
      if (typeof first === 'number' && typeof last === 'number') set = union(set, codePoints([first, last]))
      else set = union(set, asSet(first), charactersOf('-'), asSet(last))
    }
    return negative ? difference(everyCodePoint, set) : set
  }

  /** One character as its code point, or the set an escape such as `\d` stands for. */
  #character(inClass: boolean): number | CodePoints {
    return this.#take('\\') ? this.#escape(inClass) : this.#next().codePointAt(0)!
  }

  #escape(inClass: boolean): number | CodePoints {
    const letter = this.#next()
    if (Object.hasOwn(classEscapes, letter)) return classEscapes[letter]!
    const isNul = letter === '0' && !/\d/.test(this.#peek() ?? '')
    if (isNul || (letter !== '0' && Object.hasOwn(controlEscapes, letter))) return controlEscapes[letter]!
    if (letter === 'b' && inClass) return 8
    if (letter === 'c') return this.#hexadecimal(/^([A-Za-z])/, digits => digits.charCodeAt(0) % 32)
    if (letter === 'x') return this.#hexadecimal(/^([0-9a-fA-F]{2})/)
    if (letter === 'u') return this.#unicodeEscape()
    if (letter === 'p' || letter === 'P') return this.#property(letter === 'P')
    if (/[A-Za-z0-9]/.test(letter)) throw new UnsupportedExpression(`the escape "\\${letter}" is not supported`)
    return letter.codePointAt(0)!
  }

  #property(negative: boolean): CodePoints {
    const match = /^\{([\w=]+)\}/.exec(this.#ahead(80))
    const set = match && withProperty(match[1]!)
    if (!set) throw new UnsupportedExpression('it names no Unicode property')
    this.#at += match[0].length
    return negative ? difference(everyCodePoint, set) : set
  }

  #unicodeEscape(): number {
    const pair = /^([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(this.#ahead(10))
    if (!pair) return this.#hexadecimal(/^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}))/)
    this.#at += pair[0].length
    return String.fromCharCode(Number.parseInt(pair[1]!, 16), Number.parseInt(pair[2]!, 16)).codePointAt(0)!
  }

  #hexadecimal(form: RegExp, read = (digits: string) => Number.parseInt(digits, 16)): number {
    const match = form.exec(this.#ahead(10))
    if (!match) throw new UnsupportedExpression('it holds a broken escape')
    this.#at += match[0].length
    return read(match[1] ?? match[2]!)
  }

  #ahead(count: number): string {
    return this.#source.slice(this.#at, this.#at + count).join('')
  }

  #peek(): string | undefined {
    return this.#source[this.#at]
  }

  #next(): string {
    const character = this.#source[this.#at++]
    if (character === undefined) throw new UnsupportedExpression('it ends too early')
    return character
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }
}

function asSet(member: number | CodePoints): CodePoints {
  return typeof member === 'number' ? codePoints([member, member]) : member
}
