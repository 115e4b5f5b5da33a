import type { KeyboardEvent as ReactKeyboardEvent } from 'react'
import { isComposing } from './composing.ts'

/** Marks a field that has its own use for Escape. */
export const ownEscape = { 'data-own-escape': true }

/**
 * Props for a dialog's content, by which Escape closes it. Radix gives the key to what came up last: with a message
 * over the dialog that would be the message, and in a field with its own use for the key it would be the dialog.
 */
export const dialogEscape = (onClose: () => void) => ({
  onEscapeKeyDown: (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest('[data-own-escape]')) event.preventDefault()
  },
  onKeyDown: (event: ReactKeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return
    event.preventDefault()
    onClose()
  },
})
