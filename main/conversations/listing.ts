import type { CallInput, CallOutput } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { storable } from '../database/storable.ts'
import { oneLine } from '../one-line.ts'
import { Problem } from '../problem.ts'
import type { Availability } from './availability.ts'
import { addFolder, fillFolder, folders, putIntoFolder, removeFolder, renameFolder } from './folder-rows.ts'
import { notFound } from './not-found.ts'
import type { RepliesInFlight } from './replies-in-flight.ts'
import type { ConversationStore, StoredConversation } from './store.ts'
import { titleOf } from './titles/first-words.ts'
import type { Views } from './views.ts'

export interface ListingOptions {
  readonly availability: Availability
  readonly replies: RepliesInFlight
  readonly views: Views
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/**
 * What is done with a whole conversation: its title, its place in the list, how it is answered, the trash; and folders.
 */
export class Listing {
  readonly #options: ListingOptions

  constructor(options: ListingOptions) {
    this.#options = options
  }

  /** Gives a title of the person's; an empty one brings back the one made from the first question. */
  rename(conversationId: string, title: string): Promise<void> {
    const given = oneLine(storable(title))
    return this.#change(conversationId, store => {
      if (given) return store.rename(conversationId, given, 'person')
      const first = store.messages.of(conversationId).find(({ role }) => role === 'user')
      store.rename(conversationId, titleOf(first?.content ?? ''), 'question')
    })
  }

  /** Changes what the next answers are made with; a reply in flight goes on as it began. */
  configure({ conversationId, system, parameters }: CallInput<'conversations.configure'>): Promise<void> {
    return this.#change(conversationId, (store, before) =>
      store.configure(conversationId, storable(system ?? before.system), parameters ?? before.parameters),
    )
  }

  pin(conversationId: string, pinned: boolean): Promise<void> {
    return this.#change(conversationId, store => store.pin(conversationId, pinned))
  }

  /** @param folderId null takes it out of its folder */
  move(conversationId: string, folderId: string | null): Promise<void> {
    return this.#change(conversationId, store => {
      if (folderId !== null && !folders(store.database).some(({ id }) => id === folderId)) throw notFound('folder')
      putIntoFolder(store.database, conversationId, folderId)
    })
  }

  /** Moves a conversation to the trash and stops its reply. Twice is once. */
  async delete(conversationId: string): Promise<void> {
    const { availability, replies, views, now } = this.#options
    const { store } = await availability.ready()
    await store.database.write(() => {
      if (!store.moveToTrash(conversationId, now())) throw notFound('conversation')
    })
    replies.of(conversationId)?.stop('stopped')
    views.removed(conversationId)
  }

  /** Takes a conversation out of the trash. */
  async restore(conversationId: string): Promise<void> {
    const { availability, views } = this.#options
    const { store } = await availability.ready()
    await store.database.write(() => {
      if (!store.restore(conversationId)) throw notFound('conversation')
    })
    views.changed(store, conversationId)
    views.refresh(conversationId)
  }

  async createFolder(name: string): Promise<CallOutput<'folders.create'>> {
    const folderId = this.#options.newId()
    await this.#changeFolders(database => addFolder(database, folderId, folderName(name)))
    return { folderId }
  }

  renameFolder(folderId: string, name: string): Promise<void> {
    return this.#changeFolders(database => {
      if (!renameFolder(database, folderId, folderName(name))) throw notFound('folder')
    })
  }

  /** Removes a folder; what is in it comes out of it. */
  async deleteFolder(folderId: string): Promise<CallOutput<'folders.delete'>> {
    return { conversationIds: await this.#changeFolders(database => removeFolder(database, folderId)) }
  }

  /** Makes a deleted folder again, with what was in it and was put nowhere else since. Twice is once. */
  restoreFolder({ id, name, conversationIds }: CallInput<'folders.restore'>): Promise<void> {
    return this.#changeFolders(database => {
      if (!folders(database).some(known => known.id === id)) addFolder(database, id, folderName(name))
      fillFolder(database, id, conversationIds)
    })
  }

  async #change(
    conversationId: string,
    work: (store: ConversationStore, before: StoredConversation) => void,
  ): Promise<void> {
    const { availability, views } = this.#options
    const { store } = await availability.ready()
    await store.database.write(() => {
      const before = store.conversation(conversationId)
      if (!before) throw notFound('conversation')
      work(store, before)
    })
    views.changed(store, conversationId)
  }

  async #changeFolders<T>(work: (database: Database) => T): Promise<T> {
    const { availability, views } = this.#options
    const { database } = (await availability.ready()).store
    const done = await database.write(() => work(database))
    views.refreshList()
    return done
  }
}

/** @throws Problem for a name of nothing but white space */
function folderName(name: string): string {
  const line = oneLine(storable(name))
  if (line === '') throw new Problem('invalid-request', 400, 'a folder needs a name')
  return line
}
