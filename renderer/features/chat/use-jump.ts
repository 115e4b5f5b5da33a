import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { endJump, useJump } from '../../state/jump.ts'
import { useChat } from './chat-store.ts'
import type { Bring } from './rows/use-rows.ts'

/**
 * Brings the message that `state/jump.ts` asks for into sight: shows its version if another one stands in its place,
 * scrolls to it and gives it the focus.
 * @param release lets go of the end of the list
 * @returns id of the message found last, to be marked
 */
export function useJumpTarget(messages: readonly Message[], bring: Bring, release: () => void): string | null {
  const target = useJump(state => state.messageId)
  const incomplete = useChat(state => state.thread.incomplete)
  const asked = useRef<string | null>(null)
  const [found, setFound] = useState<string | null>(null)
  useEffect(() => {
    if (target === null) return
    if (messages.some(({ id }) => id === target)) {
      release()
      bring(target, element => element.focus({ preventScroll: true }))
      setFound(target)
      asked.current = null
      endJump()
    } else if (!incomplete && asked.current !== target) {
      asked.current = target
      // One that was deleted meanwhile leaves the person in its chat.
      call('conversations.selectVersion', { messageId: target }).catch(endJump)
    }
  }, [target, messages, incomplete, bring, release])
  return found
}
