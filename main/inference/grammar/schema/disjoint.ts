import { automaton } from '../language/automaton.ts'
import { admits, itemPlaces, type Judge, memberPlaces } from './admission.ts'
import { type Clause, kindsOf } from './clause.ts'
import type { Place } from './document.ts'
import { memberNames, opensToUnnamed } from './members.ts'

/** Nested schemas looked into before giving up; recursive ones would never end. */
const maxDepth = 4

/**
 * The clause so that no answer written for it can satisfy `other`; undefined when that cannot be shown. Where only a
 * tag tells the two apart that may be left out, as Pydantic's have a default, the tag becomes required.
 */
export function apart(written: Clause, other: Clause, judge: Judge): Clause | undefined {
  if (disjoint(written, other, judge)) return written
  const optional = memberNames(written).filter(name => !written.required.includes(name))
  for (const name of optional) {
    const places = memberPlaces(written, name, judge)
    if (!places || !judge.of(places).every(({ values }) => values)) continue
    const tagged = { ...written, required: [...written.required, name] }
    if (disjoint(tagged, other, judge)) return tagged
  }
  return undefined
}

/**
 * Whether no answer written for `written` can satisfy `other`. False when that cannot be shown: this decides whether
 * the alternatives of `oneOf` may stand side by side.
 */
function disjoint(written: Clause, other: Clause, judge: Judge, depth = 0): boolean {
  judge.spend()
  if (written.values) return !written.values.some(value => admits(other, value, judge))
  // What the alternatives not taken forbid is not kept by the grammar by itself: that is the question here.
  if (other.values) return !other.values.some(value => admits({ ...written, not: [] }, value, judge))
  return kindsOf(written).every(kind => {
    if (other.kinds && !other.kinds.has(kind)) return true
    if (kind === 'string') return noCommonText(written, other, judge)
    if (kind === 'integer' || kind === 'fraction') return noCommonNumber(written, other)
    if (kind === 'array') return noCommonArray(written, other, judge, depth)
    return kind === 'object' && noCommonObject(written, other, judge, depth)
  })
}

function noCommonText(a: Clause, b: Clause, { languages }: Judge): boolean {
  const common = languages.and(
    ...a.languages,
    ...b.languages,
    ...[a.length, b.length].map(({ min, max }) => languages.repeat(languages.anyCharacter, min, max)),
  )
  if (a.length.min > b.length.max || b.length.min > a.length.max) return true
  return a.languages.length + b.languages.length > 0 && automaton(languages, common).length === 0
}

function noCommonNumber({ number: a }: Clause, { number: b }: Clause): boolean {
  return isBelow(a.maximum, b.minimum) || isBelow(b.maximum, a.minimum)
}

function isBelow(maximum: Clause['number']['maximum'], minimum: Clause['number']['minimum']): boolean {
  if (!maximum || !minimum) return false
  return maximum.value < minimum.value || (maximum.value === minimum.value && (maximum.exclusive || minimum.exclusive))
}

function noCommonArray(a: Clause, b: Clause, judge: Judge, depth: number): boolean {
  if ((a.itemCount.min ?? 0) > (b.itemCount.max ?? Number.POSITIVE_INFINITY)) return true
  if ((b.itemCount.min ?? 0) > (a.itemCount.max ?? Number.POSITIVE_INFINITY)) return true
  const certain = Math.max(a.itemCount.min ?? 0, b.itemCount.min ?? 0)
  const shown = Math.min(certain, Math.max(1, ...[...a.arrays, ...b.arrays].map(({ prefix }) => prefix.length)))
  return Array.from({ length: shown }, (_, i) => noCommonValue(itemPlaces(a, i), itemPlaces(b, i), judge, depth)).some(
    Boolean,
  )
}

function noCommonObject(a: Clause, b: Clause, judge: Judge, depth: number): boolean {
  // Names that a common answer would have to hold, and those that it could not hold.
  const certain = new Set([...a.required, ...b.required])
  const named = new Set(memberNames(a))
  return [...certain].some(name => {
    if (!named.has(name) && !opensToUnnamed(a)) return true
    return noCommonValue(memberPlaces(a, name, judge), memberPlaces(b, name, judge), judge, depth)
  })
}

function noCommonValue(a: Place[] | undefined, b: Place[] | undefined, judge: Judge, depth: number): boolean {
  if (!a || !b) return true
  if (depth >= maxDepth) return false
  return judge.of(a).every(one => judge.of(b).every(other => disjoint(one, other, judge, depth + 1)))
}
