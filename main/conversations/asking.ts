import type { Attachment, CallInput, CallOutput } from '../../preload/contract.ts'
import type { AttachmentFolder } from '../attachments/attachment-folder.ts'
import { isDocument } from '../attachments/document.ts'
import { storable } from '../database/storable.ts'
import { Problem } from '../problem.ts'
import type { Availability } from './availability.ts'
import { forgetDraft } from './draft-rows.ts'
import type { Drafts } from './drafts.ts'
import { historyOf } from './history.ts'
import type { MessageTree } from './message-tree.ts'
import { liveConversation, notFound } from './not-found.ts'
import { quietly } from './quietly.ts'
import { inUse, type RepliesInFlight } from './replies-in-flight.ts'
import type { Reply, ReplyOptions } from './reply.ts'
import { type StoredMessage, shownMessage } from './rows.ts'
import { addAttachments, type ConversationStore } from './store.ts'
import { titleOf } from './titles/first-words.ts'
import type { Untitled } from './titles/title-writer.ts'
import type { Views } from './views.ts'

/** Questions of a chat after which no title is written any more. */
const mostBeforeTitle = 3

/** Whether a question without a parent is in its place: of a chat that is begun it is another version of the first. */
const mayBegin = (tree: MessageTree, editedId = '') => tree.isEmpty || tree.get(editedId)?.parentId === null

/** Whether a reply answers it. One whose question was deleted hangs on the reply before, which is no question. */
const takesAnswer = (message: StoredMessage | undefined) => message?.role === 'user' || message?.role === 'tool'

export interface AskingOptions {
  readonly availability: Availability
  readonly replies: RepliesInFlight
  readonly views: Views
  readonly drafts: Drafts
  readonly attachments: Pick<AttachmentFolder, 'read' | 'describe'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** A question is on disk. */
  readonly written: (questionId: string, hasDocuments: boolean) => void
}

/** Asks models: a question, another version of an answer, an answer gone on with. What is asked is on disk before. */
export class Asking {
  readonly #options: AskingOptions

  constructor(options: AskingOptions) {
    this.#options = options
  }

  /** Writes the question, then starts the reply. Resolves once the question is on disk. */
  async send(input: CallInput<'conversations.send'>): Promise<CallOutput<'conversations.send'>> {
    const session = await this.#options.availability.ready()
    const { store } = session
    const { parentId } = input
    const content = storable(input.content)
    const attachments = await this.#attached(input.attachments ?? [])
    const isNew = input.conversationId === null
    const conversationId = input.conversationId ?? this.#options.newId()
    const release = this.#options.replies.reserve(conversationId)
    try {
      if (await session.othersAnswering(conversationId)) throw inUse()
      const tree = this.#options.views.tree(store, conversationId)
      if (parentId !== null && !tree.get(parentId)) throw notFound('message')
      if (parentId === null && !mayBegin(tree, input.editedId)) {
        throw new Problem('invalid-request', 400, 'only another version of the first question begins a chat anew')
      }
      const shown = isNew ? null : (tree.path(liveConversation(store, conversationId).activeLeaf).at(-1)?.id ?? null)
      const createdAt = this.#options.now()
      const questionId = this.#options.newId()
      const row = {
        id: this.#options.newId(),
        conversationId,
        parentId: questionId,
        createdAt,
        model: storable(input.model),
        owner: session.owner,
      }
      const question: StoredMessage = {
        id: questionId,
        parentId,
        role: 'user',
        content,
        thinking: '',
        model: '',
        state: 'complete',
        problem: null,
        createdAt,
        metrics: null,
        attachments,
        toolCalls: [],
        tool: null,
        context: null,
      }
      const path = [...(parentId === null ? [] : tree.path(parentId)), question]
      const files = await this.#filesOf(path)
      await store.database.write(() => {
        // Another process may have begun to answer since it was asked.
        if (session.othersOwn(conversationId)) throw inUse()
        if (isNew) {
          store.addConversation(conversationId, titleOf(content || (attachments[0]?.name ?? '')), row.model, createdAt)
          store.configure(conversationId, storable(input.system ?? ''), input.parameters ?? {})
        } else liveConversation(store, conversationId)
        store.addQuestion(questionId, conversationId, parentId, content, createdAt)
        addAttachments(store.database, questionId, attachments)
        if (input.fromDraft) forgetDraft(store.database, input)
        store.addReply(row)
      })
      if (input.fromDraft) this.#options.drafts.sent(input)
      this.#options.written(questionId, attachments.some(isDocument))
      const reply = this.#options.replies.begin(row, {
        versions: [row.id],
        ...this.#asked(store, path, files, conversationId),
      })
      if (shown === parentId) {
        const versions = [...tree.versions(parentId, 'user'), questionId]
        this.#options.views.tell(conversationId, { type: 'message', message: shownMessage(question, versions, null) })
      }
      this.#start(reply, shown === parentId)
      return { conversationId, questionId, replyId: row.id }
    } finally {
      release()
    }
  }

  /** Writes another version of a reply, the old one is kept; or one to a question, as where every other was deleted. */
  regenerate(input: CallInput<'conversations.regenerate'>): Promise<CallOutput<'conversations.regenerate'>> {
    return quietly(this.#options, input.messageId, async ({ session, store, conversationId, tree }) => {
      const named = tree.get(input.messageId)
      const question = named?.role === 'assistant' ? named.parentId : named?.id
      if (!question || !takesAnswer(tree.get(question)))
        throw new Problem('invalid-request', 400, 'the question of this reply was deleted')
      const path = tree.path(question)
      const files = await this.#filesOf(path)
      const row = {
        id: this.#options.newId(),
        conversationId,
        parentId: question,
        createdAt: this.#options.now(),
        model: storable(input.model),
        owner: session.owner,
      }
      await store.database.write(() => {
        if (session.othersOwn(conversationId)) throw inUse()
        liveConversation(store, conversationId)
        store.addReply(row)
      })
      const versions = [...tree.versions(question, 'assistant'), row.id]
      const asked = this.#asked(store, path, files, conversationId)
      this.#start(this.#options.replies.begin(row, { versions, ...asked }), false)
      return { replyId: row.id }
    })
  }

  /** Goes on with a reply at its end. */
  continue(input: CallInput<'conversations.continue'>): Promise<void> {
    return quietly(this.#options, input.messageId, async ({ session, store, conversationId, tree }) => {
      const begun = tree.get(input.messageId)
      if (!begun) throw notFound('message')
      const { id, parentId, createdAt } = begun
      if (begun.role !== 'assistant' || begun.content.trim() === '') {
        throw new Problem('invalid-request', 400, 'only a reply with text can be gone on with')
      }
      const path = tree.path(id)
      const files = await this.#filesOf(path)
      const row = {
        id,
        conversationId,
        parentId,
        createdAt,
        model: storable(input.model),
        owner: session.owner,
      }
      await store.database.write(() => {
        if (session.othersOwn(conversationId)) throw inUse()
        liveConversation(store, conversationId)
        store.continueReply(id, row.model, row.owner)
      })
      const versions = tree.versions(parentId, 'assistant')
      const asked = this.#asked(store, path, files, conversationId)
      this.#start(this.#options.replies.begin(row, { versions, begun, ...asked }), false)
    })
  }

  /**
   * What a model is asked with to name a conversation; nothing once it has a title, or is too long to change its mind.
   * @param canTitle whether a model is able to
   */
  async untitled(conversationId: string, canTitle: (model: string) => boolean): Promise<Untitled | undefined> {
    const { store } = await this.#options.availability.ready()
    if (!store.isTitledByQuestion(conversationId) || this.#options.replies.of(conversationId)) return undefined
    const { activeLeaf, model } = liveConversation(store, conversationId)
    if (!canTitle(model)) return undefined
    const path = this.#options.views.tree(store, conversationId).path(activeLeaf)
    const questions = path.filter(({ role }) => role === 'user')
    const [first] = questions
    if (!first || questions.length > mostBeforeTitle || path.at(-1)?.role !== 'assistant') return undefined
    const asked = this.#asked(store, path, await this.#filesOf(path), conversationId)
    return { model, history: asked.history.messages, options: asked.parameters, question: first.content }
  }

  /** @param grows the shown path only got longer, so that windows need not draw it anew */
  #start(reply: Reply, grows: boolean): void {
    if (grows) this.#options.views.replyChanged(reply)
    else this.#options.views.refresh(reply.conversationId)
    const store = this.#options.availability.session?.store
    if (store) this.#options.views.changed(store, reply.conversationId)
    void reply.run()
  }

  /** What the model is asked with: the conversation's system prompt, the path, and its parameters. */
  #asked(
    store: ConversationStore,
    path: readonly StoredMessage[],
    files: ReadonlyMap<string, Uint8Array>,
    conversationId: string,
  ): Pick<ReplyOptions, 'history' | 'parameters'> {
    const { system, parameters } = liveConversation(store, conversationId)
    return { history: historyOf(path, system, files), parameters }
  }

  /**
   * The bytes of a path's pictures and documents by their hashes; read before the reply is on disk: nothing waits then.
   */
  async #filesOf(path: readonly StoredMessage[]): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>()
    for (const { hash } of path.flatMap(message => message.attachments)) {
      const kept = files.has(hash) ? undefined : await this.#options.attachments.read(hash)
      if (kept) files.set(hash, kept.bytes)
    }
    return files
  }

  /** What a question's pictures and documents are. @throws Problem picture-missing */
  #attached(given: readonly Pick<Attachment, 'hash' | 'name'>[]): Promise<Attachment[]> {
    return Promise.all(
      given.map(async ({ hash, name }) => ({
        ...(await this.#options.attachments.describe(hash)),
        name: storable(name),
      })),
    )
  }
}
