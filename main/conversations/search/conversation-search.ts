import type { CallInput, CallOutput } from '../../../preload/contract.ts'
import { fold } from '../../../preload/contract-fold.ts'
import type { AttachmentFolder } from '../attachments/attachment-folder.ts'
import type { ConversationStore } from '../store.ts'
import { excerptOf, marked } from './excerpt.ts'
import { IndexKeeper } from './index-keeper.ts'
import { type Passage, passagesOf } from './passages.ts'
import { type PassageHit, SearchIndex } from './search-index.ts'
import { searchTerms } from './search-terms.ts'

/** Most conversations found by their titles. */
const mostTitles = 20

/** Search in titles, in every message outside the trash, and in what is attached to it. */
export class ConversationSearch {
  readonly #index: SearchIndex
  readonly #keeper: IndexKeeper
  readonly #store: ConversationStore
  readonly #attachments: Pick<AttachmentFolder, 'read'>

  /**
   * Opens the index and brings it up to date in the background.
   * @param path of the index; made when missing
   * @throws DatabaseProblem
   */
  constructor(path: string, store: ConversationStore, attachments: Pick<AttachmentFolder, 'read'>) {
    this.#store = store
    this.#attachments = attachments
    this.#index = SearchIndex.open(path)
    this.#keeper = new IndexKeeper(this.#index, store, id => this.#passagesOf(id))
    this.walk()
  }

  /** Brings the index up to date in the background: after the start, and when many messages came in at once. */
  walk(): void {
    // What fails here is found missing by the walk of the next start.
    void this.#keeper.walk().catch(() => undefined)
  }

  /** A message was written or removed. @param hasDocuments they are long to read: it is begun at once */
  note(messageId: string, hasDocuments = false): void {
    this.#keeper.note(messageId)
    // What fails here is tried again by the next search, which tells.
    if (hasDocuments) void this.#keeper.catchUp().catch(() => undefined)
  }

  /** @throws DatabaseProblem */
  async search({
    query,
    before,
    limit,
  }: CallInput<'conversations.search'>): Promise<CallOutput<'conversations.search'>> {
    const terms = searchTerms(query)
    await this.#keeper.catchUp()
    const own = new Set(this.#index.find(terms, limit, before ?? undefined))
    const passages = new Map(this.#index.findPassages(terms, limit, before ?? undefined).map(hit => [hit.number, hit]))
    const numbers = [...new Set([...own, ...passages.keys()])].sort((a, b) => b - a).slice(0, limit)
    const messages = []
    for (const { number, content, ...message } of this.#store.messagesByNumber(numbers)) {
      const hit = own.has(number) ? undefined : passages.get(number)
      const passage = hit && (await this.#passage(message.messageId, hit))
      const excerpt = excerptOf(passage?.text ?? content, terms)
      messages.push({ ...message, document: passage?.name ?? null, excerpt })
    }
    return {
      titles: before === null ? this.#titles(terms) : [],
      messages,
      next: numbers.length === limit ? (numbers.at(-1) ?? null) : null,
      indexing: this.#keeper.isBehind,
    }
  }

  async close(): Promise<void> {
    await this.#keeper.close()
    this.#index.close()
  }

  #passagesOf(messageId: string): AsyncIterable<Passage> {
    return passagesOf(this.#store.documentsOf(messageId), this.#attachments)
  }

  async #passage(messageId: string, hit: PassageHit): Promise<Passage | undefined> {
    let at = 0
    for await (const passage of this.#passagesOf(messageId)) {
      if (at === hit.passage) return passage
      at += 1
    }
    // Its file was taken away meanwhile.
    return undefined
  }

  #titles(terms: readonly string[]): CallOutput<'conversations.search'>['titles'] {
    if (terms.length === 0) return []
    return this.#store
      .conversations()
      .filter(({ title }) => {
        const folded = fold(title)
        return terms.every(term => folded.includes(term))
      })
      .slice(0, mostTitles)
      .map(({ id, title }) => ({ conversationId: id, title: marked(title, terms) }))
  }
}
