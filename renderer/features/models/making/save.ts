import { create } from 'zustand'
import { call } from '../../../state/bridge.ts'
import { ollama } from '../../../state/ollama.ts'
import { type NameTrouble, nameTrouble } from '../installed/model-changes.ts'
import { modelKey } from '../installed-model.ts'
import { type Draft, orderOf } from './draft.ts'
import { forgetDraft, useDraft } from './draft-store.ts'
import { arrived, useMakings } from './makings-store.ts'
import { discardTrial, isCurrent, useTrial } from './trial-store.ts'

interface Saving {
  /** The making that the draft is being saved by, or could not be saved by; null when it is not. */
  readonly id: string | null
  /** What is being saved. */
  readonly draft: Draft | null
}

export const useSaving = create<Saving>(() => ({ id: null, draft: null }))

/**
 * Keeps the model under its name. One that was tried just so is only given that name; any other is made, while the
 * draft stays for the case that it cannot be.
 * @returns why the name cannot be given
 */
export async function save(): Promise<NameTrouble | undefined> {
  const { draft } = useDraft.getState()
  const name = draft.name.trim()
  const order = orderOf(draft, name)
  if (!order) return
  const trouble = (await nameTrouble(name)) ?? beingMade(name)
  if (trouble) return trouble
  const { trial } = useTrial.getState()
  const tried = useMakings.getState().makings.find(({ id }) => id === trial?.id)
  if (trial && tried?.state === 'done' && isCurrent(trial, draft)) {
    await ollama.copy({ source: tried.model, destination: name })
    saved(name)
    await discardTrial()
    return
  }
  const { id } = await call('makings.start', order)
  useSaving.setState({ id, draft })
}

/** Two of one name at once: the later would replace the earlier. */
const beingMade = (name: string): NameTrouble | undefined =>
  useMakings.getState().makings.some(({ model, state }) => state === 'running' && modelKey(model) === modelKey(name))
    ? 'manage.nameTaken'
    : undefined

function saved(model: string): void {
  forgetDraft()
  arrived(model)
}

/** Sees whether the making that saves the draft has come to its end; call when the list has changed. */
export async function followSaving(): Promise<void> {
  const { id, draft } = useSaving.getState()
  if (id === null) return
  const making = useMakings.getState().makings.find(other => other.id === id)
  // One that failed stays in sight, and the draft with it.
  if (making?.state === 'running' || making?.state === 'failed') return
  useSaving.setState({ id: null, draft: null })
  // What was written meanwhile belongs to the next model, and is not thrown away.
  if (making?.state !== 'done' || useDraft.getState().draft !== draft) return
  forgetDraft()
  await discardTrial()
}
