import { isMultiple } from '../language/decimal.ts'
import type { Languages } from '../language/language.ts'
import { type Alternatives, type Clause, isAmong, type Kind, type Seal } from './clause.ts'
import type { Place } from './document.ts'
import { isObject } from './document.ts'

/** What judging values takes: the schemas inside a clause, and its languages. */
export interface Judge extends Alternatives {
  readonly languages: Languages
  /** Called for each judgement; throws when there were too many. */
  spend(): void
}

/** Whether a value satisfies a clause by the letter of JSON schema. */
export function admits(clause: Clause, value: unknown, judge: Judge): boolean {
  judge.spend()
  if (clause.kinds && !clause.kinds.has(kindOf(value))) return false
  if (clause.values && !isAmong(clause.values, value)) return false
  if (clause.not.some(({ clauses }) => clauses.some(other => admits(other, value, judge)))) return false
  if (typeof value === 'string') return admitsText(clause, value, judge)
  if (typeof value === 'number') return admitsNumber(clause, value)
  if (Array.isArray(value)) return admitsArray(clause, value, judge)
  return isObject(value) ? admitsObject(clause, value, judge) : true
}

function kindOf(value: unknown): Kind {
  if (value === null) return 'null'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'boolean' | 'string' | 'object'
}

/** Whether a value satisfies every schema at these places. */
export function satisfies(places: readonly Place[], value: unknown, judge: Judge): boolean {
  return places.length === 0 || judge.of(places).some(clause => admits(clause, value, judge))
}

function admitsText({ length, languages }: Clause, value: string, judge: Judge): boolean {
  const characters = [...value].length
  return (
    characters >= length.min &&
    characters <= length.max &&
    languages.every(language => judge.languages.matches(language, value))
  )
}

function admitsNumber({ number: { minimum, maximum, multipleOf } }: Clause, value: number): boolean {
  if (minimum && (minimum.exclusive ? value <= minimum.value : value < minimum.value)) return false
  if (maximum && (maximum.exclusive ? value >= maximum.value : value > maximum.value)) return false
  return multipleOf.every(of => isMultiple(value, of))
}

function admitsArray(clause: Clause, value: readonly unknown[], judge: Judge): boolean {
  const { min = 0, max = Number.POSITIVE_INFINITY } = clause.itemCount
  if (value.length < min || value.length > max) return false
  if (clause.uniqueItems && new Set(value.map(item => JSON.stringify(item))).size < value.length) return false
  return value.every((item, i) => satisfies(itemPlaces(clause, i), item, judge))
}

/** The schemas an item obeys. */
export function itemPlaces({ arrays }: Clause, index: number): Place[] {
  return arrays.flatMap(({ prefix, items }) => prefix[index] ?? items ?? [])
}

function admitsObject(clause: Clause, value: Readonly<Record<string, unknown>>, judge: Judge): boolean {
  const members = Object.entries(value)
  if (members.length < clause.memberCount.min || members.length > clause.memberCount.max) return false
  if (!clause.required.every(name => Object.hasOwn(value, name))) return false
  return members.every(([name, member]) => {
    const places = memberPlaces(clause, name, judge)
    return places !== undefined && satisfies(places, member, judge) && satisfies(clause.keys, name, judge)
  })
}

/** The schemas the member of this name obeys; undefined where a seal forbids it. */
export function memberPlaces({ objects, seals }: Clause, name: string, { languages }: Judge): Place[] | undefined {
  const isSealed = ({ names, patterns }: Seal): boolean =>
    !names.has(name) && !patterns.some(pattern => languages.matches(pattern, name))
  if (seals.some(isSealed)) return undefined
  return objects.flatMap(({ properties, patterns, additional }) => {
    const own = properties.has(name) ? [properties.get(name)!] : []
    const matching = patterns.filter(({ language }) => languages.matches(language, name)).map(({ place }) => place)
    return own.length + matching.length > 0 ? [...own, ...matching] : (additional ?? [])
  })
}
