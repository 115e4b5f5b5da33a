import { Problem } from '../problem.ts'
import type { ConversationStore, StoredConversation } from './store.ts'

/** @throws Problem not-found for a conversation that is unknown or in the trash */
export function liveConversation(store: ConversationStore, conversationId: string): StoredConversation {
  const conversation = store.conversation(conversationId)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Id of the conversation a message is of. @throws Problem not-found */
export function conversationOf(store: ConversationStore, messageId: string): string {
  const conversationId = store.conversationOf(messageId)
  if (conversationId === undefined) throw notFound('message')
  return conversationId
}

export function notFound(what: 'conversation' | 'message' | 'folder' | 'preset'): Problem {
  return new Problem('not-found', 404, `${what} not found`)
}
