import type { CallInput, CallOutput } from '../../../preload/contract.ts'
import { fold } from '../../../preload/contract-fold.ts'
import type { AttachmentFolder } from '../../attachments/attachment-folder.ts'
import type { ConversationStore } from '../store.ts'
import { excerptOf, marked } from './excerpt.ts'
import { IndexKeeper } from './index-keeper.ts'
import { documentsOf, newestOf } from './message-rows.ts'
import { type Passage, passagesOf } from './passages.ts'
import { SearchIndex } from './search-index.ts'
import { searchTerms } from './search-terms.ts'
import { sharedReads } from './shared-reads.ts'

/** Most conversations found by their titles. */
const mostTitles = 20
/** Milliseconds from the start to the first walk, unless somebody searches before: a window that opens needs main. */
const untilWalk = 3000

/** Search in titles, in every message outside the trash, and in what is attached to it. */
export class ConversationSearch {
  readonly #index: SearchIndex
  readonly #keeper: IndexKeeper
  readonly #store: ConversationStore
  readonly #attachments: Pick<AttachmentFolder, 'read'>
  #firstWalk: NodeJS.Timeout | undefined

  /**
   * Opens the index, and brings it up to date in the background a little later, or when somebody searches.
   * @param path of the index; made when missing
   * @throws DatabaseProblem
   */
  constructor(path: string, store: ConversationStore, attachments: Pick<AttachmentFolder, 'read'>) {
    this.#store = store
    this.#attachments = attachments
    this.#index = SearchIndex.open(path)
    const { database } = store
    this.#keeper = new IndexKeeper(this.#index, database, id => passagesOf(documentsOf(database, id), attachments))
    this.#firstWalk = setTimeout(() => this.walk(), untilWalk).unref()
  }

  /** Brings the index up to date in the background: after the start, and when many messages came in at once. */
  walk(): void {
    clearTimeout(this.#firstWalk)
    this.#firstWalk = undefined
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
    if (this.#firstWalk) this.walk()
    const terms = searchTerms(query)
    await this.#keeper.catchUp()
    const { found, next } = this.#page(terms, limit, before ?? undefined)
    const hashes = found.flatMap(({ documents }) => documents.map(({ hash }) => hash))
    const attachments = sharedReads(this.#attachments, hashes)
    const messages = []
    for (const { text, hit, documents, ...message } of found) {
      const passage = hit && (await passageAt(hit.passage, passagesOf(documents, attachments)))
      const excerpt = excerptOf(passage?.text ?? text, terms)
      messages.push({ ...message, document: passage?.name ?? null, excerpt })
    }
    return {
      titles: before === null ? this.#titles(terms) : [],
      messages,
      next,
      indexing: this.#keeper.isBehind,
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#firstWalk)
    await this.#keeper.close()
    this.#index.close()
  }

  /**
   * The newest messages that hold all terms, and below which number there may be more. The index has what is in the
   * trash, too: where it gives nothing else, it is asked for more, and twice as many each time.
   */
  #page(terms: readonly string[], limit: number, before?: number) {
    let below = before
    for (let most = limit; ; most *= 2) {
      const own = new Set(this.#index.find(terms, most, below))
      const passages = new Map(this.#index.findPassages(terms, most, below).map(hit => [hit.number, hit]))
      const numbers = [...new Set([...own, ...passages.keys()])].sort((a, b) => b - a).slice(0, most)
      const messages = newestOf(this.#store.database, numbers, limit)
      below = numbers.length === most ? numbers.at(-1) : undefined
      if (messages.length === 0 && below !== undefined) continue
      const found = messages.map(({ number, ...message }) => {
        const hit = own.has(number) ? undefined : passages.get(number)
        return { ...message, hit, documents: hit ? documentsOf(this.#store.database, message.messageId) : [] }
      })
      return { found, next: (messages.length === limit ? messages.at(-1)?.number : below) ?? null }
    }
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

async function passageAt(number: number, passages: AsyncIterable<Passage>): Promise<Passage | undefined> {
  let at = 0
  for await (const passage of passages) {
    if (at === number) return passage
    at += 1
  }
  // Its file was taken away meanwhile.
  return undefined
}
