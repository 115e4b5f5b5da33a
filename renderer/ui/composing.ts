import type { KeyboardEvent } from 'react'

/**
 * Whether a key press belongs to an input method (Chinese, Japanese, Korean): while one composes, the press says so, or
 * carries the key code 229.
 */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === 229
