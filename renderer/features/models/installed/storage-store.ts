import { create } from 'zustand'
import type { Storage } from '../../../../preload/contract.ts'
import { call } from '../../../state/bridge.ts'
import { modelKey } from '../installed-model.ts'

/** What the models take on disk; null until it was read once. */
export const useStorage = create<{ storage: Storage | null }>(() => ({ storage: null }))

export async function refreshStorage(): Promise<void> {
  useStorage.setState({ storage: await call('models.storage', {}) })
}

/** Bytes that deleting a model gives back; undefined while that is not known. */
export function freedBy(storage: Storage | null, name: string): number | undefined {
  const known = Object.entries(storage?.freed ?? {}).find(([other]) => modelKey(other) === modelKey(name))
  return known?.[1]
}
