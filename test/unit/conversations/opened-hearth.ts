import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Database } from '../../../main/database/database.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { type Message, type StreamEvent, streams } from '../../../preload/contract.ts'
import { ScriptedInference } from './scripted-inference.ts'
import { temporaryHome } from './temporary-home.ts'

export const model = 'tiny'

/** What a window does with the events of a conversation: it must always show what main has. */
export class Shown {
  messages: Message[] = []
  removed = false
  readonly events: StreamEvent<'conversations.watch'>[] = []
  readonly take = (event: StreamEvent<'conversations.watch'>): void => {
    expect(streams['conversations.watch'].event.safeParse(event).error).toBeUndefined()
    this.events.push(event)
    this.removed = event.type === 'removed'
    if (event.type === 'all' || event.type === 'end') this.messages = event.messages
    if (event.type === 'earlier') {
      expect(event.before, 'a piece that does not fit').toBe(this.messages[0]?.id)
      this.messages = [...event.messages, ...this.messages]
    }
    if (event.type === 'message') this.#put(event.message)
    if (event.type === 'delta') {
      const old = this.messages.find(({ id }) => id === event.messageId)
      expect(old, 'a delta of a message that is not shown').toBeDefined()
      this.#put({
        ...(old as Message),
        content: old?.content + event.content,
        thinking: old?.thinking + event.thinking,
      })
    }
  }
  get texts(): string[] {
    return this.messages.map(({ content }) => content)
  }
  get last(): Message | undefined {
    return this.messages.at(-1)
  }
  #put(message: Message): void {
    const index = this.messages.findIndex(({ id }) => id === message.id)
    if (index === -1) expect(message.parentId).toBe(this.last?.id ?? null)
    this.messages = index === -1 ? [...this.messages, message] : this.messages.with(index, message)
  }
}

/** Conversations in a home of their own, with a model that says what the test tells it to. */
export async function hearth(home = temporaryHome(), now?: () => number, modelTitles?: () => boolean) {
  const inference = new ScriptedInference()
  const notices = new Notices()
  const conversations = await Conversations.open({ home, inference, notices, now, modelTitles })
  onTestFinished(() => conversations.close())
  const list = new Map<string, StreamEvent<'conversations.list'> & { type: 'changed' }>()
  conversations.watchList(event => {
    expect(streams['conversations.list'].event.safeParse(event).error).toBeUndefined()
    if (event.type === 'all') {
      list.clear()
      for (const conversation of event.conversations) list.set(conversation.id, { type: 'changed', conversation })
    }
    if (event.type === 'changed') list.set(event.conversation.id, event)
    if (event.type === 'removed') list.delete(event.conversationId)
  })
  const listed = () => [...list.values()].map(({ conversation }) => conversation)
  const ask = (
    content: string,
    conversationId: string | null = null,
    parentId: string | null = null,
    editedId?: string,
  ) => conversations.send({ conversationId, parentId, content, model, editedId })
  const watch = (conversationId: string) => {
    const shown = new Shown()
    conversations.watch(conversationId, shown.take)
    return shown
  }
  return { home, inference, notices, conversations, listed, ask, watch }
}

/** What lies in the file, seen by another connection. */
export function onDisk(home: string) {
  const database = Database.openPlain(join(home, 'conversations.db'))
  const rows = database.rows(
    { role: 'TEXT', content: 'TEXT', state: 'TEXT', parts: 'TEXT' } as const,
    `FROM (SELECT number, role, content, state,
       (SELECT group_concat(content, '' ORDER BY part) FROM reply_parts WHERE message_id = messages.id) AS parts FROM messages)
     ORDER BY number`,
  )
  database.close()
  return rows
}
