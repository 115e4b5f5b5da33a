/**
 * A Go value as a template sees it. `undefined` is "no value" (an invalid reflect.Value), `null` a nil interface,
 * bigint an int, number a float64; a plain array is a []any.
 */
export type GoValue =
  | undefined
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly GoValue[]
  | GoSlice
  | GoMap
  | GoStruct

interface Shape {
  /** Go's name of the type, for errors. */
  readonly typeName: string
  /** A Stringer's String(): how the value prints. */
  readonly text?: () => string
  /** A Marshaler's MarshalJSON. */
  readonly json?: () => string
}

/** A slice: a window on an array, so that slicing costs nothing. */
export class GoSlice {
  readonly length: number

  constructor(
    readonly array: readonly GoValue[],
    readonly shape: Shape = { typeName: '[]interface {}' },
    readonly start = 0,
    end = array.length,
  ) {
    this.length = end - start
  }

  at(index: number): GoValue {
    return index < this.length ? this.array[this.start + index] : undefined
  }

  slice(from: number, to: number): GoSlice {
    return new GoSlice(this.array, this.shape, this.start + from, this.start + to)
  }

  items(): readonly GoValue[] {
    return this.array.slice(this.start, this.start + this.length)
  }
}

/** A map with string keys. */
export class GoMap {
  constructor(
    readonly entries: ReadonlyMap<string, GoValue>,
    readonly shape: Shape = { typeName: 'map[string]interface {}' },
    /** What a missing key gives: null for a map of any. */
    readonly zero: GoValue = null,
  ) {}

  sorted(): [string, GoValue][] {
    return [...this.entries].sort(([a], [b]) => compareBytes(a, b))
  }
}

export class GoStruct {
  constructor(
    readonly fields: ReadonlyMap<string, GoValue>,
    readonly shape: Shape,
  ) {}
}

/** A map[string]any from a plain object, nested ones included. */
export function goMap(object: Readonly<Record<string, unknown>>): GoMap {
  return new GoMap(new Map(Object.entries(object).map(([key, value]) => [key, fromJson(value)])))
}

/** A JSON value as Go decodes it: every number a float64. */
export function fromJson(value: unknown): GoValue {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return new GoSlice(value.map(fromJson))
  if (typeof value === 'object') return goMap(value as Record<string, unknown>)
  return value as GoValue
}

export function isSlice(value: GoValue): value is GoSlice | readonly GoValue[] {
  return Array.isArray(value) || value instanceof GoSlice
}

export function asSlice(value: GoSlice | readonly GoValue[]): GoSlice {
  return value instanceof GoSlice ? value : new GoSlice(value)
}

/** Go's truth: the zero of a type and everything empty is false; a struct is always true. */
export function isTrue(value: GoValue): boolean {
  if (typeof value === 'object' && value !== null) {
    if (value instanceof GoMap) return value.entries.size > 0
    return isSlice(value) ? value.length > 0 : true
  }
  return Boolean(value)
}

/** Go's name of a value's type. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'float64'
    default:
      if (value === undefined || value === null) return 'interface {}'
      return value instanceof GoMap || value instanceof GoStruct || value instanceof GoSlice
        ? value.shape.typeName
        : '[]interface {}'
  }
}

/** Order of two strings by their UTF-8 bytes, which is the order of their code points. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left === right) continue
    // A surrogate stands for a code point above every other UTF-16 unit.
    const [leftHigh, rightHigh] = [isSurrogate(left), isSurrogate(right)]
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
