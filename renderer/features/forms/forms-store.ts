import { create } from 'zustand'
import type { Form, ProblemInfo } from '../../../preload/contract.ts'
import { subscribe } from '../../state/bridge.ts'

interface FormsState {
  /** All forms, the last changed first; null until main has told them. */
  readonly forms: readonly Form[] | null
  /** Why they cannot be opened; main tries again by itself. */
  readonly problem: ProblemInfo | null
  /** Where the damaged file of forms lies that was replaced by what could be read of it. */
  readonly setAside: string | null
  /** Why the queue stands still; main goes on by itself. */
  readonly stuck: ProblemInfo | null
}

/** The forms as main keeps them. */
export const useForms = create<FormsState>(() => ({ forms: null, problem: null, setAside: null, stuck: null }))

/** Follows main's list from now on. */
export function followForms(): void {
  subscribe('forms.list', {}, event =>
    useForms.setState(
      event.type === 'forms'
        ? { forms: event.forms, setAside: event.setAside, stuck: event.stuck, problem: null }
        : { problem: event.problem },
    ),
  )
}
