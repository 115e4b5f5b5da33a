import { equal, less } from './compare.ts'
import { marshal } from './json.ts'
import { display, sprint, sprintf } from './printing.ts'
import { wellFormed } from './quote.ts'
import { asSlice, GoMap, GoSlice, GoStruct, type GoValue, isSlice, isTrue, typeName } from './values.ts'

/** What the functions of a template take from the outside world. */
export interface FunctionContext {
  /** The time of `currentDate` and `yesterdayDate`. */
  readonly now: () => Date
}

interface TemplateFunction {
  /** Fewest arguments. */
  readonly least: number
  /** Most arguments, Infinity when variadic. */
  readonly most: number
  /** How many of the first arguments must be strings. */
  readonly strings?: number
  readonly call: (args: readonly GoValue[], context: FunctionContext) => GoValue
}

const fixed = (count: number, call: TemplateFunction['call']): TemplateFunction => ({ least: count, most: count, call })
const variadic = (least: number, call: TemplateFunction['call'], strings?: number): TemplateFunction => ({
  least,
  most: Number.POSITIVE_INFINITY,
  call,
  strings,
})

/**
 * The functions of Go's text/template and those that Ollama adds (upstream template/template.go). The evaluator
 * runs `and`, `or` (which stop at the argument that decides) and `call` itself; here they only have a name.
 */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', variadic(1, args => args.at(-1))],
  ['or', variadic(1, args => args.at(-1))],
  ['not', fixed(1, ([value]) => !isTrue(value))],
  ['eq', variadic(1, ([first, ...others]) => equal(first, others))],
  ['ne', fixed(2, ([a, b]) => !equal(a, [b]))],
  ['lt', fixed(2, ([a, b]) => less(a, b))],
  ['le', fixed(2, ([a, b]) => less(a, b) || equal(a, [b]))],
  ['gt', fixed(2, ([a, b]) => !(less(a, b) || equal(a, [b])))],
  ['ge', fixed(2, ([a, b]) => !less(a, b))],
  ['len', fixed(1, ([value]) => BigInt(lengthOf(value)))],
  ['index', variadic(1, ([item, ...keys]) => index(item, keys))],
  ['slice', variadic(1, ([item, ...indexes]) => slice(item, indexes))],
  ['print', variadic(0, args => sprint(args.map(orNil)))],
  ['println', variadic(0, args => `${args.map(arg => display(orNil(arg))).join(' ')}\n`)],
  ['printf', variadic(1, ([format, ...args]) => sprintf(format as string, args), 1)],
  ['html', variadic(0, args => escapeHtml(sprint(args.map(orNoValue))))],
  ['js', variadic(0, args => escapeJs(sprint(args.map(orNoValue))))],
  ['urlquery', variadic(0, args => escapeQuery(sprint(args.map(orNoValue))))],
  ['call', variadic(1, args => args[0])],
  ['json', fixed(1, ([value]) => marshal(value))],
  ['currentDate', variadic(0, (_, { now }) => isoDate(now(), 0), Number.POSITIVE_INFINITY)],
  ['yesterdayDate', variadic(0, (_, { now }) => isoDate(now(), -1), Number.POSITIVE_INFINITY)],
  ['toTypeScriptType', fixed(1, ([property]) => typeScriptType(property))],
])

export const functionNames: ReadonlySet<string> = new Set(templateFunctions.keys())

function orNil(value: GoValue): GoValue {
  return value ?? null
}

function orNoValue(value: GoValue): GoValue {
  return value ?? '<no value>'
}

function lengthOf(value: GoValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (isSlice(value)) return value.length
  if (value instanceof GoMap) return value.entries.size
  if (value === null || value === undefined) throw new Error('len of nil pointer')
  throw new Error(`len of type ${typeName(value)}`)
}

function index(item: GoValue, keys: readonly GoValue[]): GoValue {
  let value = item
  if (value === null || value === undefined) throw new Error('index of untyped nil')
  for (const key of keys) {
    if (value === null || value === undefined) throw new Error('index of nil pointer')
    if (typeof value === 'string') {
      const bytes: Buffer = Buffer.from(value)
      value = BigInt(bytes[indexWithin(key, bytes.length)] ?? outOfRange('string'))
    } else if (isSlice(value)) {
      const at = indexWithin(key, value.length)
      value = at < value.length ? asSlice(value).at(at) : outOfRange('slice')
    } else if (value instanceof GoMap) {
      if (key === null || key === undefined) throw new Error('value is nil; should be of type string')
      if (typeof key !== 'string') throw new Error(`value has type ${typeName(key)}; should be string`)
      value = value.entries.has(key) ? value.entries.get(key) : value.zero
    } else throw new Error(`can't index item of type ${typeName(value)}`)
  }
  return value
}

/** Go's own bounds check of an index that equals the length. */
function outOfRange(kind: 'slice' | 'string'): never {
  throw new Error(`reflect: ${kind} index out of range`)
}

function indexWithin(key: GoValue, limit: number): number {
  if (key === null || key === undefined) throw new Error('cannot index slice/array with nil')
  if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
  if (key < 0n || key > BigInt(limit)) throw new Error(`index out of range: ${key}`)
  return Number(key)
}

function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === null || item === undefined) throw new Error('slice of untyped nil')
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`)
  if (typeof item === 'string') {
    if (indexes.length === 3) throw new Error('cannot 3-index slice a string')
    const bytes = Buffer.from(item)
    const [from, to] = bounds(indexes, bytes.length)
    return bytes.subarray(from, to).toString()
  }
  if (!isSlice(item)) throw new Error(`can't slice item of type ${typeName(item)}`)
  const [from, to] = bounds(indexes, item.length)
  return asSlice(item).slice(from, to)
}

function bounds(indexes: readonly GoValue[], length: number): [number, number] {
  const [from = 0, to = length, most = length] = indexes.map(key => indexWithin(key, length))
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`)
  if (to > most) throw new Error(`invalid slice index: ${to} > ${most}`)
  return [from, to]
}

/** Local `YYYY-MM-DD`. */
function isoDate(now: Date, days: number): string {
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 12)
  const pad = (part: number, width: number) => String(part).padStart(width, '0')
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`
}

const htmlEscapes: Record<string, string> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, character => htmlEscapes[character]!)
}

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, character => {
    if ('\\\'"'.includes(character)) return `\\${character}`
    const code = character.codePointAt(0)!
    if (code > 0x7f && /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)) return character
    return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })
}

function escapeQuery(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

const typeScriptNames: Record<string, string> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'any[]',
  object: 'Record<string, any>',
  null: 'null',
}

/** A property of a tool's parameters as a TypeScript type (upstream api/types.go, ToTypeScriptType). */
function typeScriptType(property: GoValue): string {
  const field = (name: string): GoValue =>
    property instanceof GoStruct
      ? property.fields.get(name)
      : property instanceof GoMap
        ? property.entries.get(name)
        : undefined
  const anyOf = field('AnyOf')
  if (isSlice(anyOf) && anyOf.length > 0) return asSlice(anyOf).items().map(typeScriptType).join(' | ')
  const type = field('Type')
  const names = isSlice(type) ? asSlice(type).items() : type instanceof GoSlice ? type.items() : type ? [type] : []
  if (names.length === 0) return 'any'
  return names.map(name => typeScriptNames[display(name)] ?? 'any').join(' | ')
}
