import { create } from 'zustand'
import { go } from './place.ts'

/** A message the person asked to see, until its chat has brought it into sight. */
export const useJump = create<{ messageId: string | null }>(() => ({ messageId: null }))

/** Opens a chat at one of its messages, in whichever version that stands. */
export function showMessage(conversationId: string, messageId: string): void {
  useJump.setState({ messageId })
  go({ kind: 'chat', conversationId })
}

export const endJump = (): void => useJump.setState({ messageId: null })
