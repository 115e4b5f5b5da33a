import { create } from 'zustand'
import type { Catalogue, Fit, ProblemInfo } from '../../../../preload/contract.ts'
import { call, problemFrom } from '../../../state/bridge.ts'
import { go } from '../../../state/place.ts'
import type { PullReference } from '../pulls/pull-reference.ts'
import type { Wish } from './matches.ts'

/** What became of looking closely whether a model runs here. */
export type Looked =
  | { readonly state: 'looking'; readonly fit?: undefined }
  | { readonly state: 'done'; readonly fit: Fit }
  | { readonly state: 'failed'; readonly problem: ProblemInfo; readonly fit?: undefined }

interface DiscoverState {
  /** Null until it was read once. */
  readonly catalogue: Catalogue | null
  readonly failed: boolean
  readonly query: string
  /** What the person wants a model for; null for anything. */
  readonly wish: Wish | null
  /** A model that a link leads to; the person has not said anything to it yet. */
  readonly linked: string | null
  /** By the name a model is pulled by. */
  readonly looked: Readonly<Record<string, Looked>>
}

export const useDiscover = create<DiscoverState>(() => ({
  catalogue: null,
  failed: false,
  query: '',
  wish: null,
  linked: null,
  looked: {},
}))

/** Reads the catalogue, with how each model would run here now. */
export async function readCatalogue(): Promise<void> {
  try {
    useDiscover.setState({ catalogue: await call('models.catalogue', {}), failed: false })
  } catch {
    useDiscover.setState({ failed: true })
  }
}

/** Shows the model that a link leads to. Nothing is asked of any other computer by it. */
export function showLinkedModel(linked: string): void {
  useDiscover.setState({ linked })
  go({ kind: 'models', view: 'discover' })
}

/** Shows what of the catalogue is made for something. */
export function showModelsFor(wish: Wish): void {
  useDiscover.setState({ wish, query: '' })
  go({ kind: 'models', view: 'discover' })
}

/** Asks the place a model comes from, because the person wants to know. */
export async function lookClosely({ model, insecure }: PullReference): Promise<void> {
  const set = (looked: Looked) => useDiscover.setState(state => ({ looked: { ...state.looked, [model]: looked } }))
  set({ state: 'looking' })
  try {
    set({ state: 'done', fit: await call('models.fit', { model, insecure }) })
  } catch (error) {
    set({ state: 'failed', problem: problemFrom(error) })
  }
}
