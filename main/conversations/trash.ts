import { setImmediate as breath } from 'node:timers/promises'
import type { CallOutput } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import type { Availability } from './availability.ts'
import { trashTime } from './session.ts'
import {
  conversationsDeletedBefore,
  deletedBefore,
  removeMessages,
  removeSomeOfConversation,
  trashedConversationHashes,
  trashedConversations,
  trashedMessageHashes,
  trashedMessages,
} from './trash-rows.ts'

/** Messages removed by one write: a few milliseconds of main. */
const together = 300

const isAmong = 'id IN (SELECT value FROM json_each(?))'

/** Deleted conversations and messages, until they are removed for good. */
export class Trash {
  readonly #availability: Availability
  readonly #removed: () => void

  /** @param removed told when messages are gone for good */
  constructor(availability: Availability, removed: () => void) {
    this.#availability = availability
    this.#removed = removed
  }

  /** @throws DatabaseProblem */
  async list(): Promise<CallOutput<'trash.list'>> {
    return trashedConversations((await this.#availability.ready()).store.database)
  }

  /** Deleted messages of conversations that are not. @throws DatabaseProblem */
  async messages(): Promise<CallOutput<'trash.messages'>> {
    return trashedMessages((await this.#availability.ready()).store.database)
  }

  /** Removes deleted messages for good; one that was taken back meanwhile stays. @throws DatabaseProblem */
  async removeMessages(messageIds: readonly string[]): Promise<void> {
    try {
      for (let at = 0; at < messageIds.length; at += together) {
        const ids = messageIds.slice(at, at + together)
        const session = await this.#availability.ready()
        const { database } = session.store
        const hashes = trashedMessageHashes(database, ids)
        await database.write(() => removeMessages(database, isAmong, JSON.stringify(ids)))
        await session.removePictures(hashes)
      }
    } finally {
      this.#removed()
    }
  }

  /**
   * Removes conversations for good; one that was taken out of the trash meanwhile stays. A kill in the middle leaves
   * the rest in the trash.
   * @throws DatabaseProblem
   */
  async remove(conversationIds: readonly string[]): Promise<void> {
    try {
      for (const conversationId of conversationIds) await this.#remove(conversationId)
    } finally {
      this.#removed()
    }
  }

  /**
   * Removes for good what was deleted 30 days ago, and the pictures nothing needs any more.
   * @param now milliseconds since 1970
   * @throws DatabaseProblem; Problem `cancelled` once closed. The rest goes the next time
   */
  async tidy(now: number): Promise<void> {
    const before = now - trashTime
    const { store } = await this.#availability.ready()
    for (const id of conversationsDeletedBefore(store.database, before)) await this.#removeConversation(id)
    await this.#inPortions(database => {
      const ids = deletedBefore(database, before, together)
      removeMessages(database, isAmong, JSON.stringify(ids))
      return ids.length === together
    })
    await (await this.#availability.ready()).sweepAttachments(now)
  }

  async #remove(conversationId: string): Promise<void> {
    const { store } = await this.#availability.ready()
    const hashes = trashedConversationHashes(store.database, conversationId)
    await this.#removeConversation(conversationId)
    const session = await this.#availability.ready()
    await session.removePictures(hashes)
  }

  #removeConversation(conversationId: string): Promise<void> {
    return this.#inPortions(database => removeSomeOfConversation(database, conversationId, together))
  }

  /** @param remove some of it. @returns once it says that there is no more */
  async #inPortions(remove: (database: Database) => boolean): Promise<void> {
    for (;;) {
      // The database may be closed in the meantime.
      const { database } = (await this.#availability.ready()).store
      if (!(await database.write(() => remove(database)))) return
      await breath()
    }
  }
}
