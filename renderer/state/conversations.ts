import { create } from 'zustand'
import type { Conversation, Folder, StreamEvent } from '../../preload/contract.ts'
import { subscribe } from './bridge.ts'

/** All conversations, newest first, as main tells them. Null until the first picture. */
export const useConversations = create<{ conversations: readonly Conversation[] | null; folders: readonly Folder[] }>(
  () => ({ conversations: null, folders: [] }),
)

/** Follows the list from now on. */
export function followConversations(): void {
  subscribe('conversations.list', {}, event =>
    useConversations.setState(({ conversations, folders }) => ({
      conversations: applyListEvent(conversations ?? [], event),
      folders: event.type === 'all' ? event.folders : folders,
    })),
  )
}

export function applyListEvent(
  list: readonly Conversation[],
  event: StreamEvent<'conversations.list'>,
): readonly Conversation[] {
  if (event.type === 'all') return event.conversations
  const changedId = event.type === 'changed' ? event.conversation.id : event.conversationId
  const rest = list.filter(({ id }) => id !== changedId)
  if (event.type === 'removed') return rest
  const { updatedAt } = event.conversation
  const place = rest.findIndex(other => other.updatedAt <= updatedAt)
  return rest.toSpliced(place < 0 ? rest.length : place, 0, event.conversation)
}

/** One conversation of the list. */
export const useConversation = (id: string | null): Conversation | undefined =>
  useConversations(({ conversations }) => (id === null ? undefined : conversations?.find(known => known.id === id)))
