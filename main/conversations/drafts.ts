import type { CallInput, Draft } from '../../preload/contract.ts'
import type { Availability } from './availability.ts'
import { draftOf, forgetDraft, keepDraft } from './draft-rows.ts'
import { storable } from './storable.ts'

/** What the composer of each chat holds and has not sent. A chat has one draft, whatever window it was written in. */
export class Drafts {
  readonly #availability: Availability
  readonly #now: () => number

  /** @param now milliseconds since 1970 */
  constructor(availability: Availability, now: () => number) {
    this.#availability = availability
    this.#now = now
  }

  /** @param conversationId null for the chat that is not begun. @throws DatabaseProblem */
  async of(conversationId: string | null): Promise<Draft> {
    const { store } = await this.#availability.ready()
    return draftOf(store.database, conversationId)
  }

  /** Replaces a draft; one of nothing is forgotten, as is one of a chat that is gone. @throws DatabaseProblem */
  async keep({ conversationId, text, attachments }: CallInput<'drafts.keep'>): Promise<void> {
    const { database } = (await this.#availability.ready()).store
    const draft = { text: storable(text), attachments }
    await database.write(() => {
      if (text === '' && attachments.length === 0) forgetDraft(database, conversationId)
      else keepDraft(database, conversationId, draft, this.#now())
    })
  }
}
