import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Attachment, CallInput, CallOutput } from '../../preload/contract.ts'
import { mostAttachmentBytes } from '../../preload/contract-limits.ts'
import type { BackedUp } from '../backups/part.ts'
import type { Inference } from '../inference/requests.ts'
import { Problem } from '../problem.ts'
import type { Notices } from '../settings/notices.ts'
import { AttachmentFolder } from './attachments/attachment-folder.ts'
import { isDocument } from './attachments/document.ts'
import { Availability } from './availability.ts'
import { backedUpConversations } from './backed-up.ts'
import { forgetDraft } from './draft-rows.ts'
import { Drafts } from './drafts.ts'
import { historyOf } from './history.ts'
import { idSource } from './ids.ts'
import { Listing, notFound } from './listing.ts'
import type { MessageTree } from './message-tree.ts'
import { Presets } from './presets.ts'
import { inUse, RepliesInFlight } from './replies-in-flight.ts'
import type { Reply, ReplyOptions } from './reply.ts'
import { type StoredMessage, shownMessage } from './rows.ts'
import { ConversationSearch } from './search/conversation-search.ts'
import { Session } from './session.ts'
import { storable } from './storable.ts'
import { addAttachments, type ConversationStore, type StoredConversation } from './store.ts'
import { titleOf } from './titles/first-words.ts'
import { TitleWriter, type Untitled } from './titles/title-writer.ts'
import { Transfer } from './transfer/transfer.ts'
import { Trash } from './trash.ts'
import { type ConversationEvent, type ListEvent, Views } from './views.ts'

/** Milliseconds between two looks for what has been in the trash for long enough. */
const day = 24 * 60 * 60 * 1_000

/** What no question has. */
const written = { toolCalls: [], tool: null, context: null }

/** Questions of a chat after which no title is written any more. */
const mostBeforeTitle = 3

export interface ConversationsOptions {
  /** The folder conversations.db lies in; made when missing. */
  readonly home: string
  readonly inference: Pick<Inference, 'chat'>
  readonly notices: Notices
  /** Whether models give chats their titles at the moment; they do not when left out. */
  readonly modelTitles?: () => boolean
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** That many random bytes. */
  readonly random?: (bytes: number) => Uint8Array
}

/**
 * The conversations and the replies being written: the calls and streams of preload/contract.ts. One reply at a time is
 * written in a conversation, any number in different ones. A second question meanwhile is refused as `in-use` rather than
 * queued: it stays in the composer, where the person can still change it when the answer makes it needless.
 *
 * Every call rejects with a Problem: not-found, in-use, invalid-request, disk-full or database.
 */
export class Conversations {
  readonly #now: () => number
  readonly #newId: () => string
  readonly #availability: Availability
  readonly #replies: RepliesInFlight
  readonly #views: Views
  /** What is done with whole conversations and folders. */
  readonly listing: Listing
  /** Deleted chats. */
  readonly trash: Trash
  /** Named ways to answer. */
  readonly presets: Presets
  /** What is typed and not sent. */
  readonly drafts: Drafts
  /** Chats to files and back. */
  readonly transfer: Transfer
  /** The pictures and documents of questions. */
  readonly attachments: AttachmentFolder
  /** What backups hold of it. */
  readonly backedUp: BackedUp
  readonly #titles: TitleWriter
  readonly #searchPath: string
  /** Opened with the first list that is shown: who only serves the API searches nothing. */
  #search: ConversationSearch | undefined
  #tidying: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  /** Opens the database. Never rejects: trouble is told as a notice, and opening is tried again. */
  static async open(options: ConversationsOptions): Promise<Conversations> {
    const conversations = new Conversations(options)
    // What went wrong is a notice by now.
    await conversations.#availability.ready().catch(() => undefined)
    return conversations
  }

  private constructor({
    home,
    inference,
    notices,
    now = Date.now,
    random = randomBytes,
    modelTitles = () => false,
  }: ConversationsOptions) {
    this.#now = now
    this.#newId = idSource(now, random)
    this.attachments = new AttachmentFolder(home)
    const owner = this.#newId()
    const availability = new Availability({
      open: () => Session.open(home, owner, now()),
      notices,
      path: join(home, 'conversations.db'),
      opened: session => this.#opened(session),
    })
    this.#availability = availability
    this.#searchPath = join(home, 'search.db')
    this.#replies = new RepliesInFlight({
      inference,
      now,
      events: {
        changed: reply => this.#views.replyChanged(reply),
        grown: (reply, content, thinking) => this.#views.replyGrown(reply, content, thinking),
        ended: reply => this.#views.replyEnded(reply),
      },
      savingFailed: problem => availability.report('saving', problem),
      savingRecovered: () => availability.passed('saving'),
      saved: reply => {
        this.#search?.note(reply.id)
        if (reply.end().state === 'complete') this.#titles.answered(reply.conversationId)
      },
    })
    this.#titles = new TitleWriter({
      ...{ inference, wanted: modelTitles },
      untitled: conversationId => this.#untitled(conversationId),
      named: (conversationId, title) => this.#named(conversationId, title),
    })
    this.#views = new Views(availability, this.#replies)
    this.listing = new Listing({
      ...{ availability, replies: this.#replies, views: this.#views },
      ...{ now, newId: this.#newId },
    })
    this.trash = new Trash(availability, () => this.#search?.walk())
    this.presets = new Presets(availability, this.#newId)
    this.drafts = new Drafts(availability, now)
    this.transfer = new Transfer({
      ...{ availability, replies: this.#replies, views: this.#views, now },
      attachments: this.attachments,
      imported: () => this.#search?.walk(),
    })
    this.backedUp = backedUpConversations({
      ...{ home, availability, drafts: this.drafts, replies: this.#replies },
      replaced: () => {
        this.#search?.walk()
        this.#views.refreshAll()
        this.presets.refresh()
      },
    })
  }

  /** Writes the question, then starts the reply. Resolves once the question is on disk. */
  async send(input: CallInput<'conversations.send'>): Promise<CallOutput<'conversations.send'>> {
    const session = await this.#availability.ready()
    const { store } = session
    const { parentId } = input
    const content = storable(input.content)
    const attachments = await this.#attached(input.attachments ?? [])
    const isNew = input.conversationId === null
    const conversationId = input.conversationId ?? this.#newId()
    const release = this.#replies.reserve(conversationId)
    try {
      if (await session.othersAnswering(conversationId)) throw inUse()
      const tree = this.#views.tree(store, conversationId)
      if (parentId !== null && !tree.get(parentId)) throw notFound('message')
      const shown = isNew ? null : (tree.path(this.#live(store, conversationId).activeLeaf).at(-1)?.id ?? null)
      const createdAt = this.#now()
      const questionId = this.#newId()
      const row = {
        ...{ id: this.#newId(), conversationId, parentId: questionId, createdAt },
        ...{ model: storable(input.model), owner: session.owner },
      }
      const question: StoredMessage = {
        ...{ id: questionId, parentId, role: 'user', content, thinking: '', model: '', createdAt },
        ...{ state: 'complete', problem: null, metrics: null, attachments, ...written },
      }
      const path = [...(parentId === null ? [] : tree.path(parentId)), question]
      const pictures = await this.#pictures(path)
      await store.database.write(() => {
        // Another process may have begun to answer since it was asked.
        if (session.othersOwn(conversationId)) throw inUse()
        if (isNew) {
          store.addConversation(conversationId, titleOf(content || (attachments[0]?.name ?? '')), row.model, createdAt)
          store.configure(conversationId, storable(input.system ?? ''), input.parameters ?? {})
        } else this.#live(store, conversationId)
        store.addQuestion(questionId, conversationId, parentId, content, createdAt)
        addAttachments(store.database, questionId, attachments)
        if (input.fromDraft) forgetDraft(store.database, input)
        store.addReply(row)
      })
      if (input.fromDraft) this.drafts.sent(input)
      this.#search?.note(questionId, attachments.some(isDocument))
      const reply = this.#replies.begin(row, {
        versions: [row.id],
        ...this.#asked(store, path, pictures, conversationId),
      })
      if (shown === parentId) {
        const versions = [...tree.versions(parentId, 'user'), questionId]
        this.#views.tell(conversationId, { type: 'message', message: shownMessage(question, versions, null) })
      }
      this.#start(reply, shown === parentId)
      return { conversationId, questionId, replyId: row.id }
    } finally {
      release()
    }
  }

  /** Keeps a picture for a question to come. */
  async attach({ name, content }: CallInput<'attachments.add'>): Promise<Attachment> {
    if (content.length > mostAttachmentBytes) {
      throw new Problem('picture-too-large', 400, `${content.length} bytes are more than ${mostAttachmentBytes}`)
    }
    return { ...(await this.attachments.add(content)), name: storable(name) }
  }

  /** Keeps a document's text for a question to come. */
  async attachText({ name, text }: CallInput<'attachments.addText'>): Promise<Attachment> {
    return { ...(await this.attachments.addText(storable(text))), name: storable(name) }
  }

  /** Writes another version of a reply; the old one is kept. */
  regenerate(input: CallInput<'conversations.regenerate'>): Promise<CallOutput<'conversations.regenerate'>> {
    return this.#quietly(input.messageId, async ({ session, store, conversationId, tree }) => {
      const old = tree.get(input.messageId)
      const question = old?.parentId
      if (old?.role !== 'assistant' || !question)
        throw new Problem('invalid-request', 400, 'only a reply can be regenerated')
      const path = tree.path(question)
      const pictures = await this.#pictures(path)
      const row = {
        ...{ id: this.#newId(), conversationId, parentId: question, createdAt: this.#now() },
        ...{ model: storable(input.model), owner: session.owner },
      }
      await store.database.write(() => {
        if (session.othersOwn(conversationId)) throw inUse()
        this.#live(store, conversationId)
        store.addReply(row)
      })
      const versions = [...tree.versions(question, 'assistant'), row.id]
      const asked = this.#asked(store, path, pictures, conversationId)
      this.#start(this.#replies.begin(row, { versions, ...asked }), false)
      return { replyId: row.id }
    })
  }

  /** Goes on with a reply at its end. */
  continue(input: CallInput<'conversations.continue'>): Promise<void> {
    return this.#quietly(input.messageId, async ({ session, store, conversationId, tree }) => {
      const begun = tree.get(input.messageId)
      if (!begun) throw notFound('message')
      const { id, parentId, createdAt } = begun
      if (begun.role !== 'assistant' || parentId === null || begun.content === '') {
        throw new Problem('invalid-request', 400, 'only a reply with text can be gone on with')
      }
      const path = [...tree.path(id).slice(0, -1), { ...begun, state: 'stopped' as const }]
      const pictures = await this.#pictures(path)
      const row = {
        ...{ id, conversationId, parentId, createdAt },
        ...{ model: storable(input.model), owner: session.owner },
      }
      await store.database.write(() => {
        if (session.othersOwn(conversationId)) throw inUse()
        this.#live(store, conversationId)
        store.continueReply(id, row.model, row.owner)
      })
      const versions = tree.versions(parentId, 'assistant')
      const asked = this.#asked(store, path, pictures, conversationId)
      this.#start(this.#replies.begin(row, { versions, begun, ...asked }), false)
    })
  }

  /** Deletes a message, so that it can be taken back. */
  deleteMessage(messageId: string): Promise<CallOutput<'conversations.deleteMessage'>> {
    return this.#quietly(messageId, async ({ store, conversationId, tree }) => {
      const message = tree.get(messageId)
      if (!message) throw notFound('message')
      const versions = tree.versions(message.parentId, message.role)
      const other = versions[versions.indexOf(messageId) - 1] ?? versions[1]
      const messageIds = other === undefined ? [messageId] : tree.withAllBelow(messageId)
      const leaf = await store.database.write(() => {
        const { activeLeaf } = this.#live(store, conversationId)
        store.markDeleted(messageIds, this.#now())
        const left = this.#views.places(store, conversationId)
        const from = other ?? message.parentId
        const next = activeLeaf !== null && left.get(activeLeaf) ? activeLeaf : from && left.newestLeaf(from)
        store.showLeaf(conversationId, next)
        return next
      })
      for (const id of messageIds) this.#search?.note(id)
      this.#views.shows(conversationId, leaf, other ?? message.parentId)
      return { messageIds }
    })
  }

  /** Takes deleted messages back and shows them. */
  async restoreMessages(messageIds: readonly string[]): Promise<void> {
    const { store } = await this.#availability.ready()
    const [first] = messageIds
    const conversationId = this.#conversationOf(store, first ?? '')
    const leaf = await store.database.write(() => {
      this.#live(store, conversationId)
      store.markDeleted(messageIds, null)
      const newest = this.#views.places(store, conversationId).newestLeaf(first ?? '')
      store.showLeaf(conversationId, newest)
      return newest
    })
    for (const id of messageIds) this.#search?.note(id)
    this.#views.shows(conversationId, leaf, first ?? null)
  }

  /** Ends a reply with the text so far. One that has ended meanwhile is left as it is: the person was a moment late. */
  async stop(messageId: string): Promise<void> {
    this.#replies.stop(messageId)
  }

  /** Shows a version and, below it, the continuation that was written last. */
  async selectVersion(messageId: string): Promise<void> {
    const { store } = await this.#availability.ready()
    const conversationId = this.#conversationOf(store, messageId)
    const leaf = await store.database.write(() => {
      this.#live(store, conversationId)
      const newest = this.#views.places(store, conversationId).newestLeaf(messageId)
      store.showLeaf(conversationId, newest)
      return newest
    })
    this.#views.shows(conversationId, leaf, messageId)
  }

  /** Finds words in titles and messages. */
  async search(input: CallInput<'conversations.search'>): Promise<CallOutput<'conversations.search'>> {
    const { store } = await this.#availability.ready()
    this.#search ??= new ConversationSearch(this.#searchPath, store, this.attachments)
    return this.#search.search(input)
  }

  /** The list, then what changes in it. The listener must not throw. @returns ends it */
  watchList(listener: (event: ListEvent) => void): () => void {
    this.#beginSearch()
    return this.#views.watchList(listener)
  }

  /** The shown path of a conversation, then what changes in it. The listener must not throw. @returns ends it */
  watch(conversationId: string, listener: (event: ConversationEvent) => void): () => void {
    return this.#views.watch(conversationId, listener)
  }

  /** A conversation and its shown path as they are now; undefined for one that is not there. */
  shown(conversationId: string): Extract<ConversationEvent, { type: 'all' }> | undefined {
    const picture = this.#views.picture(conversationId)
    return picture.type === 'all' ? picture : undefined
  }

  /** Ends running replies as interrupted, saves them and closes the database. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearInterval(this.#tidying)
    await this.#titles.close()
    const session = await this.#availability.close()
    await this.#replies.close()
    await this.#search?.close()
    this.#views.close()
    this.presets.close()
    session?.close()
  }

  #opened(session: Session): void {
    const { store } = session
    // What fails now is tried again tomorrow, and at the next start.
    this.#tidying = setInterval(() => void session.tidy(this.#now()).catch(() => undefined), day).unref()
    this.#replies.saveTo(store)
    if (this.#views.listed) this.#beginSearch()
    this.#views.refreshAll()
    this.presets.refresh()
  }

  /** Brings the search index up to date before it is asked for. Without it there is no search, and all else. */
  #beginSearch(): void {
    const store = this.#availability.session?.store
    if (!store || this.#search || this.#closing) return
    try {
      this.#search = new ConversationSearch(this.#searchPath, store, this.attachments)
    } catch {
      // Whoever searches tries again, and hears of the trouble.
    }
  }

  /** @param grows the shown path only got longer, so that windows need not draw it anew */
  #start(reply: Reply, grows: boolean): void {
    if (grows) this.#views.replyChanged(reply)
    else this.#views.refresh(reply.conversationId)
    const store = this.#availability.session?.store
    if (store) this.#views.changed(store, reply.conversationId)
    void reply.run()
  }

  /**
   * Does something with a message while no reply of its conversation is being written, here or in another process.
   * @throws Problem `in-use`, or not-found
   */
  async #quietly<T>(
    messageId: string,
    work: (at: {
      readonly session: Session
      readonly store: ConversationStore
      readonly conversationId: string
      readonly tree: MessageTree
    }) => Promise<T>,
  ): Promise<T> {
    const session = await this.#availability.ready()
    const { store } = session
    const conversationId = this.#conversationOf(store, messageId)
    const release = this.#replies.reserve(conversationId)
    try {
      if (await session.othersAnswering(conversationId)) throw inUse()
      return await work({ session, store, conversationId, tree: this.#views.tree(store, conversationId) })
    } finally {
      release()
    }
  }

  /** What the model is asked with: the conversation's system prompt, the path, and its parameters. */
  #asked(
    store: ConversationStore,
    path: readonly StoredMessage[],
    pictures: ReadonlyMap<string, Uint8Array>,
    conversationId: string,
  ): Pick<ReplyOptions, 'history' | 'parameters'> {
    const { system, parameters } = this.#live(store, conversationId)
    return { history: historyOf(path, system, pictures), parameters }
  }

  /** What a model is asked with to name a conversation; nothing once it has a title, or is too long to change its mind. */
  async #untitled(conversationId: string): Promise<Untitled | undefined> {
    const { store } = await this.#availability.ready()
    if (!store.isTitledByQuestion(conversationId) || this.#replies.of(conversationId)) return undefined
    const { activeLeaf, model } = this.#live(store, conversationId)
    const path = this.#views.tree(store, conversationId).path(activeLeaf)
    const questions = path.filter(({ role }) => role === 'user')
    const [first] = questions
    if (!first || questions.length > mostBeforeTitle || path.at(-1)?.role !== 'assistant') return undefined
    const asked = this.#asked(store, path, await this.#pictures(path), conversationId)
    return { model, history: asked.history.messages, options: asked.parameters, question: first.content }
  }

  async #named(conversationId: string, title: string): Promise<void> {
    const { store } = await this.#availability.ready()
    if (await store.database.write(() => store.nameByModel(conversationId, title))) {
      this.#views.changed(store, conversationId)
    }
  }

  /** The bytes of a path's pictures and documents by their hashes; read before the reply is on disk: nothing waits then. */
  async #pictures(path: readonly StoredMessage[]): Promise<Map<string, Uint8Array>> {
    const pictures = new Map<string, Uint8Array>()
    for (const { hash } of path.flatMap(message => message.attachments)) {
      const kept = pictures.has(hash) ? undefined : await this.attachments.read(hash)
      if (kept) pictures.set(hash, kept.bytes)
    }
    return pictures
  }

  /** What a question's pictures and documents are. @throws Problem picture-missing */
  #attached(given: readonly Pick<Attachment, 'hash' | 'name'>[]): Promise<Attachment[]> {
    return Promise.all(
      given.map(async ({ hash, name }) => ({ ...(await this.attachments.describe(hash)), name: storable(name) })),
    )
  }

  /** @throws Problem not-found for one that is unknown or in the trash */
  #live(store: ConversationStore, conversationId: string): StoredConversation {
    const conversation = store.conversation(conversationId)
    if (!conversation) throw notFound('conversation')
    return conversation
  }

  #conversationOf(store: ConversationStore, messageId: string): string {
    const conversationId = store.conversationOf(messageId)
    if (conversationId === undefined) throw notFound('message')
    return conversationId
  }
}
