import { createContext, useContext } from 'react'
import type { Path } from '../../../../forms/partial-json.ts'

/** Where a model is writing; null while none does. */
export const LivePlace = createContext<Path | null>(null)

/** Whether the field at a place is the one being written, or holds it. */
export function useIsLive(path: readonly (string | number)[]): boolean {
  const live = useContext(LivePlace)
  return live !== null && path.length > 0 && path.length <= live.length && path.every((step, at) => step === live[at])
}
