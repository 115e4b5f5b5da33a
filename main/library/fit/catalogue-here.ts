import { catalogue, proposal } from '../catalogue/catalogue.ts'
import type { CatalogueSize, Family } from '../catalogue/family.ts'
import type { Fit } from './fit.ts'
import type { Fitting } from './fitting.ts'

/** The catalogue as it is on this computer. */
export interface CatalogueHere {
  readonly asOf: string
  readonly families: (Omit<Family, 'sizes'> & { readonly sizes: (CatalogueSize & { readonly fit: Fit | null })[] })[]
  /** What the model to begin with is pulled by. */
  readonly proposal: string | null
}

/** Each model with how it would run here; without that where the machine cannot be looked at. */
export async function catalogueHere(fitting: Pick<Fitting, 'guess'>): Promise<CatalogueHere> {
  const { asOf, families } = catalogue
  const sizes = families.flatMap(family => family.sizes)
  // The catalogue is worth showing all the same; a pull would say what is wrong with the machine.
  const guessed = await fitting.guess(sizes).catch(() => [])
  const fits = new Map(guessed.map((fit, index) => [sizes[index], fit]))
  return {
    asOf,
    families: families.map(family => ({
      ...family,
      sizes: family.sizes.map(size => ({ ...size, fit: fits.get(size) ?? null })),
    })),
    proposal: proposal(size => fits.get(size)?.verdict === 'well')?.model ?? null,
  }
}
