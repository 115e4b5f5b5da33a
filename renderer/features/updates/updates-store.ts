import { create } from 'zustand'
import type { Update } from '../../../preload/contract.ts'
import { subscribe } from '../../state/bridge.ts'

/** What main knows of a newer Hearth; null until it has told. */
export const useUpdate = create<{ update: Update | null }>(() => ({ update: null }))

/** Follows it while somebody looks. @returns ends it */
export const followUpdate = (): (() => void) => subscribe('updates.watch', {}, update => useUpdate.setState({ update }))
