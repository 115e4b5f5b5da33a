import type { TFunction } from 'i18next'
import type { Family } from '../../../../preload/contract.ts'
import { queryWords } from './query-words.ts'

export type CatalogueSize = Family['sizes'][number]

/** What a person may want a model for, in the order it is shown. */
export const wishes = ['write', 'pictures', 'code', 'reason', 'chinese', 'small', 'search'] as const
export type Wish = (typeof wishes)[number]

/** A download that a small computer bears. Bytes. */
const small = 2_100_000_000

const wishesOf = ({ uses, sizes }: Family): Wish[] =>
  sizes.some(({ bytes }) => bytes <= small) ? [...uses, 'small'] : [...uses]

/**
 * The families for a wish whose name, maker, sentence or purpose holds every word that was typed. What is typed may be
 * a sentence: its smallest words are passed over, and so are words that no family holds, while they are at most half.
 */
export function matching(
  families: readonly Family[],
  { query, wish }: { query: string; wish: Wish | null },
  t: TFunction,
): readonly Family[] {
  const described = families.map(family => {
    const served = wishesOf(family)
    return { family, served, text: textOf(family, served, t).toLowerCase() }
  })
  const { words, characters } = queryWords(query)
  const knownOf = (asked: readonly string[]) => {
    const held = asked.filter(word => described.some(({ text }) => holds(text, word)))
    return 2 * held.length < asked.length ? undefined : held
  }
  const asked = [words, characters].filter(({ length }) => length > 0)
  const known = asked.length === 0 ? [] : asked.map(knownOf).find(held => held !== undefined)
  if (!known) return []
  return described.flatMap(({ family, served, text }) => {
    const wished = wish === null || served.includes(wish)
    return wished && known.every(word => holds(text, word)) ? [family] : []
  })
}

/** Several of a thing are looked for as one: "letters" finds "letter". */
const holds = (text: string, word: string): boolean =>
  text.includes(word) || (word.length > 4 && text.includes(word.replace(/e?s$/, '')))

function textOf({ id, name, maker, languages, sizes }: Family, served: readonly Wish[], t: TFunction): string {
  return [
    ...[name, maker, ...sizes.map(({ model }) => model)],
    t(`catalogue.families.${id}` as 'catalogue.families.qwen3'),
    t(`catalogue.languages.${languages}`),
    ...served.flatMap(wish => [t(`catalogue.uses.${wish}`), t(`catalogue.words.${wish}`)]),
  ].join(' ')
}

/** More than this is nothing to propose. Bytes. */
const large = 10_000_000_000

/** The size to show first: the largest that runs well, else the smallest; for a small computer, the smallest. */
export function bestSize({ sizes }: Family, wish: Wish | null): CatalogueSize | undefined {
  if (wish === 'small') return sizes[0]
  return sizes.findLast(({ bytes, fit }) => bytes <= large && fit?.verdict === 'well') ?? sizes[0]
}

/** E.g. "4.3B", "270M", as the models themselves write it. */
export const parameterSize = (parameters: number): string =>
  parameters < 1 ? `${Math.round(parameters * 1000)}M` : `${parameters}B`
