import type { Json } from '../../../../forms/field.ts'

const texts = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** The order of two values of one column: nothing first, then by number, then as the language sorts words. */
export function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return texts.compare(textOf(a), textOf(b))
}

const textOf = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Case, accents and full-width forms make no difference. */
const folded = (text: string): string =>
  (isPlain.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')).toLowerCase()

const isPlain = /^[\x00-\x7f]*$/

/** The words a person filters by, as `holds` takes them. */
export const wanted = (words: string): string => folded(words.trim())

/** Whether a text holds words. @param words of `wanted`: of ten thousand rows they are the same */
export const holds = (text: string, words: string): boolean => folded(text).includes(words)
