import type { Conversation, Message, StreamEvent } from '../../../preload/contract.ts'

/** The shown path of one conversation, root first. */
export interface Thread {
  /** As it was when the path was last sent whole; its title and state live in state/conversations.ts. */
  readonly conversation: Conversation | null
  readonly messages: readonly Message[]
  /** Messages before these are still on their way. */
  readonly incomplete: boolean
  /** Deleted, here or in another window. */
  readonly removed: boolean
}

export type ThreadEvent = StreamEvent<'conversations.watch'>

export const emptyThread: Thread = { conversation: null, messages: [], incomplete: false, removed: false }

/** The thread after an event. Messages that did not change keep their identity, so they are not drawn again. */
export function applyEvent(thread: Thread, event: ThreadEvent): Thread {
  switch (event.type) {
    case 'all': {
      const messages = keepSame(thread.messages, event.messages)
      return { ...emptyThread, conversation: event.conversation, messages }
    }
    case 'end': {
      const messages = withEnd(thread.messages, event.messages)
      return { ...emptyThread, conversation: event.conversation, messages, incomplete: true }
    }
    case 'earlier':
      return { ...thread, messages: withEarlier(thread.messages, event), incomplete: event.left > 0 }
    case 'message':
      return { ...thread, messages: replaceOrAppend(thread.messages, event.message) }
    case 'delta':
      return { ...thread, messages: append(thread.messages, event) }
    case 'removed':
      return { ...thread, removed: true }
  }
}

/** A window that has fallen behind is told the end anew: what it has before that stays until it is told that, too. */
function withEnd(before: readonly Message[], end: readonly Message[]): readonly Message[] {
  const from = before.findIndex(({ id }) => id === end[0]?.id)
  return [...before.slice(0, Math.max(0, from)), ...keepSame(before, end)]
}

function withEarlier(
  messages: readonly Message[],
  { before, messages: earlier, left }: Extract<ThreadEvent, { type: 'earlier' }>,
): readonly Message[] {
  const at = messages.findIndex(({ id }) => id === before)
  if (at < 0) return messages
  // Those that stood in their place, from an earlier telling, go; at the beginning of the chat nothing stands before.
  const from = left > 0 ? messages.findIndex(({ id }) => id === earlier[0]?.id) : 0
  const kept = messages.slice(0, Math.max(0, from))
  return [...kept, ...keepSame(messages.slice(0, at), earlier), ...messages.slice(at)]
}

function replaceOrAppend(messages: readonly Message[], message: Message): readonly Message[] {
  const index = messages.findLastIndex(({ id }) => id === message.id)
  return index < 0 ? [...messages, message] : messages.with(index, message)
}

function append(messages: readonly Message[], delta: Extract<ThreadEvent, { type: 'delta' }>): readonly Message[] {
  const index = messages.findLastIndex(({ id }) => id === delta.messageId)
  const message = messages[index]
  if (!message) return messages
  return messages.with(index, {
    ...message,
    state: 'streaming',
    wait: null,
    content: message.content + delta.content,
    thinking: message.thinking + delta.thinking,
  })
}

/** A whole picture that came again: equal messages keep the objects they have. */
function keepSame(before: readonly Message[], after: readonly Message[]): readonly Message[] {
  const known = new Map(before.map(message => [message.id, message]))
  return after.map(message => {
    const old = known.get(message.id)
    return old && same(old, message) ? old : message
  })
}

/** The small parts are compared as JSON; the texts as they are, as they may be long. */
function same(one: Message, other: Message): boolean {
  if (one.content !== other.content || one.thinking !== other.thinking) return false
  const small = ({ content: _content, thinking: _thinking, ...rest }: Message) => JSON.stringify(rest)
  return small(one) === small(other)
}

let asked: { readonly messages: readonly Message[]; readonly reply: Message | undefined } | undefined

/** The reply that is being written, if any. Looked for once in the same messages: each message that is drawn asks. */
export function replyInFlight(messages: readonly Message[]): Message | undefined {
  if (asked?.messages !== messages) {
    asked = { messages, reply: messages.findLast(({ state }) => state === 'waiting' || state === 'streaming') }
  }
  return asked.reply
}
