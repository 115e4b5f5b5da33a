import { setImmediate as breath } from 'node:timers/promises'
import type { Folder } from '../../../preload/contract.ts'
import { Problem } from '../../problem.ts'
import type { StoredMessage } from '../rows.ts'
import type { ConversationStore, StoredConversation } from '../store.ts'

export interface ChatSourceOptions {
  readonly ids: readonly string[]
  readonly folders: readonly Folder[]
  /** Asked before every look, as the database may be closed meanwhile. */
  readonly store: () => Promise<ConversationStore>
  /** A message as it is at this moment, newer than the database where it is being written. */
  readonly current: (message: StoredMessage) => StoredMessage
  /** The bytes of a picture; undefined for one that is not there any more. */
  readonly picture: (hash: string) => Promise<Uint8Array | undefined>
  /** Whether a picture is there, and can be read. */
  readonly hasPicture: (hash: string) => Promise<boolean>
}

/**
 * The chats of an export, read while it is written: what is deleted meanwhile is left out, what cannot be read is
 * counted.
 */
export class ChatSource {
  /** Chats of which something could not be read. */
  readonly unreadable = new Set<string>()
  /** Chats that were read so far. */
  done = 0

  readonly #options: ChatSourceOptions

  constructor(options: ChatSourceOptions) {
    this.#options = options
  }

  get ids(): readonly string[] {
    return this.#options.ids
  }

  get folders(): readonly Folder[] {
    return this.#options.folders
  }

  /** @returns undefined for one that is gone meanwhile, or cannot be read */
  async conversation(id: string): Promise<StoredConversation | undefined> {
    const store = await this.#options.store()
    this.done += 1
    return this.#attempt(id, () => store.conversation(id))
  }

  /** All messages of a chat, oldest first, in slices. */
  async *messages(id: string): AsyncGenerator<StoredMessage[]> {
    const store = await this.#options.store()
    const slices = this.#attempt(id, () => store.messages.slices(id))
    for (;;) {
      // The time between two slices is others'; the database may be closed in it.
      await breath()
      await this.#options.store()
      const next = this.#attempt(id, () => slices?.next())
      if (!next || next.done) return
      yield next.value.map(this.#options.current)
    }
  }

  /** A picture of a chat, which counts as unreadable where it is not there. */
  async picture(id: string, hash: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#options.picture(hash)
    if (!bytes) this.unreadable.add(id)
    return bytes
  }

  /** Whether a picture of a chat is there; the chat counts as unreadable where it is not. */
  async hasPicture(id: string, hash: string): Promise<boolean> {
    const there = await this.#options.hasPicture(hash)
    if (!there) this.unreadable.add(id)
    return there
  }

  #attempt<T>(id: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.unreadable.add(id)
      return undefined
    }
  }
}
