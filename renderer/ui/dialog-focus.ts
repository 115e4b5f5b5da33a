import { useRef, useState } from 'react'

interface Options {
  /** What of the dialog gets the focus; where there is none, the whole dialog, so that reading begins at its top. */
  first?: string
  /** What gets the focus after it is gone, instead of what had it before. */
  returnTo?: (opener: HTMLElement | null) => HTMLElement | null
}

/**
 * Props for a dialog's content, which take the focus in and give it back: Radix gives it back to a trigger, and dialogs
 * here are opened from elsewhere.
 * @param options.first a selector. Not the button that closes it: with the focus there its tooltip would open, and the
 *   first Escape would close only that.
 */
export function useDialogFocus({ first, returnTo }: Options = {}) {
  const ref = useRef<HTMLDivElement>(null)
  const [opener] = useState(() => (document.activeElement instanceof HTMLElement ? document.activeElement : null))
  return {
    ref,
    onOpenAutoFocus: (event: Event) => {
      event.preventDefault()
      const target = first === undefined ? null : ref.current?.querySelector<HTMLElement>(first)
      ;(target ?? ref.current)?.focus()
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      const target = returnTo ? returnTo(opener) : opener
      target?.focus()
    },
  }
}
