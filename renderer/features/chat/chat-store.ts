import { create } from 'zustand'
import type { Attachment, Message, ProblemInfo } from '../../../preload/contract.ts'
import { call, problemFrom, subscribe } from '../../state/bridge.ts'
import { useConversations } from '../../state/conversations.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { problemWords } from '../../state/problem-words.ts'
import { showToast } from '../../state/toasts.ts'
import { changeNow } from '../../ui/next-drawing.ts'
import { foundAgain, leaveRemoved } from '../history/history-store.ts'
import { forgetNextModel, refreshModels } from '../models/models-store.ts'
import { modelOf } from '../models/use-model.ts'
import { forgetNextTuning, isTuningUnsaved, nextTuning, saveTuning } from '../tuning/tuning-store.ts'
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
  const { conversationId, opening, thread: before } = useChat.getState()
  const thread = events.reduce(applyEvent, before)
  useChat.setState({ thread, opening: false })
  if (conversationId === null) return
  if (thread.removed) leaveRemoved(conversationId)
  else if (opening) foundAgain(conversationId)
}

/** A model that was not found is still in the list the window has. */
function lookForModels(problem: ProblemInfo | null): void {
  if (problem?.code === 'model-not-found') void refreshModels()
}

interface Question {
  /** Where it is asked; null begins a chat. */
  readonly conversationId: string | null
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly model: string
  /** The message it follows; an older one makes a new version of what came after. */
  readonly parentId: string | null
  /** It stands in the composer, or in the box of the question that is edited. */
  readonly fromDraft?: boolean
  readonly editedId?: string
}

/**
 * Sends a question and opens the conversation it begins. The person may have gone elsewhere while it waited its turn.
 * @returns whether main has it on disk
 */
export async function sendQuestion({ text, attachments, ...asked }: Question): Promise<boolean> {
  const { conversationId } = asked
  const isOpen = () => useChat.getState().conversationId === conversationId
  if (isOpen()) clearSendProblem()
  try {
    if (isTuningUnsaved()) await saveTuning()
    const tuning = conversationId === null ? { ...nextTuning(), window: window.hearth.window } : {}
    const pictures = attachments.map(({ hash, name }) => ({ hash, name }))
    const sent = await call('conversations.send', {
      content: text,
      ...asked,
      ...tuning,
      ...(pictures.length > 0 ? { attachments: pictures } : {}),
    })
    if (conversationId === null) {
      forgetNextModel()
      if (!asked.fromDraft) forgetNextTuning()
    }
    if (conversationId === null && isOpen()) {
      go({ kind: 'chat', conversationId: sent.conversationId })
    }
    return true
  } catch (error) {
    const sendProblem = problemFrom(error)
    lookForModels(sendProblem)
    if (isOpen()) useChat.setState({ sendProblem })
    else showToast({ text: problemWords(sendProblem).title })
    return false
  }
}

export const clearSendProblem = () => useChat.setState({ sendProblem: null })

/**
 * Asks for another version of an answer, of the chat's model or of the one named, the old version is kept; or for an answer
 * to a question.
 */
export async function regenerate({ id }: Message, model?: string): Promise<void> {
  await saveTuning()
  await call('conversations.regenerate', {
    messageId: id,
    model: model ?? modelOf(useChat.getState().conversationId).name,
  })
}

/** Whether nothing stands below it. */
export const isLast = ({ id }: Pick<Message, 'id'>): boolean => useChat.getState().thread.messages.at(-1)?.id === id

/** Whether there is an end to go on from: the last answer was stopped, interrupted or cut off, or it failed midway. */
export function isUnfinished({ id, role, state, content, metrics }: Message): boolean {
  if (role !== 'assistant' || content.trim() === '') return false
  if (!isLast({ id })) return false
  return brokenOff.has(state) || (state === 'complete' && metrics?.ended === 'length')
}

const brokenOff = new Set<Message['state']>(['stopped', 'interrupted', 'failed'])

/** Goes on with an answer at its end, with the chat's model or the one named. */
export async function continueAnswer({ id }: Message, model?: string): Promise<void> {
  await saveTuning()
  await call('conversations.continue', {
    messageId: id,
    model: model ?? modelOf(useChat.getState().conversationId).name,
  })
}

/** Whether the question of an answer was deleted. One that is still on its way to this window is not. */
export function hasLostQuestion({ parentId }: Message): boolean {
  const { messages, incomplete } = useChat.getState().thread
  const question = messages.find(({ id }) => id === parentId)
  return question ? question.role !== 'user' && question.role !== 'tool' : !incomplete
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
    about: messageIds[0],
  })
}

/** Stops the answer that is being written, in sight or not; what is there of it stays. */
export async function stopAnswer(): Promise<void> {
  const messageId = seen() ?? told()
  if (messageId) await call('conversations.stop', { messageId })
}

/** Shows the next or an earlier version of a message, and what came after it. */
export async function showVersion({ id, versions }: Message, step: 1 | -1): Promise<void> {
  const messageId = versions[versions.indexOf(id) + step]
  if (messageId) await call('conversations.selectVersion', { messageId })
}

/** What main says is being written in the open chat: also in a version that is not shown. */
const told = (conversationId = useChat.getState().conversationId): string | null =>
  useConversations.getState().conversations?.find(({ id }) => id === conversationId)?.answering ?? null

function useTold(): string | null {
  const conversationId = useChat(state => state.conversationId)
  return useConversations(() => told(conversationId))
}

const seen = (): string | null => replyInFlight(useChat.getState().thread.messages)?.id ?? null

/** Whether an answer is being written in the open chat, in sight or not. */
export const isAnswering = () => (seen() ?? told()) !== null

/** The same, for what is drawn anew when that changes. */
export function useAnswering(): boolean {
  const isTold = useTold() !== null
  return useChat(() => seen() !== null) || isTold
}

/** The answer that is being written in a version of the open chat that is not shown. */
export function useHiddenAnswer(): string | null {
  const writing = useTold()
  const known = useChat(({ opening, thread }) => opening || thread.messages.some(({ id }) => id === writing))
  return known ? null : writing
}

/** Brings it into sight. */
export const showAnswer = (messageId: string) => call('conversations.selectVersion', { messageId })
