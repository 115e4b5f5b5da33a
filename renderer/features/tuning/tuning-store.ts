import { create } from 'zustand'
import type { Conversation, Parameters } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { useConversation, useConversations } from '../../state/conversations.ts'
import { changeDraft, draftOf, useDraft } from '../../state/drafts.ts'
import { attempt } from '../../state/perform.ts'
import type { ParameterName } from './parameters.ts'

/** How the model answers in a chat. */
export type Tuning = Pick<Conversation, 'system' | 'parameters'>

const untuned: Tuning = { system: '', parameters: {} }

interface TuningState {
  readonly open: boolean
  /** What was changed of an existing chat and is on its way to main. */
  readonly changed: { readonly id: string; readonly tuning: Tuning } | null
}

export const useTuningState = create<TuningState>(() => ({ open: false, changed: null }))

/** How a new chat is answered when nothing was set for it; null for as its model is. */
export const useNextDefault = create<{ tuning: Tuning | null }>(() => ({ tuning: null }))

export const showTuning = (): void => useTuningState.setState({ open: true })

/** Milliseconds without a change before it is saved. */
const pause = 400
let timer: ReturnType<typeof setTimeout> | undefined

/** How the model answers in a chat, or (null) in the next new one. */
export function useTuning(id: string | null): Tuning {
  const conversation = useConversation(id)
  const { changed } = useTuningState()
  const next = useDraft(null).tuning
  const usual = useNextDefault(({ tuning }) => tuning)
  if (id === null) return next ?? usual ?? untuned
  return changed?.id === id ? changed.tuning : (conversation ?? untuned)
}

/** The same, at this moment. */
export function tuningOf(id: string | null): Tuning {
  const { changed } = useTuningState.getState()
  if (id === null) return draftOf(null).tuning ?? useNextDefault.getState().tuning ?? untuned
  if (changed?.id === id) return changed.tuning
  return useConversations.getState().conversations?.find(known => known.id === id) ?? untuned
}

/** Sets everything at once. */
export const applyTuning = (id: string | null, tuning: Tuning): void => change(id, tuning)

export function setSystem(id: string | null, system: string): void {
  change(id, { ...tuningOf(id), system })
}

/** @param value undefined for the model's own */
export function setParameter(id: string | null, name: ParameterName, value: number | undefined): void {
  const { [name]: _, ...others }: Parameters = tuningOf(id).parameters
  change(id, { ...tuningOf(id), parameters: value === undefined ? others : { ...others, [name]: value } })
}

/** What was set for the chat that begins with the next question; nothing for one that answers as its model does. */
export function nextTuning(): Partial<Tuning> {
  return draftOf(null).tuning ?? useNextDefault.getState().tuning ?? {}
}

/** The next new chat begins untuned again: what was set went with one that did not begin with its draft. */
export function forgetNextTuning(): void {
  if (draftOf(null).tuning) changeDraft(null, { tuning: undefined })
}

export const isTuningUnsaved = (): boolean => useTuningState.getState().changed !== null

/** Saves what was changed now, as something is about to be asked with it. */
export async function saveTuning(): Promise<void> {
  clearTimeout(timer)
  const { changed } = useTuningState.getState()
  if (!changed) return
  await call('conversations.configure', { conversationId: changed.id, ...pick(changed.tuning) })
  if (useTuningState.getState().changed === changed) useTuningState.setState({ changed: null })
}

/** Saves what waits for a pause when the window goes, or may go. Call once. */
export function saveTuningOnLeaving(): void {
  const save = () => attempt(saveTuning)
  window.addEventListener('pagehide', save)
  document.addEventListener('visibilitychange', save)
}

function change(id: string | null, tuning: Tuning): void {
  if (id === null) {
    // Kept beside what is typed for it: sent with its first question, and forgotten with that.
    changeDraft(null, { tuning: pick(tuning) })
    return
  }
  // Another chat's change does not wait for this one's pause.
  if (useTuningState.getState().changed?.id !== id) attempt(saveTuning)
  useTuningState.setState({ changed: { id, tuning: pick(tuning) } })
  clearTimeout(timer)
  timer = setTimeout(() => attempt(saveTuning), pause)
}

const pick = ({ system, parameters }: Tuning): Tuning => ({ system, parameters })
