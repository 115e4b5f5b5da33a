import { JinjaError } from './error.ts'

/** A Python value as a template sees it; a JavaScript number is an int. */
export type Value =
  | Undefined
  | null
  | boolean
  | number
  | Float
  | string
  | Value[]
  | Tuple
  | Dict
  | Namespace
  | Callable
  | LoopState

export type DictKey = string | number | boolean | null
export type Dict = Map<DictKey, Value>

/** A name or member that does not exist: false, empty and printed as nothing, but good for no operation. */
export class Undefined {
  /** @param complaint what to say when it is used: `'x' is undefined` */
  constructor(readonly complaint: string) {}
}

export class Float {
  constructor(readonly value: number) {}
}

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** What `namespace()` makes: attributes that inner scopes may assign. */
export class Namespace {
  constructor(readonly attributes: Map<string, Value>) {}
}

export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: CallArguments) => Value,
  ) {}
}

/** `loop` inside a for. */
export class LoopState {
  constructor(readonly member: (name: string) => Value | undefined) {}
}

/** A JSON value as Python loads it. */
export function fromJson(value: unknown): Value {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return Number.isInteger(value) ? value : new Float(value)
  if (Array.isArray(value)) return value.map(fromJson)
  if (typeof value === 'object') return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]))
  return value as boolean | string
}

/** A value or, where there is none at all, another; None is a value, so `??` will not do. */
export function orElse(value: Value | undefined, other: Value): Value {
  return value === undefined ? other : value
}

export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return false
  if (value instanceof Float) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Tuple) return value.items.length > 0
  if (value instanceof Map) return value.size > 0
  return Boolean(value)
}

/** Python's name of a value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'int'
  if (value instanceof Float) return 'float'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'dict'
  return value.constructor.name.toLowerCase()
}

/** The number behind an int, a float or a bool. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (value instanceof Float) return value.value
  return typeof value === 'boolean' ? Number(value) : undefined
}

/** `str(value)`: what `{{ value }}` prints. */
export function str(value: Value): string {
  if (typeof value === 'string') return value
  return value instanceof Undefined ? '' : repr(value)
}

/** `repr(value)` */
export function repr(value: Value): string {
  if (value === null) return 'None'
  if (value instanceof Undefined) return 'Undefined'
  if (typeof value === 'string') return reprString(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (value instanceof Float) return reprFloat(value.value)
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Tuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`
  if (value instanceof Namespace)
    return `<Namespace {${[...value.attributes].map(([key, item]) => `'${key}': ${repr(item)}`).join(', ')}}>`
  return value instanceof Callable ? `<function ${value.name}>` : '<LoopContext>'
}

/** Python's shortest form of a float, with exponents below 1e-4 and from 1e16 on. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = ''
  for (const character of text) {
    if (named[character]) out += named[character]
    else if (character === quote) out += `\\${character}`
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) out += character
    else {
      const code = character.codePointAt(0)!
      const width = code > 0xffff ? 8 : code > 0xff ? 4 : 2
      out += `\\${{ 2: 'x', 4: 'u', 8: 'U' }[width]}${code.toString(16).padStart(width, '0')}`
    }
  }
  return quote + out + quote
}

/** `a == b` */
export function equal(a: Value, b: Value): boolean {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined) return left === right
  if (a instanceof Undefined && b instanceof Undefined) return true
  if (Array.isArray(a) && Array.isArray(b)) return equalItems(a, b)
  if (a instanceof Tuple && b instanceof Tuple) return equalItems(a.items, b.items)
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && equal(item, b.get(key)!))
  }
  return a === b
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index]!))
}

/** Negative when a comes before b, 0 when neither does. @throws JinjaError for what has no order */
export function compare(a: Value, b: Value, operator = '<'): number {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined) return left - right
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const [items, others] = [sequence(a), sequence(b)]
  if (items && others && typeName(a) === typeName(b)) {
    for (const [index, item] of items.entries()) {
      if (index >= others.length) return 1
      if (!equal(item, others[index]!)) return compare(item, others[index]!, operator)
    }
    return items.length - others.length
  }
  use(a)
  use(b)
  throw new JinjaError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

/** Order by code points. */
function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (const [index, character] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (character !== other) return character.codePointAt(0)! - other.codePointAt(0)!
  }
  return left.length - right.length
}

/** The items of a list or tuple. */
export function sequence(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof Tuple ? value.items : undefined
}

/** What a loop over the value goes through. @throws JinjaError */
export function iterate(value: Value): readonly Value[] {
  const items = sequence(value)
  if (items) return items
  if (typeof value === 'string') return [...value]
  if (value instanceof Map) return [...value.keys()]
  if (value instanceof Undefined) return []
  throw new JinjaError(`'${typeName(value)}' object is not iterable`)
}

/** `len(value)`, in code points for a string. @throws JinjaError */
export function length(value: Value): number {
  if (typeof value === 'string') return codePoints(value)
  if (value instanceof Map) return value.size
  const items = sequence(value)
  if (items) return items.length
  if (value instanceof Undefined) return 0
  throw new JinjaError(`object of type '${typeName(value)}' has no len()`)
}

export function codePoints(text: string): number {
  // A text without surrogates has as many code points as units.
  return /[\ud800-\udfff]/.test(text) ? [...text].length : text.length
}

/** `needle in haystack` @throws JinjaError */
export function contains(haystack: Value, needle: Value): boolean {
  if (typeof haystack === 'string') {
    if (typeof needle === 'string') return haystack.includes(needle)
    use(needle)
    throw new JinjaError(`'in <string>' requires string as left operand, not ${typeName(needle)}`)
  }
  if (haystack instanceof Map) return isKey(needle) && haystack.has(needle)
  return iterate(haystack).some(item => equal(item, needle))
}

export function isKey(value: Value): value is DictKey {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** Refuses what is undefined. @throws JinjaError */
export function use(value: Value): void {
  if (value instanceof Undefined) throw new JinjaError(value.complaint)
}

/** A value that must be a whole number. @throws JinjaError */
export function integer(value: Value, what: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  use(value)
  throw new JinjaError(`${what} must be an integer, not '${typeName(value)}'`)
}

/** A value that must be text. @throws JinjaError */
export function text(value: Value, what: string): string {
  if (typeof value === 'string') return value
  use(value)
  throw new JinjaError(`${what} must be str, not ${typeName(value)}`)
}
