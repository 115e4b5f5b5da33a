import type { KeyboardEvent } from 'react'
import { isComposing } from '../../ui/composing.ts'

/** Whether a key press sends: Enter without Shift, and not the Enter that takes a word from an input method. */
export const sendsMessage = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing(event)
