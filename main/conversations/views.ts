import type { Conversation, Message, StreamEvent } from '../../preload/contract.ts'
import { Problem } from '../problem.ts'
import { Watchers } from '../watchers.ts'
import { WatchersById } from '../watchers-by-id.ts'
import type { Availability } from './availability.ts'
import { folders } from './folder-rows.ts'
import { MessageTree, type TreeNode } from './message-tree.ts'
import type { RepliesInFlight } from './replies-in-flight.ts'
import type { Reply } from './reply.ts'
import { type StoredMessage, shownMessage } from './rows.ts'
import type { ConversationStore, StoredConversation } from './store.ts'

export type ListEvent = StreamEvent<'conversations.list'>
export type ConversationEvent = StreamEvent<'conversations.watch'>

/** Messages at the end of a path that a window begins with: more than a screen shows. */
const beginning = 60
/** Messages of each further piece; more where so many would make more than `mostPieces`. */
const pieceSize = 250
/** So few that a window has room for all of them (bridge/stream.ts). */
const mostPieces = 48

/** What the windows see: the list, and the shown path of each conversation somebody looks at. */
export class Views {
  readonly #availability: Availability
  readonly #replies: RepliesInFlight
  readonly #list: Watchers<ListEvent>
  readonly #paths: WatchersById<ConversationEvent>
  /** Ids of replies in flight that are not on the shown path, as the person looks at another version. */
  readonly #hidden = new Set<string>()

  constructor(availability: Availability, replies: RepliesInFlight) {
    this.#availability = availability
    this.#replies = replies
    this.#list = new Watchers({ picture: () => this.#listPicture(), failed: error => this.#readingFailed(error) })
    this.#paths = new WatchersById(conversationId => ({
      picture: () => this.picture(conversationId),
      pieces: () => this.#pieces(conversationId),
      failed: error => this.#readingFailed(error),
      join: joinDeltas,
    }))
  }

  /** Whether a window shows the list. */
  get listed(): boolean {
    return !this.#list.empty
  }

  /** The list, then what changes in it. @returns ends it */
  watchList(listener: (event: ListEvent) => void): () => void {
    return this.#list.add(listener)
  }

  /** The shown path of a conversation, then what changes in it. @returns ends it */
  watch(conversationId: string, listener: (event: ConversationEvent) => void): () => void {
    return this.#paths.watch(conversationId, listener)
  }

  /** Gives everyone everything anew. */
  refreshAll(): void {
    this.#list.refresh()
    this.#paths.refresh()
  }

  /** Gives everyone the list anew. */
  refreshList(): void {
    this.#list.refresh()
  }

  /** Gives those who look at a conversation its path anew. @param from the first message that may be another one */
  refresh(conversationId: string, from?: string): void {
    this.#paths.of(conversationId)?.refresh(() => this.#pieces(conversationId, from))
  }

  /** Tells a change of a conversation's path. */
  tell(conversationId: string, event: ConversationEvent): void {
    this.#paths.of(conversationId)?.tell(event)
  }

  /** A conversation went into the trash. */
  removed(conversationId: string): void {
    this.tell(conversationId, { type: 'removed' })
    this.#list.tell({ type: 'removed', conversationId })
  }

  /** Tells the list how a conversation stands now, unless it is in the trash. */
  changed(store: ConversationStore, conversationId: string): void {
    let stored: StoredConversation | undefined
    try {
      stored = store.conversation(conversationId)
    } catch {
      // Whoever watches gets the whole list once it can be read again.
      this.#list.refresh()
      return
    }
    if (stored) this.#list.tell({ type: 'changed', conversation: this.#summary(stored) })
  }

  /**
   * The shown path ends at another leaf now: of the replies in flight only that one is in sight.
   * @param from the first message of the path that may be another one
   */
  shows(conversationId: string, leaf: string | null, from: string | null): void {
    const reply = this.#replies.of(conversationId)
    if (reply && reply.id !== leaf) this.#hidden.add(reply.id)
    else if (leaf !== null) this.#hidden.delete(leaf)
    this.refresh(conversationId, from ?? undefined)
  }

  /** A reply changed other than by growing. */
  replyChanged(reply: Reply): void {
    if (!this.#hidden.has(reply.id)) this.tell(reply.conversationId, { type: 'message', message: reply.message() })
  }

  replyGrown(reply: Reply, content: string, thinking: string): void {
    if (this.#hidden.has(reply.id)) return
    this.#paths.of(reply.conversationId)?.tellByFrame({ type: 'delta', messageId: reply.id, content, thinking })
  }

  replyEnded(reply: Reply): void {
    this.replyChanged(reply)
    this.#hidden.delete(reply.id)
    const store = this.#availability.session?.store
    if (store) this.changed(store, reply.conversationId)
  }

  /** The messages of a conversation, newer than the database has them where a reply is in flight. */
  tree(store: ConversationStore, conversationId: string): MessageTree {
    return new MessageTree(store.messages.of(conversationId).map(message => this.#replies.current(message)))
  }

  /** Where the messages of a conversation stand, without what is in them: a long chat is quickly read so. */
  places(store: ConversationStore, conversationId: string): MessageTree<TreeNode> {
    return new MessageTree(store.messages.places(conversationId))
  }

  close(): void {
    this.#list.close()
    this.#paths.close()
  }

  #listPicture(): ListEvent {
    const stored = this.#availability.session?.store.conversations() ?? []
    this.#availability.passed('reading')
    const { database } = this.#availability.session?.store ?? {}
    const conversations = stored.map(conversation => this.#summary(conversation))
    return { type: 'all', conversations, folders: database ? folders(database) : [] }
  }

  /** A conversation and its shown path as they are now. @throws DatabaseProblem while there is no database */
  picture(conversationId: string): Exclude<ConversationEvent, { type: 'message' | 'delta' }> {
    const store = this.#store()
    const stored = store.conversation(conversationId)
    if (!stored) return { type: 'removed' }
    const tree = this.tree(store, conversationId)
    this.#availability.passed('reading')
    const messages = tree.path(stored.activeLeaf).map(message => this.#shown(message, tree))
    return { type: 'all', conversation: this.#summary(stored), messages }
  }

  /**
   * The same, the end of a long path first.
   * @param changed a message that has to be among the first, with the one before it: a window that knows that one keeps
   * what is before it, so that whoever chose another version stays where they are
   * @throws DatabaseProblem while there is no database
   */
  *#pieces(conversationId: string, changed?: string): Generator<ConversationEvent> {
    const store = this.#store()
    const stored = store.conversation(conversationId)
    if (!stored) return yield { type: 'removed' }
    const tree = this.places(store, conversationId)
    const path = tree.path(stored.activeLeaf)
    const read = (from: number, to?: number) =>
      store.messages.at(path.slice(from, to)).map(message => this.#shown(this.#replies.current(message), tree))
    const branch = path.findIndex(({ id }) => id === changed)
    let from = Math.max(0, Math.min(path.length - beginning, branch < 0 ? path.length : branch - 1))
    const messages = read(from)
    this.#availability.passed('reading')
    yield { type: from > 0 ? 'end' : 'all', conversation: this.#summary(stored), messages }
    const size = Math.max(pieceSize, Math.ceil(from / mostPieces))
    // Not the path's: what cannot be read is in no piece.
    let before = messages[0]?.id ?? ''
    for (let to = from; to > 0; to = from) {
      from = Math.max(0, to - size)
      const earlier = read(from, to)
      yield { type: 'earlier', before, messages: earlier, left: from }
      before = earlier[0]?.id ?? before
    }
  }

  /** @throws DatabaseProblem while there is no database */
  #store(): ConversationStore {
    const { session } = this.#availability
    if (!session) throw new Problem('database', 503, 'the conversations are not open yet')
    return session.store
  }

  #shown(message: StoredMessage, tree: MessageTree<TreeNode>): Message {
    const versions = tree.versions(message.parentId, message.role)
    return shownMessage(message, versions, this.#replies.wait(message.id))
  }

  /** That there is no database yet is told already, with the reason. */
  #readingFailed(error: unknown): void {
    if (this.#availability.session) this.#availability.report('reading', error)
  }

  #summary({ activeLeaf: _, ...conversation }: StoredConversation): Conversation {
    return { ...conversation, answering: this.#replies.of(conversation.id)?.id ?? null }
  }
}

function joinDeltas(earlier: ConversationEvent, later: ConversationEvent): ConversationEvent | undefined {
  if (earlier.type !== 'delta' || later.type !== 'delta' || earlier.messageId !== later.messageId) return undefined
  return { ...later, content: earlier.content + later.content, thinking: earlier.thinking + later.thinking }
}
