import { space } from '../gbnf/json-rules.ts'
import { type Alternative, type Piece, type RulePiece, rule, text } from '../gbnf/piece.ts'
import { itemPlaces } from '../schema/admission.ts'
import type { Clause } from '../schema/clause.ts'
import { refuse } from '../schema/document.ts'
import { fewItems, uniqueAlternatives } from './unique-items.ts'
import type { Writer } from './writer.ts'

export function isAnyArray({ arrays, itemCount: { min, max }, uniqueItems }: Clause): boolean {
  return arrays.length === 0 && !min && max === undefined && !uniqueItems
}

/**
 * Arrays of a clause. As with llama.cpp a tuple (`prefixItems` without `items`) is closed, and written in full unless
 * `minItems` allows less.
 */
export function arrayAlternatives(clause: Clause, writer: Writer, hint: string): Alternative[] {
  const { book } = writer
  const { arrays, itemCount, uniqueItems } = clause
  const tuple = Math.max(0, ...arrays.map(({ prefix }) => prefix.length))
  const isOpen = arrays.some(({ items }) => items !== undefined) || arrays.length === 0
  const max = Math.min(itemCount.max ?? Number.POSITIVE_INFINITY, isOpen ? Number.POSITIVE_INFINITY : tuple)
  const min = itemCount.min ?? Math.min(tuple, max)
  if (min > max) return []
  if (uniqueItems && max > 1) {
    const values = fewItems(clause, max, writer)
    if (!values) refuse(uniqueItems, 'keyword "uniqueItems" is only supported for items that are one of a few values')
    return uniqueAlternatives(values, { min, max }, writer, hint)
  }

  const blank = space(book)
  const item = (index: number): Piece => writer.value(itemPlaces(clause, index))
  const comma = [text(','), blank]
  const empty: Alternative = [text('['), blank, text(']')]
  if (max === 0) return [empty]

  const further = (): RulePiece => {
    const name = book.name(`${hint}-further`)
    book.define(name, [[...comma, item(tuple)]])
    return rule(name)
  }
  const rest = (written: number): Piece[] =>
    max > Math.max(written, tuple) ? book.repeat(further(), Math.max(0, min - written), max - written) : []

  const items: Piece[] = [item(0)]
  let written = 1
  for (; written < Math.min(tuple, min); written++) items.push(...comma, item(written))
  items.push(...(written < tuple ? optionalItems(written) : rest(written)))
  return [...(min === 0 ? [empty] : []), [text('['), blank, ...items, blank, text(']')]]

  /** The end of the tuple from an index on, each item only behind the one before. */
  function optionalItems(from: number): Piece[] {
    const last = Math.min(tuple, max)
    let following = last === tuple ? rest(tuple) : []
    for (let index = last - 1; index >= from; index--) {
      const name = book.name(`${hint}-from-${index}`)
      book.define(name, [[], [...comma, item(index), ...following]])
      following = [rule(name)]
    }
    return following
  }
}
