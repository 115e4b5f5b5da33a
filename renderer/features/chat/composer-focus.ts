/** The id of the composer's field. */
export const composerId = 'composer'

/** Puts the cursor into the composer, where there is one. */
export const focusComposer = () => document.getElementById(composerId)?.focus()
