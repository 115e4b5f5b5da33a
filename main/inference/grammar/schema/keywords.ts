import { maxRepetitions } from '../gbnf/rule-book.ts'
import type { Languages } from '../language/language.ts'
import { patternLanguage } from '../language/pattern-language.ts'
import { UnsupportedExpression } from '../language/regular-expression.ts'
import {
  type ArrayPart,
  anyClause,
  both,
  type Clause,
  type Counts,
  everyKind,
  type Kind,
  numbers,
  type ObjectPart,
} from './clause.ts'
import { child, isObject, type Place, refuse } from './document.ts'
import { wholeFormat } from './number-formats.ts'
import { stringFormat } from './string-formats.ts'

/** What one schema object says by itself, and the places it hands the rest to. */
export interface Reading {
  readonly clause: Clause
  /** Schemas that hold as well: `$ref` and `allOf`. */
  readonly also: readonly { readonly place: Place; readonly isRef: boolean }[]
  /** `anyOf` and `oneOf`. */
  readonly choices: readonly Choice[]
  /** `unevaluatedProperties: false` and `unevaluatedItems: false`. */
  readonly sealsMembers: boolean
  readonly sealsItems: boolean
}

export interface Choice {
  readonly place: Place
  readonly options: readonly Place[]
  /** Exactly one may hold (`oneOf`). */
  readonly exclusive: boolean
}

/** Keywords of JSON schema's drafts, of Ajv and of its extensions that restrict and are not supported. */
const refused = new Set(
  `if then else contains minContains maxContains dependentRequired dependentSchemas dependencies propertyDependencies
  $dynamicRef $recursiveRef extends disallow divisibleBy formatMinimum formatMaximum formatExclusiveMinimum
  formatExclusiveMaximum $data $merge $patch instanceof range exclusiveRange regexp transform uniqueItemProperties
  allRequired anyRequired oneRequired patternRequired prohibited deepProperties deepRequired optionalProperties
  elements`.split(/\s+/),
)

interface Context {
  readonly at: Place
  readonly schema: Readonly<Record<string, unknown>>
  readonly languages: Languages
}

/** What each keyword says about values; those that join schemas are read in `readSchema`. */
const facts: Record<string, (value: unknown, context: Context) => Partial<Clause>> = {
  type: (value, { at, schema }) => ({ kinds: kindsNamed(value, at, schema.nullable === true) }),
  nullable: (value, { at }) => (typeof value === 'boolean' ? {} : refuse(at, 'must be true or false')),
  enum: (value, { at }) =>
    Array.isArray(value) && value.length > 0 ? { values: value } : refuse(at, 'must be an array of at least one value'),
  const: value => ({ values: [value] }),

  minLength: (value, { at }) => ({ length: counts(count(value, at), Number.POSITIVE_INFINITY) }),
  maxLength: (value, { at }) => ({ length: counts(0, count(value, at)) }),
  pattern: (value, { at, languages }) => ({ languages: [pattern(value, at, languages)] }),
  format: (value, { at, schema, languages }) => format(value, at, schema, languages),

  minimum: (value, { at, schema }) => ({
    number: { multipleOf: [], minimum: { value: finite(value, at), exclusive: schema.exclusiveMinimum === true } },
  }),
  maximum: (value, { at, schema }) => ({
    number: { multipleOf: [], maximum: { value: finite(value, at), exclusive: schema.exclusiveMaximum === true } },
  }),
  // Draft 4 made these a switch of their neighbours.
  exclusiveMinimum: (value, { at }) =>
    typeof value === 'boolean'
      ? {}
      : { number: { multipleOf: [], minimum: { value: finite(value, at), exclusive: true } } },
  exclusiveMaximum: (value, { at }) =>
    typeof value === 'boolean'
      ? {}
      : { number: { multipleOf: [], maximum: { value: finite(value, at), exclusive: true } } },
  multipleOf: (value, { at }) =>
    finite(value, at) > 0 ? { number: { multipleOf: [finite(value, at)] } } : refuse(at, 'must be greater than 0'),

  minItems: (value, { at }) => ({ itemCount: { min: count(value, at) } }),
  maxItems: (value, { at }) => ({ itemCount: { max: count(value, at) } }),
  uniqueItems: (value, { at }) =>
    value === true ? { uniqueItems: at } : value === false ? {} : refuse(at, 'must be true or false'),
  unevaluatedItems: isSwitch,

  required: (value, { at }) => ({ required: names(value, at) }),
  propertyNames: (value, { at }) => (isSchema(value) ? { keys: [at] } : refuse(at, notASchema)),
  minProperties: (value, { at }) => ({
    memberCount: counts(count(value, at), Number.POSITIVE_INFINITY),
    memberCountPlace: at,
  }),
  maxProperties: (value, { at }) => ({ memberCount: counts(0, count(value, at)) }),
  unevaluatedProperties: isSwitch,

  not: (value, { at }) => {
    // "Never", as some generators write it, and its opposite.
    if (value === true || (isObject(value) && Object.keys(value).every(isAnnotation))) return { kinds: new Set() }
    return value === false ? {} : unsupported('not', at)
  },
}

/** `unevaluated…`, whose `false` concerns all that a schema joins; a schema for what is left over is beyond us. */
function isSwitch(value: unknown, { at }: Context): Partial<Clause> {
  return typeof value === 'boolean' ? {} : refuse(at, 'only true and false are supported')
}

/** Keywords read together in `readSchema`. */
const structural = new Set(
  '$ref allOf anyOf oneOf properties patternProperties additionalProperties prefixItems items additionalItems'.split(
    ' ',
  ),
)

const simple = { also: [], choices: [], sealsMembers: false, sealsItems: false } as const

const notASchema = 'must be a schema: an object, true or false'

/**
 * Reads one schema.
 * @throws Problem 400 naming the keyword and its place when something is malformed or cannot be obeyed
 */
export function readSchema(schema: unknown, place: Place, languages: Languages): Reading {
  if (schema === true) return { ...simple, clause: anyClause }
  if (schema === false) return { ...simple, clause: { ...anyClause, kinds: new Set() } }
  if (!isObject(schema)) refuse(place, notASchema)
  let clause = anyClause
  for (const [keyword, value] of Object.entries(schema)) {
    const at = child(place, keyword)
    if (isAnnotation(keyword) || structural.has(keyword)) continue
    if (!Object.hasOwn(facts, keyword)) unsupported(keyword, at)
    clause = both(clause, { ...anyClause, ...facts[keyword]!(value, { at, schema, languages }) })
  }
  const arrays = arrayParts(schema, place)
  const objects = objectParts(schema, place, languages)
  // A schema that says nothing itself stays the one clause that allows all: what it joins is then known to be the same.
  if (arrays.length + objects.length > 0) clause = both(clause, { ...anyClause, arrays, objects })
  return {
    clause,
    also: [
      ...(Object.hasOwn(schema, '$ref') ? [{ place, isRef: true }] : []),
      ...schemaList(schema, 'allOf', place).map(place => ({ place, isRef: false })),
    ],
    choices: ['anyOf', 'oneOf'].flatMap(keyword => {
      const options = schemaList(schema, keyword, place)
      return options.length > 0 ? [{ place: child(place, keyword), options, exclusive: keyword === 'oneOf' }] : []
    }),
    sealsMembers: schema.unevaluatedProperties === false,
    sealsItems: schema.unevaluatedItems === false,
  }
}

/**
 * Whether a keyword only describes (JSON schema 2020-12 core §4.3.1: what is not known is an annotation). One that is a
 * known keyword misspelt is none: it was meant to restrict.
 */
export function isAnnotation(keyword: string): boolean {
  if (Object.hasOwn(facts, keyword) || structural.has(keyword) || refused.has(keyword)) return false
  return !meant.has(letters(keyword))
}

/** The letters of a name in order: the same for `minLength`, `min_length` and `minLenght`. */
function letters(name: string): string {
  return [...name.toLowerCase().replace(/[^a-z]/g, '')].sort().join('')
}

const meant = new Set([...Object.keys(facts), ...structural, ...refused].map(letters))

function unsupported(keyword: string, at: Place): never {
  refuse(at, `keyword ${JSON.stringify(keyword)} is not supported`)
}

function arrayParts(schema: Record<string, unknown>, place: Place): ArrayPart[] {
  // One schema instead of a list is meant for all items, as llama.cpp reads it.
  if (isObject(schema.prefixItems) && !Object.hasOwn(schema, 'items')) {
    return [{ prefix: [], items: child(place, 'prefixItems') }]
  }
  const listed =
    Object.hasOwn(schema, 'prefixItems') && !isObject(schema.prefixItems)
      ? 'prefixItems'
      : Array.isArray(schema.items)
        ? 'items'
        : undefined
  const prefix = listed ? schemaList(schema, listed, place) : []
  const rest = listed === 'items' ? 'additionalItems' : 'items'
  const hasRest = Object.hasOwn(schema, rest) && !(listed === 'prefixItems' && Array.isArray(schema.items))
  if (hasRest && !isSchema(schema[rest])) refuse(child(place, rest), notASchema)
  return listed || hasRest ? [{ prefix, items: hasRest ? child(place, rest) : undefined }] : []
}

function objectParts(schema: Record<string, unknown>, place: Place, languages: Languages): ObjectPart[] {
  const part = (keyword: string): [string, Place][] => {
    if (!Object.hasOwn(schema, keyword)) return []
    const members = schema[keyword]
    if (!isObject(members)) refuse(child(place, keyword), 'must be an object of schemas')
    return Object.entries(members).map(([name, member]) => {
      const at = child(place, keyword, name)
      return isSchema(member) ? [name, at] : refuse(at, notASchema)
    })
  }
  const hasAdditional = Object.hasOwn(schema, 'additionalProperties')
  if (hasAdditional && !isSchema(schema.additionalProperties)) refuse(child(place, 'additionalProperties'), notASchema)
  if (!hasAdditional && !Object.hasOwn(schema, 'properties') && !Object.hasOwn(schema, 'patternProperties')) return []
  return [
    {
      properties: new Map(part('properties')),
      patterns: part('patternProperties').map(([source, at]) => ({
        language: pattern(source, at, languages),
        place: at,
      })),
      additional: hasAdditional ? child(place, 'additionalProperties') : undefined,
    },
  ]
}

function schemaList(schema: Record<string, unknown>, keyword: string, place: Place): Place[] {
  if (!Object.hasOwn(schema, keyword)) return []
  const list = schema[keyword]
  const at = child(place, keyword)
  if (!Array.isArray(list) || list.length === 0) refuse(at, 'must be an array of at least one schema')
  return list.map((item, i) => (isSchema(item) ? child(at, i) : refuse(child(at, i), notASchema)))
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value)
}

function kindsNamed(value: unknown, at: Place, nullable: boolean): ReadonlySet<Kind> {
  const named = Array.isArray(value) ? value : [value]
  if (named.length === 0) refuse(at, 'must name at least one type')
  const kinds = named.flatMap((name): readonly Kind[] => {
    if (name === 'number') return numbers
    const kind = everyKind.find(kind => kind === name && kind !== 'fraction')
    return kind ? [kind] : refuse(at, `there is no type ${JSON.stringify(name)}`)
  })
  return new Set(nullable ? [...kinds, 'null'] : kinds)
}

function pattern(source: unknown, at: Place, languages: Languages): Clause['languages'][number] {
  if (typeof source !== 'string') refuse(at, 'must be a regular expression')
  try {
    return patternLanguage(languages, source)
  } catch (error) {
    if (error instanceof UnsupportedExpression) {
      refuse(at, `the regular expression ${JSON.stringify(source)} cannot be used: ${error.message}`)
    }
    throw error
  }
}

function format(
  value: unknown,
  at: Place,
  schema: Readonly<Record<string, unknown>>,
  languages: Languages,
): Partial<Clause> {
  if (typeof value !== 'string') refuse(at, 'must be a string')
  const whole = wholeFormat(value)
  if (whole) return wholeBetween(...whole)
  const source = stringFormat(value)
  // A format that is spelt out beside it, as Zod does, is a name for that.
  if (source === undefined && hasPattern(schema)) return {}
  if (source === undefined) refuse(at, `format ${JSON.stringify(value)} is not supported`)
  return source === 'hint' ? {} : { languages: [pattern(source, at, languages)] }
}

function hasPattern({ pattern, allOf }: Readonly<Record<string, unknown>>): boolean {
  return pattern !== undefined || (Array.isArray(allOf) && allOf.some(part => isObject(part) && hasPattern(part)))
}

function wholeBetween(minimum: number, maximum: number): Partial<Clause> {
  return {
    number: {
      multipleOf: [1],
      minimum: { value: minimum, exclusive: false },
      maximum: { value: maximum, exclusive: false },
    },
  }
}

/** Each name once, so that they can be counted. */
function names(value: unknown, at: Place): string[] {
  const isList = Array.isArray(value) && value.every(name => typeof name === 'string')
  return isList ? [...new Set<string>(value)] : refuse(at, 'must be an array of property names')
}

function finite(value: unknown, at: Place): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(at, 'must be a number')
}

function count(value: unknown, at: Place): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    refuse(at, 'must be a whole number, 0 or more')
  return value <= maxRepetitions ? value : refuse(at, `counts above ${maxRepetitions} are not supported`)
}

function counts(min: number, max: number): Counts {
  return { min, max }
}
