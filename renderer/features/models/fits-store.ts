import { create } from 'zustand'
import type { Fit } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { modelKey } from './installed-model.ts'

/** How the models on this computer would run, by `modelKey`; null until it was asked once. */
export const useFits = create<{ fits: Readonly<Record<string, Fit>> | null }>(() => ({ fits: null }))

/** Looks at this computer and its models again; where that cannot be done, nothing is said of them. */
export async function refreshFits(): Promise<void> {
  try {
    const { fits } = await call('models.installedFits', {})
    useFits.setState({ fits: Object.fromEntries(Object.entries(fits).map(([name, fit]) => [modelKey(name), fit])) })
  } catch {
    useFits.setState({ fits: {} })
  }
}

/** How a model on this computer would run; undefined while that is not known. */
export const useFit = (name: string): Fit | undefined => useFits(({ fits }) => fits?.[modelKey(name)])
