import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Attachment, CallInput, CallOutput } from '../../preload/contract.ts'
import { mostAttachmentBytes } from '../../preload/contract-limits.ts'
import { AttachmentFolder } from '../attachments/attachment-folder.ts'
import type { BackedUp } from '../backups/part.ts'
import { idSource } from '../database/ids.ts'
import { storable } from '../database/storable.ts'
import type { Inference } from '../inference/requests.ts'
import { Problem } from '../problem.ts'
import type { Notices } from '../settings/notices.ts'
import { Asking } from './asking.ts'
import { Availability } from './availability.ts'
import { backedUpConversations } from './backed-up.ts'
import { Drafts } from './drafts.ts'
import { Listing } from './listing.ts'
import { MessageEdits } from './message-edits.ts'
import { Presets } from './presets.ts'
import { RepliesInFlight } from './replies-in-flight.ts'
import { ConversationSearch } from './search/conversation-search.ts'
import { Session } from './session.ts'
import { TitleWriter } from './titles/title-writer.ts'
import { Transfer } from './transfer/transfer.ts'
import { Trash } from './trash.ts'
import { type ConversationEvent, type ListEvent, Views } from './views.ts'

/** Milliseconds between two looks for what has been in the trash for long enough. */
const day = 24 * 60 * 60 * 1_000

export interface ConversationsOptions {
  /** The folder conversations.db lies in; made when missing. */
  readonly home: string
  readonly inference: Pick<Inference, 'chat'>
  readonly notices: Notices
  /** Whether models give chats their titles at the moment; they do not when left out. */
  readonly modelTitles?: () => boolean
  /** Whether this model is good enough for that; each is when left out. */
  readonly canTitle?: (model: string) => boolean
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** That many random bytes. */
  readonly random?: (bytes: number) => Uint8Array
}

/**
 * The conversations and the replies being written: the calls and streams of preload/contract.ts. One reply at a time is
 * written in a conversation, any number in different ones. A second question meanwhile is refused as `in-use` rather
 * than queued: it stays in the composer, where the person can still change it when the answer makes it needless.
 *
 * Every call rejects with a Problem: not-found, in-use, invalid-request, disk-full or database.
 */
export class Conversations {
  readonly #now: () => number
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
  readonly #asking: Asking
  readonly #edits: MessageEdits
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
    canTitle = () => true,
  }: ConversationsOptions) {
    this.#now = now
    const newId = idSource(now, random)
    this.attachments = new AttachmentFolder(home)
    const owner = newId()
    const availability = new Availability({
      open: () => Session.open(home, owner, now()),
      notices,
      path: join(home, 'conversations.db'),
      now,
      opened: session => this.#opened(session),
    })
    this.#availability = availability
    this.#searchPath = join(home, 'search.db')
    this.#replies = new RepliesInFlight({
      inference,
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
      inference,
      wanted: modelTitles,
      untitled: conversationId => this.#asking.untitled(conversationId, canTitle),
      named: (conversationId, title) => this.#named(conversationId, title),
    })
    const replies = this.#replies
    const views = new Views(availability, replies)
    this.#views = views
    const { attachments } = this
    this.listing = new Listing({ availability, replies, views, now, newId })
    this.trash = new Trash(availability, () => this.#search?.walk())
    this.presets = new Presets(availability, newId)
    this.drafts = new Drafts(availability, now)
    this.#asking = new Asking({
      availability,
      replies,
      views,
      drafts: this.drafts,
      attachments,
      now,
      newId,
      written: (questionId, hasDocuments) => this.#search?.note(questionId, hasDocuments),
    })
    this.#edits = new MessageEdits({
      availability,
      replies,
      views,
      now,
      edited: messageId => this.#search?.note(messageId),
    })
    this.transfer = new Transfer({
      availability,
      replies,
      views,
      now,
      attachments,
      imported: () => this.#search?.walk(),
    })
    this.backedUp = backedUpConversations({
      home,
      availability,
      drafts: this.drafts,
      replies,
      replaced: () => {
        this.#search?.walk()
        views.refreshAll()
        this.presets.refresh()
      },
    })
  }

  /** Writes the question, then starts the reply. Resolves once the question is on disk. */
  send(input: CallInput<'conversations.send'>): Promise<CallOutput<'conversations.send'>> {
    return this.#asking.send(input)
  }

  /** Writes another version of a reply; the old one is kept. */
  regenerate(input: CallInput<'conversations.regenerate'>): Promise<CallOutput<'conversations.regenerate'>> {
    return this.#asking.regenerate(input)
  }

  /** Goes on with a reply at its end. */
  continue(input: CallInput<'conversations.continue'>): Promise<void> {
    return this.#asking.continue(input)
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

  /** Deletes a message, so that it can be taken back. */
  deleteMessage(messageId: string): Promise<CallOutput<'conversations.deleteMessage'>> {
    return this.#edits.delete(messageId)
  }

  /** Takes deleted messages back, and shows them. @param messageIds as `deleteMessage` gave them */
  restoreMessages(messageIds: readonly string[]): Promise<void> {
    return this.#edits.restore(messageIds)
  }

  /** Shows a version and, below it, the continuation that was written last. */
  selectVersion(messageId: string): Promise<void> {
    return this.#edits.selectVersion(messageId)
  }

  /** Ends a reply with the text so far. One that has ended meanwhile is left as it is: the person was a moment late. */
  async stop(messageId: string): Promise<void> {
    this.#replies.stop(messageId)
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

  #opened({ store }: Session): void {
    this.#replies.saveTo(store)
    if (this.#views.listed) this.#beginSearch()
    this.#views.refreshAll()
    this.presets.refresh()
    // Once everybody has what they wait for.
    this.#tidy()
    clearInterval(this.#tidying)
    this.#tidying = setInterval(() => this.#tidy(), day).unref()
  }

  /** What fails now is tried again tomorrow, and at the next start. */
  #tidy(): void {
    void this.trash.tidy(this.#now()).catch(() => undefined)
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

  async #named(conversationId: string, title: string): Promise<void> {
    const { store } = await this.#availability.ready()
    if (await store.database.write(() => store.nameByModel(conversationId, title))) {
      this.#views.changed(store, conversationId)
    }
  }
}
