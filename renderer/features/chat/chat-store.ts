import { create } from 'zustand'
import type { Attachment, Message, ProblemInfo } from '../../../preload/contract.ts'
import { call, problemFrom, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { showToast } from '../../state/toasts.ts'
import { changeNow } from '../../ui/next-drawing.ts'
import { forgetNextModel, refreshModels } from '../models/models-store.ts'
import { modelOf } from '../models/use-model.ts'
import { isTuningUnsaved, nextBegun, nextTuning, saveTuning } from '../tuning/tuning-store.ts'
import { frameQueue } from './frame-queue.ts'
import { applyEvent, emptyThread, replyInFlight, type Thread, type ThreadEvent } from './thread.ts'

interface ChatState {
  /** The open conversation; null for one that is not begun. */
  readonly conversationId: string | null
  readonly thread: Thread
  /** The first whole picture has not come yet. */
  readonly opening: boolean
  /** Why the last question was not taken. */
  readonly sendProblem: ProblemInfo | null
}

export const useChat = create<ChatState>(() => ({
  conversationId: null,
  thread: emptyThread,
  opening: false,
  sendProblem: null,
}))

let leave = () => {}

/** Shows a conversation and follows it: what main says of it, also after a reload in the middle of an answer. */
export function openConversation(conversationId: string | null): void {
  leave()
  leave = () => {}
  useChat.setState({ conversationId, thread: emptyThread, opening: conversationId !== null, sendProblem: null })
  if (conversationId === null) return
  const queue = frameQueue<ThreadEvent>(take)
  const unsubscribe = subscribe('conversations.watch', { conversationId }, event => {
    // The first picture is drawn at once: opening a chat waits for no frame.
    if (useChat.getState().opening) take([event])
    else queue.push(event)
  })
  leave = () => {
    unsubscribe()
    queue.dispose()
  }
}

function take(events: ThreadEvent[]): void {
  for (const event of events) if (event.type === 'message') lookForModels(event.message.problem)
  changeNow()
  const thread = events.reduce(applyEvent, useChat.getState().thread)
  useChat.setState({ thread, opening: false })
  if (thread.removed) go({ kind: 'chat', conversationId: null }, { replace: true })
}

/** A model that was not found is still in the list the window has. */
function lookForModels(problem: ProblemInfo | null): void {
  if (problem?.code === 'model-not-found') void refreshModels()
}

interface Question {
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly model: string
  /** The message it follows; an older one makes a new version of what came after. */
  readonly parentId: string | null
  /** It stands in the composer. */
  readonly fromDraft?: boolean
}

/** Sends a question and opens the conversation it begins. @returns whether main has it on disk */
export async function sendQuestion({ text, attachments, ...asked }: Question): Promise<boolean> {
  const { conversationId } = useChat.getState()
  useChat.setState({ sendProblem: null })
  try {
    if (isTuningUnsaved()) await saveTuning()
    const tuning = conversationId === null ? { ...nextTuning(), window: window.hearth.window } : {}
    const pictures = attachments.map(({ hash, name }) => ({ hash, name }))
    const sent = await call('conversations.send', {
      ...{ conversationId, content: text, ...asked, ...tuning },
      ...(pictures.length > 0 ? { attachments: pictures } : {}),
    })
    if (conversationId === null) {
      nextBegun()
      forgetNextModel()
    }
    if (conversationId === null && useChat.getState().conversationId === null) {
      go({ kind: 'chat', conversationId: sent.conversationId })
    }
    return true
  } catch (error) {
    const sendProblem = problemFrom(error)
    lookForModels(sendProblem)
    useChat.setState({ sendProblem })
    return false
  }
}

export const clearSendProblem = () => useChat.setState({ sendProblem: null })

/** Asks for another version of an answer, of the chat's model or of the one named; the old version is kept. */
export async function regenerate({ id }: Message, model?: string): Promise<void> {
  await saveTuning()
  await call('conversations.regenerate', {
    messageId: id,
    model: model ?? modelOf(useChat.getState().conversationId).name,
  })
}

/** Whether there is an end to go on from: the last answer was stopped, interrupted or cut off. */
export function isUnfinished({ id, role, state, content, metrics }: Message): boolean {
  if (role !== 'assistant' || content === '' || useChat.getState().thread.messages.at(-1)?.id !== id) return false
  return state === 'stopped' || state === 'interrupted' || (state === 'complete' && metrics?.ended === 'length')
}

/** Goes on with an answer at its end. */
export async function continueAnswer({ id }: Message): Promise<void> {
  await saveTuning()
  await call('conversations.continue', { messageId: id, model: modelOf(useChat.getState().conversationId).name })
}

/** Deletes a message and offers to take it back. */
export async function remove({ id }: Message): Promise<void> {
  const { messageIds } = await call('conversations.deleteMessage', { messageId: id })
  const restore = async () => {
    await call('conversations.restoreMessages', { messageIds })
  }
  showToast({
    text: messageIds.length > 1 ? 'chat.versionDeleted' : 'chat.messageDeleted',
    action: { label: 'app.undo', perform: () => attempt(restore) },
  })
}

/** Stops the answer that is being written; what is there of it stays. */
export async function stopAnswer(): Promise<void> {
  const reply = replyInFlight(useChat.getState().thread.messages)
  if (reply) await call('conversations.stop', { messageId: reply.id })
}

/** Shows the next or an earlier version of a message, and what came after it. */
export async function showVersion({ id, versions }: Message, step: 1 | -1): Promise<void> {
  const messageId = versions[versions.indexOf(id) + step]
  if (messageId) await call('conversations.selectVersion', { messageId })
}

export const isAnswering = () => replyInFlight(useChat.getState().thread.messages) !== undefined
