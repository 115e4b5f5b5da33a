import { Problem } from '../../problem.ts'
import { skipSpace } from './scan.ts'

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'bool' | 'null'

/** A value that does not fit its Go type (encoding/json, UnmarshalTypeError). */
interface Misfit {
  /** `string`, `number`, `number 1.5`, `bool`, `array` or `object`. */
  readonly value: string
  readonly goType: string
  readonly struct: string
  readonly field: string
}

/**
 * Reads a JSON text whose syntax is already checked, value by value, and keeps Go's account of errors: the first value
 * that does not fit is remembered with the struct and the path it was met in while reading goes on; an error of a
 * type's own reader ends everything at once (encoding/json, decodeState).
 */
export class Decoder {
  readonly #bytes: Buffer
  #at: number
  /** The struct whose fields are being read, and the keys that led there from the outermost one. */
  #struct = ''
  #path: string[] = []
  #saved: Misfit | Problem | undefined
  /** First backslash at or after the cursor, so that strings without one are cut out as they are. */
  #backslash = -1

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  kind(): JsonKind {
    switch (this.#peek()) {
      case 0x7b:
        return 'object'
      case 0x5b:
        return 'array'
      case 0x22:
        return 'string'
      case 0x74:
      case 0x66:
        return 'bool'
      case 0x6e:
        return 'null'
      default:
        return 'number'
    }
  }

  /** The text of the value under the cursor, which moves behind it. */
  text(): string {
    const start = this.#start()
    this.skip()
    return this.#bytes.toString('utf8', start, this.#at)
  }

  /** The string under the cursor; half a surrogate pair becomes U+FFFD as in Go. */
  string(): string {
    const start = this.#start()
    const end = this.#stringEnd(start)
    this.#at = end
    if (!this.#escapedWithin(start, end)) return this.#bytes.toString('utf8', start + 1, end - 1)
    return Buffer.from(JSON.parse(this.#bytes.toString('utf8', start, end)) as string).toString()
  }

  /** Any value as JavaScript has it; numbers are doubles. */
  any(parse: (text: string) => unknown = JSON.parse): unknown {
    const text = this.text()
    const tooBig = overflowingNumber(text)
    if (tooBig !== undefined) {
      this.refuse('float64', `number ${tooBig}`)
      return undefined
    }
    return parse(text)
  }

  /** Moves behind the value under the cursor. */
  skip(): void {
    let depth = 0
    let at = this.#start()
    do {
      at = skipSpace(this.#bytes, at)
      const byte = this.#bytes[at]!
      if (byte === 0x22) at = this.#stringEnd(at)
      else {
        if (byte === 0x7b || byte === 0x5b) depth++
        else if (byte === 0x7d || byte === 0x5d) depth--
        at++
        if (isScalarByte(byte)) while (isScalarByte(this.#bytes[at])) at++
      }
    } while (depth > 0)
    this.#at = at
  }

  /** Calls `read` at the value of each key of the object under the cursor; it must move behind that value. */
  object(read: (key: string) => void): void {
    this.#at = this.#start() + 1
    while (this.#peek() !== 0x7d) {
      const key = this.string()
      this.#at = this.#start() + 1
      read(key)
      if (this.#peek() === 0x2c) this.#at++
    }
    this.#at++
  }

  /** Calls `read` at each element of the array under the cursor; it must move behind that element. */
  array(read: () => void): void {
    this.#at = this.#start() + 1
    while (this.#peek() !== 0x5d) {
      read()
      if (this.#peek() === 0x2c) this.#at++
    }
    this.#at++
  }

  /** Runs `read` as the reading of one field, for the sake of error texts. */
  inField<T>(struct: string, field: string, read: () => T): T {
    const outer = this.#struct
    this.#struct = struct
    this.#path.push(field)
    const value = read()
    this.#path.pop()
    this.#struct = outer
    return value
  }

  /** Notes that the value under the cursor does not fit, and moves behind it. */
  misfit(goType: string): void {
    const value = this.kind()
    this.skip()
    this.refuse(goType, value)
  }

  /** Notes that a value already read does not fit; `value` is what Go calls it: `number 1.5`. */
  refuse(goType: string, value: string): void {
    this.#save({ value, goType, struct: '', field: '' })
  }

  /** Notes an error that names no field. */
  save(error: Problem): void {
    this.#saved ??= error
  }

  /**
   * Runs `read` as a reader of its own inside this one, as Go types with an UnmarshalJSON method do: its first error
   * ends the whole, and a misfit in it is told with the path from the outermost struct on.
   */
  nested<T>(read: () => T): T {
    const outer = { struct: this.#struct, path: this.#path, saved: this.#saved }
    this.#struct = ''
    this.#path = []
    this.#saved = undefined
    let value: T | undefined
    let failed: unknown
    try {
      value = read()
      failed = this.#saved
    } catch (error) {
      failed = error instanceof NestedMisfit ? error.misfit : error
    }
    this.#struct = outer.struct
    this.#path = outer.path
    this.#saved = outer.saved
    if (failed === undefined) return value as T
    throw failed instanceof Error ? failed : new NestedMisfit(this.#located(failed as Misfit))
  }

  /** Ends a reader of its own that has met a value which does not fit. */
  endIfRefused(): void {
    if (this.#saved) throw this.#saved instanceof Problem ? this.#saved : new NestedMisfit(this.#saved)
  }

  /** Runs `read` as if no field had led to the value under the cursor. */
  apart<T>(read: () => T): T {
    const outer = { struct: this.#struct, path: this.#path }
    this.#struct = ''
    this.#path = []
    const value = read()
    this.#struct = outer.struct
    this.#path = outer.path
    return value
  }

  /** Reads the whole text; throws the error that Go would return. */
  run<T>(read: () => T): T {
    let value: T
    try {
      value = read()
    } catch (error) {
      throw error instanceof NestedMisfit ? misfitProblem(error.misfit) : error
    }
    if (this.#saved) throw this.#saved instanceof Problem ? this.#saved : misfitProblem(this.#saved)
    return value
  }

  #save(misfit: Misfit): void {
    this.#saved ??= this.#located(misfit)
  }

  #located(misfit: Misfit): Misfit {
    if (this.#path.length === 0) return misfit
    const path = misfit.field === '' ? this.#path : [...this.#path, misfit.field]
    return { ...misfit, struct: this.#struct, field: path.join('.') }
  }

  #peek(): number {
    return this.#bytes[this.#start()]!
  }

  #start(): number {
    this.#at = skipSpace(this.#bytes, this.#at)
    return this.#at
  }

  /** The byte after the string that opens at `start`. */
  #stringEnd(start: number): number {
    let end = this.#bytes.indexOf(0x22, start + 1)
    while (this.#escapedWithin(start, end)) {
      let backslashes = 0
      for (let i = end - 1; this.#bytes[i] === 0x5c; i--) backslashes++
      if (backslashes % 2 === 0) break
      end = this.#bytes.indexOf(0x22, end + 1)
    }
    return end + 1
  }

  #escapedWithin(start: number, end: number): boolean {
    if (this.#backslash < start) {
      const found = this.#bytes.indexOf(0x5c, start)
      this.#backslash = found === -1 ? this.#bytes.length : found
    }
    return this.#backslash < end
  }
}

class NestedMisfit extends Error {
  constructor(readonly misfit: Misfit) {
    super('a nested reader failed')
  }
}

function misfitProblem({ value, goType, struct, field }: Misfit): Problem {
  const target = struct === '' && field === '' ? 'value' : `struct field ${struct}.${field}`
  return new Problem('invalid-request', 400, `json: cannot unmarshal ${value} into Go ${target} of type ${goType}`)
}

const isScalarByte = (byte: number | undefined): boolean =>
  byte !== undefined && byte > 0x20 && byte !== 0x22 && byte !== 0x2c && byte !== 0x3a && !isBracket(byte)

const isBracket = (byte: number): boolean => byte === 0x5b || byte === 0x5d || byte === 0x7b || byte === 0x7d

/** The first number that a double cannot hold, which Go refuses and JSON.parse makes infinite. */
function overflowingNumber(text: string): string | undefined {
  if (!/[eE]\+?\d{3}|\d{300}/.test(text)) return undefined
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs)) {
    if (token[0] !== '"' && !Number.isFinite(Number(token))) return token
  }
  return undefined
}
