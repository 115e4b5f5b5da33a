import type { CallInput, Draft, StreamEvent } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import type { Availability } from './availability.ts'
import { draftedChats, draftOf, forgetDraft, keepDraft } from './draft-rows.ts'
import { storable } from './storable.ts'

type DraftEvent = StreamEvent<'drafts.watch'>

/** What the composer of each chat holds and has not sent. A chat has one draft, whatever window it was written in. */
export class Drafts {
  readonly #availability: Availability
  readonly #now: () => number
  readonly #listeners = new Set<(event: DraftEvent) => void>()
  #revision = 0

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

  /**
   * Replaces a draft; one of nothing is forgotten, as is one of a chat that is gone.
   * @returns the change's revision
   * @throws DatabaseProblem
   */
  async keep({ conversationId, text, attachments }: CallInput<'drafts.keep'>): Promise<number> {
    const { database } = (await this.#availability.ready()).store
    const draft = { text: storable(text), attachments }
    await database.write(() => {
      if (text === '' && attachments.length === 0) forgetDraft(database, conversationId)
      else keepDraft(database, conversationId, draft, this.#now())
    })
    return this.#tell(conversationId, draft)
  }

  /** A question was made of a draft. */
  sent(conversationId: string | null): void {
    this.#tell(conversationId, { text: '', attachments: [] })
  }

  /** Which chats have drafts; null is the one that is not begun. */
  chats(database: Database): (string | null)[] {
    return draftedChats(database)
  }

  /** The database holds other drafts now. @param before the chats that had one */
  replaced(database: Database, before: readonly (string | null)[]): void {
    for (const chat of new Set([...before, ...draftedChats(database)])) this.#tell(chat, draftOf(database, chat))
  }

  /** Calls with each change, so that all windows show the same. @returns ends it */
  watch(listener: (event: DraftEvent) => void): () => void {
    const own = (event: DraftEvent) => listener(event)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  #tell(conversationId: string | null, draft: Draft): number {
    this.#revision += 1
    for (const listener of this.#listeners) listener({ conversationId, draft, revision: this.#revision })
    return this.#revision
  }
}
