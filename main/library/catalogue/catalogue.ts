import { families } from './families.ts'
import type { CatalogueSize, Family } from './family.ts'

/** Models to choose from, most useful first. */
export interface Catalogue {
  /** When names and sizes were looked up, year and month. */
  readonly asOf: string
  readonly families: readonly Family[]
}

export const catalogue: Catalogue = { asOf: '2025-09', families }

/**
 * Families that a first model may come from, best first: open to everyone for everything, good at writing, in many
 * languages, and not given to long thinking before each answer.
 */
const proposable = ['gemma3-sees', 'llama3-2', 'gemma3-small']

/** Larger ones are no download to begin with. Bytes. */
const mostToBeginWith = 6_000_000_000

/**
 * The one model to propose to somebody who has none: of the first family that has one, the largest that runs well.
 * @param runsWell whether one does on this computer
 */
export function proposal(runsWell: (size: CatalogueSize) => boolean): CatalogueSize | undefined {
  const known = proposable.flatMap(id => families.find(family => family.id === id) ?? [])
  for (const { sizes } of known) {
    const found = sizes.findLast(size => size.bytes <= mostToBeginWith && runsWell(size))
    if (found) return found
  }
  return undefined
}
