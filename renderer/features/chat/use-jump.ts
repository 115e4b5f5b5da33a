import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Message } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { endJump, useJump } from '../../state/jump.ts'
import { useChat } from './chat-store.ts'

/**
 * Brings the message that `state/jump.ts` asks for into sight: shows its version if another one stands in its place,
 * scrolls to it and gives it the focus.
 * @param release lets go of the end of the list
 * @returns id of the message found last, to be marked, and the ref of its element
 */
export function useJumpTarget(
  messages: readonly Message[],
  list: RefObject<VirtualizerHandle | null>,
  release: () => void,
): { found: string | null; reach: (element: HTMLElement | null) => void } {
  const target = useJump(state => state.messageId)
  const incomplete = useChat(state => state.thread.incomplete)
  const asked = useRef<string | null>(null)
  /** The message found is not drawn yet, as only those in sight are. */
  const awaited = useRef(false)
  const [found, setFound] = useState<string | null>(null)
  useEffect(() => {
    if (target === null) return
    const index = messages.findIndex(({ id }) => id === target)
    if (index >= 0) {
      release()
      list.current?.scrollToIndex(index, { align: 'center' })
      awaited.current = true
      setFound(target)
      asked.current = null
      endJump()
    } else if (!incomplete && asked.current !== target) {
      asked.current = target
      // One that was deleted meanwhile leaves the person in its chat.
      call('conversations.selectVersion', { messageId: target }).catch(endJump)
    }
  }, [target, messages, incomplete, list, release])
  const reach = useCallback((element: HTMLElement | null) => {
    if (!element || !awaited.current) return
    awaited.current = false
    focusOnceVisible(element)
  }, [])
  return { found, reach }
}

/** The list hides an element until it has measured it, and what is hidden takes no focus. */
function focusOnceVisible(element: HTMLElement, frames = 30): void {
  element.focus({ preventScroll: true })
  if (document.activeElement === element || frames === 0 || !element.isConnected) return
  requestAnimationFrame(() => focusOnceVisible(element, frames - 1))
}
