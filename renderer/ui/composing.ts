/**
 * Whether a key press belongs to an input method (Chinese, Japanese, Korean): while one composes, the press says so, or
 * carries the key code 229.
 */
export const isComposing = (press: KeyboardEvent | { readonly nativeEvent: KeyboardEvent }): boolean => {
  const { isComposing, keyCode } = 'nativeEvent' in press ? press.nativeEvent : press
  return isComposing || keyCode === 229
}
