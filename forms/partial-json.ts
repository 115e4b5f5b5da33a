import type { Json } from './field.ts'

/** A place in JSON: keys of objects, indexes of lists. */
export type Path = readonly (string | number)[]

/** An object or list that is being written, and the place in it where the writer is; null before the first key. */
type Container = { readonly value: Record<string, Json>; key: string | null } | { readonly value: Json[]; key: number }

/** What the next character belongs to. */
type State =
  /** Text before the JSON, e.g. "```json". */
  | 'before'
  /** Where a value is to begin. */
  | 'value'
  | 'string'
  /** After a backslash in a string. */
  | 'escape'
  /** The four digits after \u. */
  | 'unicode'
  /** A number, true, false or null. */
  | 'literal'
  /** Before a key's quotation mark. */
  | 'key'
  | 'colon'
  /** After a value, before a comma or the end of its container. */
  | 'comma'
  | 'complete'
  | 'broken'

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const words = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/**
 * Reads JSON while it is being written: after every piece, `value` is what is known so far, and `path` where the writer
 * is. A text shows as far as it was written, a number as far as it is one; a value of which nothing is known yet is
 * missing. Each character is looked at once, so that a long answer costs no more per piece than a short one. What
 * stands before the first `{` or `[`, and after its end, is passed over; after what cannot be JSON nothing is read.
 */
export class PartialJson {
  #root: Json | undefined
  #state: State = 'before'
  readonly #stack: Container[] = []
  /** The text, number or word being written. */
  #token = ''
  #isKey = false
  #hex = ''

  get complete(): boolean {
    return this.#state === 'complete'
  }

  /** Something stood there that is no JSON. `value` is what was known before. */
  get broken(): boolean {
    return this.#state === 'broken'
  }

  /** A copy of what is known, which stays as it is while more is read; undefined before anything is. */
  get value(): Json | undefined {
    this.#showToken()
    return this.#root === undefined ? undefined : structuredClone(this.#root)
  }

  /** Where the writer is, or was last. */
  get path(): Path {
    return this.#stack.flatMap(({ key }) => key ?? [])
  }

  push(text: string): void {
    let at = 0
    while (at < text.length && !this.complete && !this.broken) {
      if (this.#state === 'string') at = this.#readString(text, at)
      else if (this.#take(text[at] as string)) at += 1
    }
  }

  /** @returns false when the character ended a number or word, and is still to be taken */
  #take(char: string): boolean {
    if (this.#state === 'literal') {
      if (!/[\w.+-]/.test(char)) {
        this.#endLiteral()
        return false
      }
      this.#token += char
    } else if (this.#state === 'escape') this.#escaped(char)
    else if (this.#state === 'unicode') this.#unicode(char)
    else if (this.#state === 'before') {
      if (char === '{' || char === '[') this.#begin(char)
    } else if (!/\s/.test(char)) this.#structural(char)
    return true
  }

  #structural(char: string): void {
    const container = this.#stack.at(-1)
    const isList = typeof container?.key === 'number'
    if (container && char === (isList ? ']' : '}') && this.#mayEnd(container)) {
      this.#stack.pop()
      this.#endValue()
    } else if (this.#state === 'colon' && char === ':') this.#state = 'value'
    else if (this.#state === 'key' && char === '"') this.#beginString(true)
    else if (this.#state === 'comma' && char === ',') {
      if (typeof container?.key === 'number') container.key += 1
      this.#state = isList ? 'value' : 'key'
    } else if (this.#state === 'value') this.#begin(char)
    else this.#state = 'broken'
  }

  /** A container ends after a value, or at once, but not after a comma. */
  #mayEnd({ key }: Container): boolean {
    return this.#state === 'comma' || (key === 0 && this.#state === 'value') || (key === null && this.#state === 'key')
  }

  #begin(char: string): void {
    if (char === '{' || char === '[') {
      const container: Container = char === '[' ? { value: [], key: 0 } : { value: {}, key: null }
      this.#put(container.value)
      this.#stack.push(container)
      this.#state = char === '[' ? 'value' : 'key'
    } else if (char === '"') this.#beginString(false)
    else if (/[-\dtfn]/.test(char)) {
      this.#token = char
      this.#state = 'literal'
    } else this.#state = 'broken'
  }

  #beginString(isKey: boolean): void {
    this.#token = ''
    this.#isKey = isKey
    this.#state = 'string'
  }

  /** Takes a whole run of plain characters at once. @returns where to go on */
  #readString(text: string, from: number): number {
    let at = from
    while (at < text.length && text[at] !== '"' && text[at] !== '\\') at += 1
    this.#token += text.slice(from, at)
    if (at === text.length) return at
    if (text[at] === '\\') this.#state = 'escape'
    else this.#endString()
    return at + 1
  }

  #escaped(char: string): void {
    if (char === 'u') this.#hex = ''
    else this.#token += escapes[char] ?? char
    this.#state = char === 'u' ? 'unicode' : 'string'
  }

  #unicode(char: string): void {
    this.#hex += char
    if (!/^[\da-f]+$/i.test(this.#hex)) this.#state = 'broken'
    else if (this.#hex.length === 4) {
      this.#token += String.fromCharCode(Number.parseInt(this.#hex, 16))
      this.#state = 'string'
    }
  }

  #endString(): void {
    const container = this.#stack.at(-1)
    if (this.#isKey && container && typeof container.key !== 'number') {
      container.key = this.#token
      this.#state = 'colon'
    } else {
      this.#put(this.#token)
      this.#endValue()
    }
  }

  #endLiteral(): void {
    const value = literal(this.#token)
    if (value === undefined || value.length < this.#token.length) {
      this.#state = 'broken'
      return
    }
    this.#put(value.is)
    this.#endValue()
  }

  #endValue(): void {
    this.#state = this.#stack.length === 0 ? 'complete' : 'comma'
  }

  /** Sets the value at the writer's place. */
  #put(value: Json): void {
    const container = this.#stack.at(-1)
    if (container === undefined) this.#root = value
    else if (typeof container.key === 'number') (container.value as Json[])[container.key] = value
    else if (container.key !== null) {
      // Not by assignment: a key may be __proto__.
      const member = { value, enumerable: true, configurable: true, writable: true }
      Object.defineProperty(container.value, container.key, member)
    }
  }

  /** Puts a value that is still being written into its place, as far as it is known. */
  #showToken(): void {
    if (this.#state === 'literal') {
      const value = literal(this.#token)
      if (value) this.#put(value.is)
    } else if (!this.#isKey && /^(string|escape|unicode)$/.test(this.#state)) this.#put(withoutHalf(this.#token))
  }
}

/** The value a token begins with, and how many characters that takes: `1.` and `1e` are on their way to more. */
function literal(token: string): { readonly is: Json; readonly length: number } | undefined {
  const word = words.get(token)
  if (word !== undefined) return { is: word, length: token.length }
  const [number] = /^-?\d+(\.\d+)?([eE][+-]?\d+)?/.exec(token) ?? []
  return number === undefined ? undefined : { is: Number(number), length: number.length }
}

/** A text without the first half of a surrogate pair at its end. */
const withoutHalf = (text: string): string => text.replace(/[\ud800-\udbff]$/, '')
