import type { CallInput, CallOutput } from '../../../preload/contract.ts'
import { fold } from '../../../preload/contract-fold.ts'
import type { ConversationStore } from '../store.ts'
import { excerptOf, marked } from './excerpt.ts'
import { IndexKeeper } from './index-keeper.ts'
import { SearchIndex } from './search-index.ts'
import { searchTerms } from './search-terms.ts'

/** Most conversations found by their titles. */
const mostTitles = 20

/** Search in titles and in every message outside the trash. */
export class ConversationSearch {
  readonly #index: SearchIndex
  readonly #keeper: IndexKeeper
  readonly #store: ConversationStore

  /**
   * Opens the index and brings it up to date in the background.
   * @param path of the index; made when missing
   * @throws DatabaseProblem
   */
  constructor(path: string, store: ConversationStore) {
    this.#store = store
    this.#index = SearchIndex.open(path)
    this.#keeper = new IndexKeeper(this.#index, store)
    this.walk()
  }

  /** Brings the index up to date in the background: after the start, and when many messages came in at once. */
  walk(): void {
    // What fails here is found missing by the walk of the next start.
    void this.#keeper.walk().catch(() => undefined)
  }

  /** A message was written or removed. */
  note(messageId: string): void {
    this.#keeper.note(messageId)
  }

  /** @throws DatabaseProblem */
  async search({
    query,
    before,
    limit,
  }: CallInput<'conversations.search'>): Promise<CallOutput<'conversations.search'>> {
    const terms = searchTerms(query)
    await this.#keeper.catchUp()
    const numbers = this.#index.find(terms, limit, before ?? undefined)
    const messages = this.#store.messagesByNumber(numbers).map(({ content, ...message }) => ({
      ...message,
      excerpt: excerptOf(content, terms),
    }))
    return {
      titles: before === null ? this.#titles(terms) : [],
      messages,
      next: numbers.length === limit ? (numbers.at(-1) ?? null) : null,
      indexing: this.#keeper.walking,
    }
  }

  async close(): Promise<void> {
    await this.#keeper.close()
    this.#index.close()
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
