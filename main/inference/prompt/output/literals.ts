import { objectOf } from '../../../go/json/key-order.ts'

/** How one notation writes values that are nearly JSON. */
export interface Notation {
  /** Texts that open and close a string. Inside `quotes[i]` a backslash escapes only where `escapes` says so. */
  readonly quotes: readonly string[]
  readonly escapes: boolean
  /** Names that stand for values. */
  readonly names: Readonly<Record<string, unknown>>
  /** Any text before its value is a key, and not only a name or a number. */
  readonly anyKeys?: boolean
}

/** Python's literals, and JSON's names for the models that mix them up. */
export const python: Notation = {
  quotes: ['"""', "'''", '"', "'"],
  escapes: true,
  names: { True: true, False: false, None: null, true: true, false: false, null: null },
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' }
const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const anyKey = /[^\s,:{}][^,:{}]*/y
const word = /[\p{L}_][\p{L}\p{N}_.-]*/uy
/** Values nested deeper are no arguments any more, but an attempt on the stack. */
const maxDepth = 200

/** Reads values of a notation from a text. Every method returns undefined when the text is not what it wants. */
export class LiteralReader {
  at = 0
  #depth = 0

  constructor(
    readonly text: string,
    readonly notation: Notation,
  ) {}

  skipSpace(): void {
    while (this.at < this.text.length && this.text[this.at]!.trim() === '') this.at++
  }

  /** Takes a text if it is next, white space before it aside. */
  take(expected: string): boolean {
    this.skipSpace()
    if (!this.text.startsWith(expected, this.at)) return false
    this.at += expected.length
    return true
  }

  /** A name: letters, digits, underscores, dots and dashes. */
  name(): string | undefined {
    this.skipSpace()
    return this.#match(word)
  }

  /** `{ value }`, so that a null can be told from a failure. */
  value(): { value: unknown } | undefined {
    this.skipSpace()
    if (this.#depth > maxDepth) return undefined
    this.#depth++
    const result = this.#value()
    this.#depth--
    return result
  }

  #value(): { value: unknown } | undefined {
    if (this.take('[')) return this.#list(']')
    if (this.take('(')) return this.#list(')')
    if (this.take('{')) {
      const value = this.members('}')
      return value && { value }
    }
    const text = this.string()
    if (text !== undefined) return { value: text }
    const digits = this.#match(number)
    if (digits !== undefined) return { value: Number(digits) }
    const name = this.#match(word)
    if (name !== undefined && Object.hasOwn(this.notation.names, name)) return { value: this.notation.names[name] }
    return undefined
  }

  /** `key: value, …` up to the closing text, which is taken; keys are strings or bare. */
  members(close: string, separator = ':'): Record<string, unknown> | undefined {
    const entries: [string, unknown][] = []
    while (!this.take(close)) {
      if (entries.length > 0 && !this.take(',')) return undefined
      if (entries.length > 0 && this.take(close)) break
      const key = this.string() ?? this.#bareKey()
      if (key === undefined || !this.take(separator)) return undefined
      const value = this.value()
      if (!value) return undefined
      entries.push([key, value.value])
    }
    return objectOf(entries)
  }

  #bareKey(): string | undefined {
    return this.notation.anyKeys ? this.#match(anyKey)?.trimEnd() : (this.name() ?? this.#match(number))
  }

  string(): string | undefined {
    this.skipSpace()
    const quote = this.notation.quotes.find(candidate => this.text.startsWith(candidate, this.at))
    if (quote === undefined) return undefined
    let at = this.at + quote.length
    let out = ''
    while (at < this.text.length) {
      if (this.text.startsWith(quote, at)) {
        this.at = at + quote.length
        return out
      }
      if (this.notation.escapes && this.text[at] === '\\') {
        const [escaped, length] = unescapeAt(this.text, at)
        out += escaped
        at += length
      } else out += this.text[at++]
    }
    return undefined
  }

  #list(close: string): { value: unknown[] } | undefined {
    const value: unknown[] = []
    while (!this.take(close)) {
      if (value.length > 0 && !this.take(',')) return undefined
      if (value.length > 0 && this.take(close)) break
      const item = this.value()
      if (!item) return undefined
      value.push(item.value)
    }
    return { value }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)?.[0]
    if (match !== undefined) this.at += match.length
    return match
  }
}

/** The character an escape at an offset stands for, and how long the escape is. */
function unescapeAt(text: string, at: number): [string, number] {
  const hex = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/y
  hex.lastIndex = at
  const match = hex.exec(text)
  if (match) return [String.fromCharCode(Number.parseInt(match[1] ?? match[2]!, 16)), match[0].length]
  const next = text[at + 1] ?? ''
  if (next in escapes) return [escapes[next]!, 2]
  // A backslash that escapes nothing stays, as in Python.
  return ['\\"\''.includes(next) && next !== '' ? next : `\\${next}`, 1 + next.length]
}
