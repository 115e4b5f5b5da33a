import type { KeyboardEvent } from 'react'

/**
 * Whether a key press sends: Enter without Shift, and not the Enter that takes a word from an input method. While one
 * composes (Chinese, Japanese, Korean), the press says so, or carries the key code 229.
 */
export function sendsMessage(event: KeyboardEvent): boolean {
  const { isComposing, keyCode } = event.nativeEvent
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing && keyCode !== 229
}
