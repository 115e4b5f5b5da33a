import { Problem } from '../problem.ts'
import type { Conversations } from './conversations.ts'
import { documentsOf, picturesOf } from './history.ts'

/** A conversation as one text. */
export interface Transcript {
  readonly title: string
  readonly text: string
  readonly pictures: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

const speakers = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const

/**
 * The shown path of a conversation as it is now, for a model to read as a whole.
 * @throws Problem not-found; what the database throws
 */
export async function transcriptOf(conversations: Conversations, conversationId: string): Promise<Transcript> {
  const found = conversations.shown(conversationId)
  if (!found) throw new Problem('not-found', 404, 'the conversation is no longer there')
  const kept = found.messages.flatMap(({ attachments }) => attachments)
  const attached = new Map<string, Uint8Array>()
  for (const { hash } of kept) {
    const file = await conversations.attachments.read(hash)
    if (file) attached.set(hash, file.bytes)
  }
  const said = found.messages
    .filter(({ state }) => state !== 'failed')
    .map(({ role, content, attachments }) => ({ role, text: [...documentsOf(attachments, attached), content] }))
    .map(({ role, text }) => ({ role, text: text.filter(part => part.trim() !== '').join('\n\n') }))
    .filter(({ text }) => text !== '')
  return {
    title: found.conversation.title,
    text: said.map(({ role, text }) => `${speakers[role]}: ${text}`).join('\n\n'),
    pictures: picturesOf(kept, attached),
  }
}
