import type { CallInput, Draft, DraftBox, StreamEvent } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { storable } from '../database/storable.ts'
import { Listeners } from '../listeners.ts'
import type { Availability } from './availability.ts'
import { draftBoxes, draftOf, editedIds, forgetDraft, keepDraft } from './draft-rows.ts'

type DraftEvent = StreamEvent<'drafts.watch'>

/**
 * What the composer of each chat, and the box of each question that is edited, holds and has not sent. A chat has one
 * draft, whatever window it was written in; what is to begin a chat belongs to its window.
 */
export class Drafts {
  readonly #availability: Availability
  readonly #now: () => number
  readonly #listeners = new Listeners<DraftEvent>()
  #revision = 0

  /** @param now milliseconds since 1970 */
  constructor(availability: Availability, now: () => number) {
    this.#availability = availability
    this.#now = now
  }

  /** @throws DatabaseProblem */
  async of(box: DraftBox): Promise<Draft> {
    const { store } = await this.#availability.ready()
    return draftOf(store.database, box)
  }

  /** The questions of a chat whose edits are kept. @throws DatabaseProblem */
  async edits(conversationId: string): Promise<string[]> {
    const { store } = await this.#availability.ready()
    return editedIds(store.database, conversationId)
  }

  /**
   * Replaces a draft; one of nothing is forgotten, as is one of a chat that is gone.
   * @returns the change's revision
   * @throws DatabaseProblem
   */
  async keep({ text, attachments, tuning, ...box }: CallInput<'drafts.keep'>): Promise<number> {
    const { database } = (await this.#availability.ready()).store
    const draft: Draft = { text: storable(text), attachments }
    if (tuning) draft.tuning = { system: storable(tuning.system), parameters: tuning.parameters }
    await database.write(() => {
      if (text === '' && attachments.length === 0 && !tuning) forgetDraft(database, box)
      else keepDraft(database, box, draft, this.#now())
    })
    return this.#tell(box, draft)
  }

  /** A question was made of a draft. */
  sent(box: DraftBox): void {
    this.#tell(box, { text: '', attachments: [] })
  }

  /** Where drafts stand. */
  boxes(database: Database): DraftBox[] {
    return draftBoxes(database)
  }

  /** The database holds other drafts now. @param before where they stood */
  replaced(database: Database, before: readonly DraftBox[]): void {
    for (const box of [...before, ...draftBoxes(database)]) this.#tell(box, draftOf(database, box))
  }

  /** Calls with each change, so that all windows show the same. @returns ends it */
  watch(listener: (event: DraftEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  #tell({ conversationId, window, editedId }: DraftBox, draft: Draft): number {
    this.#revision += 1
    this.#listeners.tell({ conversationId, window, editedId, draft, revision: this.#revision })
    return this.#revision
  }
}
