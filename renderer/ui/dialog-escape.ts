import type { KeyboardEvent as ReactKeyboardEvent } from 'react'
import { isComposing } from './composing.ts'

/** Marks a field that has its own use for Escape. */
export const ownEscape = { 'data-own-escape': true }

/**
 * Props for the content of a dialog, a menu or a popover, by which Escape closes it. Radix gives the key to what came up
 * last: with a message over it that would be the message. In a field with its own use for the key, or with an input
 * method at work there, it would take the key all the same.
 */
export const dialogEscape = (onClose: () => void) => ({
  onEscapeKeyDown: (event: KeyboardEvent) => {
    const isOwn = event.target instanceof Element && event.target.closest('[data-own-escape]')
    if (isOwn || isComposing(event)) event.preventDefault()
  },
  onKeyDown: (event: ReactKeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return
    event.preventDefault()
    onClose()
  },
})
