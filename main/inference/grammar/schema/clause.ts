import type { Language } from '../language/language.ts'
import type { Bound, NumberLimits } from '../language/number-language.ts'
import type { Place } from './document.ts'

/** The kinds of JSON values; `fraction` is every number that is not whole. */
export type Kind = 'null' | 'boolean' | 'integer' | 'fraction' | 'string' | 'array' | 'object'

export interface Counts {
  readonly min: number
  /** Infinity for no bound. */
  readonly max: number
}

/** What one schema says about arrays. */
export interface ArrayPart {
  readonly prefix: readonly Place[]
  /** Items behind the prefix; undefined when the schema does not speak of them. */
  readonly items?: Place
}

/** What one schema says about the members of objects. */
export interface ObjectPart {
  readonly properties: ReadonlyMap<string, Place>
  readonly patterns: readonly { readonly language: Language; readonly place: Place }[]
  /** Members that neither list names; undefined when the schema does not speak of them. */
  readonly additional?: Place
}

/** The only members an object may have (`unevaluatedProperties: false`, as far as its own schema speaks of members). */
export interface Seal {
  readonly names: ReadonlySet<string>
  readonly patterns: readonly Language[]
}

/**
 * A conjunction of constraints without alternatives: one way to satisfy a schema. Constraints of one kind of value say
 * nothing about the others.
 */
export interface Clause {
  /** Undefined when no `type` was given. */
  readonly kinds?: ReadonlySet<Kind>
  /** The values of `enum` and `const`. */
  readonly values?: readonly unknown[]
  readonly length: Counts
  readonly languages: readonly Language[]
  readonly number: NumberLimits
  readonly arrays: readonly ArrayPart[]
  readonly itemCount: Partial<Counts>
  /** The place of `uniqueItems: true`. */
  readonly uniqueItems?: Place
  readonly objects: readonly ObjectPart[]
  readonly required: readonly string[]
  /** Schemas every key obeys. */
  readonly keys: readonly Place[]
  readonly memberCount: Counts
  /** The place of `minProperties`, to blame when it cannot be kept. */
  readonly memberCountPlace?: Place
  readonly seals: readonly Seal[]
  /** Alternatives of `oneOf` that were not taken and must not hold as well. */
  readonly not: readonly { readonly clauses: readonly Clause[]; readonly place: Place }[]
}

const unbounded: Counts = { min: 0, max: Number.POSITIVE_INFINITY }

/** Allows every value. */
export const anyClause: Clause = {
  length: unbounded,
  languages: [],
  number: { multipleOf: [] },
  arrays: [],
  itemCount: {},
  objects: [],
  required: [],
  keys: [],
  memberCount: unbounded,
  seals: [],
  not: [],
}

export const numbers: readonly Kind[] = ['integer', 'fraction']
export const everyKind: readonly Kind[] = ['object', 'array', 'string', ...numbers, 'boolean', 'null']

/** Resolves places to the ways of satisfying all of them at once. */
export interface Alternatives {
  of(places: readonly Place[]): readonly Clause[]
}

/** What satisfies both. */
export function both(a: Clause, b: Clause): Clause {
  if (a === anyClause) return b
  if (b === anyClause || a === b) return a
  return {
    kinds: a.kinds && b.kinds ? new Set([...a.kinds].filter(kind => b.kinds!.has(kind))) : (a.kinds ?? b.kinds),
    values: a.values && b.values ? commonValues(a.values, b.values) : (a.values ?? b.values),
    length: narrower(a.length, b.length),
    languages: distinct(a.languages, b.languages),
    number: {
      minimum: stricter(a.number.minimum, b.number.minimum, (x, y) => x > y),
      maximum: stricter(a.number.maximum, b.number.maximum, (x, y) => x < y),
      multipleOf: distinct(a.number.multipleOf, b.number.multipleOf),
    },
    arrays: distinct(a.arrays, b.arrays),
    itemCount: {
      min: greatest(a.itemCount.min, b.itemCount.min),
      max: least(a.itemCount.max, b.itemCount.max),
    },
    uniqueItems: a.uniqueItems ?? b.uniqueItems,
    objects: distinct(a.objects, b.objects),
    required: distinct(a.required, b.required),
    keys: distinct(a.keys, b.keys),
    memberCount: narrower(a.memberCount, b.memberCount),
    memberCountPlace: a.memberCountPlace ?? b.memberCountPlace,
    seals: distinct(a.seals, b.seals),
    not: [...a.not, ...b.not],
  }
}

/**
 * The kinds of values a clause is about. Without a `type` its constraints tell, as with llama.cpp: who writes
 * `properties` means an object, though the letter of JSON schema would let a number pass.
 */
export function kindsOf(clause: Clause): readonly Kind[] {
  if (clause.kinds) return everyKind.filter(kind => clause.kinds!.has(kind))
  const { length, languages, number, itemCount, memberCount } = clause
  const implied: Kind[] = []
  const saysMembers = [clause.objects, clause.required, clause.keys, clause.seals].some(list => list.length > 0)
  if (saysMembers || bounded(memberCount)) implied.push('object')
  const saysCount = itemCount.min !== undefined || itemCount.max !== undefined
  if (clause.arrays.length > 0 || saysCount || clause.uniqueItems) implied.push('array')
  if (languages.length > 0 || bounded(length)) implied.push('string')
  if (number.minimum || number.maximum || number.multipleOf.length > 0) implied.push(...numbers)
  return implied.length > 0 ? implied : everyKind
}

/** Whether a value is among others, compared as JSON schema does: members in any order. */
export function isAmong(values: readonly unknown[], value: unknown): boolean {
  return canonicalForms(values).has(canonical(value))
}

const remembered = new WeakMap<readonly unknown[], Set<string>>()

function canonicalForms(values: readonly unknown[]): Set<string> {
  const known = remembered.get(values) ?? new Set(values.map(canonical))
  remembered.set(values, known)
  return known
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function commonValues(a: readonly unknown[], b: readonly unknown[]): unknown[] {
  return a.filter(value => isAmong(b, value))
}

function distinct<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (a.length === 0) return b
  return b.length === 0 ? a : [...new Set([...a, ...b])]
}

function narrower(a: Counts, b: Counts): Counts {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) }
}

function bounded(counts: Counts): boolean {
  return counts.min > 0 || counts.max < Number.POSITIVE_INFINITY
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b)
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b)
}

function stricter(
  a: Bound | undefined,
  b: Bound | undefined,
  beats: (x: number, y: number) => boolean,
): Bound | undefined {
  if (!a || !b) return a ?? b
  if (a.value === b.value) return a.exclusive ? a : b
  return beats(a.value, b.value) ? a : b
}
