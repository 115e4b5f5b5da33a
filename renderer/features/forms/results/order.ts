import type { Json } from '../../../../forms/field.ts'
import { fold } from '../../../../preload/contract-fold.ts'

const texts = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** The order of two values of one column: nothing first, then by number, then as the language sorts words. */
export function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return texts.compare(textOf(a), textOf(b))
}

/** A row of the table, as far as it is compared. */
interface Compared<T> {
  /** Its place among the table's data. */
  readonly index: number
  readonly table: { readonly options: { readonly data: readonly T[] } }
}

/**
 * Compares rows of a table by a value of each. It is read once for all rows: each of ten thousand is compared some
 * thirteen times.
 */
export function byValue<T>(pick: (one: T) => Json | undefined): (a: Compared<T>, b: Compared<T>) => number {
  let read: readonly T[] = []
  let values: readonly (Json | undefined)[] = []
  return (a, b) => {
    const { data } = a.table.options
    if (data !== read) [read, values] = [data, data.map(pick)]
    return compareValues(values[a.index], values[b.index])
  }
}

const textOf = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** The words a person filters by, as `holds` takes them. */
export const wanted = (words: string): string => fold(words.trim())

/** Whether a text holds words. @param words of `wanted`: of ten thousand rows they are the same */
export const holds = (text: string, words: string): boolean => fold(text).includes(words)
