import type { Availability } from './availability.ts'
import type { MessageTree } from './message-tree.ts'
import { conversationOf } from './not-found.ts'
import { inUse, type RepliesInFlight } from './replies-in-flight.ts'
import type { Session } from './session.ts'
import type { ConversationStore } from './store.ts'
import type { Views } from './views.ts'

/** A message's conversation while nothing is written in it. */
export interface Quiet {
  readonly session: Session
  readonly store: ConversationStore
  readonly conversationId: string
  readonly tree: MessageTree
}

/**
 * Does something with a message while no reply of its conversation is being written, here or in another process.
 * @throws Problem `in-use`, or not-found
 */
export async function quietly<T>(
  {
    availability,
    replies,
    views,
  }: { readonly availability: Availability; readonly replies: RepliesInFlight; readonly views: Views },
  messageId: string,
  work: (at: Quiet) => Promise<T>,
): Promise<T> {
  const session = await availability.ready()
  const { store } = session
  const conversationId = conversationOf(store, messageId)
  const release = replies.reserve(conversationId)
  try {
    if (await session.othersAnswering(conversationId)) throw inUse()
    return await work({ session, store, conversationId, tree: views.tree(store, conversationId) })
  } finally {
    release()
  }
}
