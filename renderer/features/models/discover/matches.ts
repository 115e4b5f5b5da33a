import type { TFunction } from 'i18next'
import type { Family } from '../../../../preload/contract.ts'

export type CatalogueSize = Family['sizes'][number]

/** What a person may want a model for, in the order it is shown. */
export const wishes = ['write', 'pictures', 'code', 'reason', 'chinese', 'small', 'search'] as const
export type Wish = (typeof wishes)[number]

/** A download that a small computer bears. Bytes. */
const small = 2_100_000_000

const wishesOf = ({ uses, sizes }: Family): Wish[] =>
  sizes.some(({ bytes }) => bytes <= small) ? [...uses, 'small'] : [...uses]

/** The families for a wish whose name, maker, sentence or purpose holds every word that was typed. */
export function matching(
  families: readonly Family[],
  { query, wish }: { query: string; wish: Wish | null },
  t: TFunction,
): readonly Family[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return families.filter(family => {
    const served = wishesOf(family)
    if (wish !== null && !served.includes(wish)) return false
    const text = textOf(family, served, t).toLowerCase()
    return words.every(word => text.includes(word))
  })
}

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
