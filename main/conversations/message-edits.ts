import type { CallOutput } from '../../preload/contract.ts'
import type { Availability } from './availability.ts'
import { conversationOf, liveConversation, notFound } from './not-found.ts'
import { quietly } from './quietly.ts'
import type { RepliesInFlight } from './replies-in-flight.ts'
import type { Views } from './views.ts'

export interface MessageEditsOptions {
  readonly availability: Availability
  readonly replies: RepliesInFlight
  readonly views: Views
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A message was deleted or taken back. */
  readonly edited: (messageId: string) => void
}

/** What is done with messages that are there: deleted, taken back, another version of one shown. */
export class MessageEdits {
  readonly #options: MessageEditsOptions

  constructor(options: MessageEditsOptions) {
    this.#options = options
  }

  /** Deletes a message, so that it can be taken back. */
  delete(messageId: string): Promise<CallOutput<'conversations.deleteMessage'>> {
    return quietly(this.#options, messageId, async ({ store, conversationId, tree }) => {
      const message = tree.get(messageId)
      if (!message) throw notFound('message')
      const versions = tree.versions(message.parentId, message.role)
      const other = versions[versions.indexOf(messageId) - 1] ?? versions[1]
      const messageIds = other === undefined ? [messageId] : tree.withAllBelow(messageId)
      const leaf = await store.database.write(() => {
        const { activeLeaf } = liveConversation(store, conversationId)
        store.markDeleted(messageIds, this.#options.now())
        const left = this.#options.views.places(store, conversationId)
        const from = other ?? message.parentId
        const next = activeLeaf !== null && left.get(activeLeaf) ? activeLeaf : from && left.newestLeaf(from)
        store.showLeaf(conversationId, next)
        return next
      })
      for (const id of messageIds) this.#options.edited(id)
      this.#options.views.shows(conversationId, leaf, other ?? message.parentId)
      // Windows that list what was deleted look again.
      this.#options.views.changed(store, conversationId)
      return { messageIds }
    })
  }

  /**
   * Takes deleted messages back, before what was written in their place since, and shows them; an answer that is being
   * written stays in sight.
   * @param messageIds as `delete` gave them
   */
  async restore(messageIds: readonly string[]): Promise<void> {
    const { store } = await this.#options.availability.ready()
    const [first = ''] = messageIds
    const conversationId = conversationOf(store, first)
    const release = this.#options.replies.hold(conversationId)
    try {
      const leaf = await store.database.write(() => {
        const { activeLeaf } = liveConversation(store, conversationId)
        store.markDeleted(messageIds, null)
        const parentId = this.#options.views.places(store, conversationId).get(first)?.parentId ?? null
        store.hangBelow(first, conversationId, parentId)
        const newest = this.#options.views.places(store, conversationId).newestLeaf(first)
        const next = this.#options.replies.of(conversationId)?.id === activeLeaf ? activeLeaf : newest
        store.showLeaf(conversationId, next)
        return next
      })
      for (const id of messageIds) this.#options.edited(id)
      this.#options.views.shows(conversationId, leaf, first)
      this.#options.views.changed(store, conversationId)
    } finally {
      release()
    }
  }

  /** Shows a version and, below it, the continuation that was written last. */
  async selectVersion(messageId: string): Promise<void> {
    const { store } = await this.#options.availability.ready()
    const conversationId = conversationOf(store, messageId)
    const leaf = await store.database.write(() => {
      liveConversation(store, conversationId)
      const newest = this.#options.views.places(store, conversationId).newestLeaf(messageId)
      store.showLeaf(conversationId, newest)
      return newest
    })
    this.#options.views.shows(conversationId, leaf, messageId)
  }
}
