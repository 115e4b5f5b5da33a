import { setImmediate as breath } from 'node:timers/promises'
import type { CallOutput } from '../../preload/contract.ts'
import type { Availability } from './availability.ts'

/** Messages removed by one write: a few milliseconds of main. */
const together = 300

/** Deleted conversations, until they are removed for good. */
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
    return (await this.#availability.ready()).store.trashed()
  }

  /**
   * Removes conversations for good; one that was taken out of the trash meanwhile stays. A kill in the middle leaves the
   * rest in the trash.
   * @throws DatabaseProblem
   */
  async remove(conversationIds: readonly string[]): Promise<void> {
    try {
      for (const conversationId of conversationIds) await this.#remove(conversationId)
    } finally {
      this.#removed()
    }
  }

  async #remove(conversationId: string): Promise<void> {
    const { store } = await this.#availability.ready()
    const hashes = store.trashedHashes(conversationId)
    while (await store.database.write(() => store.removeSomeTrashed(conversationId, together))) {
      await breath()
      // The database may be closed in the meantime.
      await this.#availability.ready()
    }
    const session = await this.#availability.ready()
    await session.removePictures(hashes)
  }
}
