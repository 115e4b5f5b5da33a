import { space } from '../gbnf/json-rules.ts'
import { type Alternative, type Piece, rule, text } from '../gbnf/piece.ts'
import { itemPlaces } from '../schema/admission.ts'
import type { Clause, Counts } from '../schema/clause.ts'
import type { Writer } from './writer.ts'

/** Sets of values that may have been written already, each a rule: all of ten values, or a few of more. */
const maxSets = 1_100

/**
 * The texts of the values that every item of an array must be one of, each once; undefined when there are others, or
 * too many to say of each set of them which are left.
 */
export function fewItems(clause: Clause, most: number, { expansion }: Writer): string[] | undefined {
  if (clause.arrays.length === 0 || clause.arrays.some(({ prefix, items }) => prefix.length > 0 || !items))
    return undefined
  const clauses = expansion.writable(itemPlaces(clause, 0))
  // Objects may be equal and written differently.
  if (clauses.some(({ values }) => !values || values.some(value => typeof value === 'object' && value !== null))) {
    return undefined
  }
  const texts = [...new Set(clauses.flatMap(({ values = [] }) => values.map(value => JSON.stringify(value))))]
  return setsOf(texts.length, most) <= maxSets ? texts : undefined
}

/** How many sets of at most so many things there are. */
function setsOf(things: number, most: number): number {
  let sets = 1
  let ofSize = 1
  for (let size = 1; size <= Math.min(things, most) && sets <= maxSets; size++) {
    ofSize = (ofSize * (things - size + 1)) / size
    sets += ofSize
  }
  return sets
}

/** Arrays of these values in any order, none twice. */
export function uniqueAlternatives(
  values: readonly string[],
  count: Counts,
  { book }: Writer,
  hint: string,
): Alternative[] {
  if (values.length < count.min) return []
  const blank = space(book)
  const sets = new Map<string, string>()
  const queue: { readonly name: string; readonly used: readonly number[] }[] = []
  const next = (used: readonly number[], separator: readonly Piece[]): Alternative[] =>
    values.flatMap((value, at) =>
      used.includes(at) ? [] : [[...separator, text(value), ...further([...used, at].sort((a, b) => a - b))]],
    )
  const further = (used: readonly number[]): Piece[] => {
    if (used.length === count.max) return []
    const key = used.join(' ')
    if (!sets.has(key)) {
      sets.set(key, book.name(`${hint}-others`))
      queue.push({ name: sets.get(key)!, used })
    }
    return [rule(sets.get(key)!)]
  }
  const first = book.name(`${hint}-first`)
  book.define(first, next([], []))
  for (let set = queue.pop(); set; set = queue.pop()) {
    const end: Alternative[] = set.used.length >= count.min ? [[]] : []
    book.define(set.name, [...end, ...next(set.used, [text(','), blank])])
  }
  const empty: Alternative[] = count.min === 0 ? [[text('['), blank, text(']')]] : []
  return [...empty, [text('['), blank, rule(first), blank, text(']')]]
}
