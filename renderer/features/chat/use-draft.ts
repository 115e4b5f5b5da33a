import { useEffect, useState } from 'react'
import type { Conversation } from '../../../preload/contract.ts'
import { subscribe } from '../../state/bridge.ts'
import { useConversations } from '../../state/conversations.ts'
import { useChat } from './chat-store.ts'
import { draftOf, isRestored, keepDraft, settleRestored } from './drafts.ts'

/** The text in the box, belonging to the open chat. */
export function useDraft(conversationId: string | null) {
  const [draft, setDraft] = useState({ conversationId, text: draftOf(conversationId) })
  const fresh = draft.conversationId === conversationId ? draft : { conversationId, text: draftOf(conversationId) }
  if (fresh !== draft) setDraft(fresh)
  useRestored(conversationId, () => setDraft({ conversationId, text: draftOf(conversationId) }))
  const type = (text: string) => {
    keepDraft(conversationId, text)
    setDraft({ conversationId, text })
  }
  /** What was sent leaves the box; what was typed meanwhile stays. */
  const taken = (sent: string) => {
    if (draftOf(conversationId) === sent) keepDraft(conversationId, '')
    setDraft(now => (now.conversationId === conversationId && now.text === sent ? { conversationId, text: '' } : now))
  }
  return { text: fresh.text, type, taken }
}

/** The conversation begun last, whichever was written in since. */
const newestOf = (conversations: readonly Conversation[]) =>
  conversations.toSorted((one, other) => other.createdAt - one.createdAt)[0]?.id

/** Compares a restored draft with the newest question of its chat, or with the one that began the newest chat. */
function useRestored(conversationId: string | null, settled: () => void): void {
  const opening = useChat(state => state.opening)
  const newest = useConversations(state => newestOf(state.conversations ?? []))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `settled` is another function at each drawing
  useEffect(() => {
    if (!isRestored(conversationId)) return
    const compare = (sent: string | undefined) => {
      settleRestored(conversationId, sent)
      settled()
    }
    if (conversationId !== null) {
      const { messages } = useChat.getState().thread
      if (!opening) compare(messages.findLast(({ role }) => role === 'user')?.content)
    } else if (newest) {
      const leave = subscribe('conversations.watch', { conversationId: newest }, event => {
        if (event.type === 'all') compare(event.messages.find(({ role }) => role === 'user')?.content)
        leave()
      })
      return leave
    }
  }, [conversationId, opening, newest])
}
