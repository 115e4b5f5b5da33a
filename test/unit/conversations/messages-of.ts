import type { Conversations } from '../../../main/conversations/conversations.ts'
import type { Message } from '../../../preload/contract.ts'

/** The shown path of a conversation, as a window gets it that opens it now. */
export function messagesOf(conversations: Conversations, conversationId: string): Message[] {
  let all: Message[] = []
  conversations.watch(conversationId, event => {
    all = event.type === 'all' ? event.messages : []
  })()
  return all
}
