import { type FocusEvent, useCallback, useLayoutEffect, useRef } from 'react'
import type { Message } from '../../../preload/contract.ts'

/** What of which message had the focus last. */
interface Held {
  readonly messageId: string
  /** The name of the control; null for the row itself. */
  readonly control: string | null
}

/**
 * Keeps the focus near where it was when the message it is in makes way: for another version, or for nothing. Else it
 * would fall to the page, and whoever works by keyboard would begin at the top.
 * @param content the element the messages are in
 * @returns what `content` is to call when something in it gets the focus
 */
export function useKeptFocus(
  messages: readonly Message[],
  content: { readonly current: HTMLElement | null },
): (event: FocusEvent) => void {
  const held = useRef<Held>(undefined)
  const before = useRef(messages)
  useLayoutEffect(() => {
    const earlier = before.current
    before.current = messages
    const { messageId, control } = held.current ?? {}
    if (earlier === messages || messageId === undefined || messages.some(({ id }) => id === messageId)) return
    held.current = undefined
    // Somebody has taken it elsewhere meanwhile, such as into the composer.
    if (document.activeElement !== document.body) return
    const next = standIn(messageId, earlier, messages)
    if (!next) return
    const row = () => content.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(next.id)}"]`)
    const focus = () => targetIn(row(), control ?? null)?.focus({ preventScroll: true })
    focus()
    // Its row, or the part with what can be done, may be drawn a moment later.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body || document.activeElement === row()) focus()
    })
  }, [messages, content])
  return useCallback((event: FocusEvent) => {
    const row = event.target.closest<HTMLElement>('[data-message]')
    if (!row?.dataset.message) return
    held.current = { messageId: row.dataset.message, control: event.target.getAttribute('aria-label') }
  }, [])
}

/** What is in the place of a message that is gone: another version, or what stands there now. */
export function standIn(id: string, earlier: readonly Message[], messages: readonly Message[]): Message | undefined {
  const at = earlier.findIndex(known => known.id === id)
  const siblings = new Set(earlier[at]?.versions)
  return (
    messages.find(message => siblings.has(message.id) || message.versions.includes(id)) ??
    messages[at] ??
    messages.at(-1)
  )
}

/** The control of that name; where it cannot be used, one beside it; else the row. */
function targetIn(row: HTMLElement | null | undefined, control: string | null): HTMLElement | null | undefined {
  const named = control === null ? null : row?.querySelector<HTMLElement>(`[aria-label="${CSS.escape(control)}"]`)
  if (named && !named.matches(':disabled')) return named
  return named?.parentElement?.querySelector<HTMLElement>('button:enabled') ?? row
}
