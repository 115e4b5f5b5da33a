import { Problem } from '../problem.ts'
import type { Conversations } from './conversations.ts'

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
  const said = found.messages.filter(({ content, state }) => content.trim() !== '' && state !== 'failed')
  const pictures = found.messages.flatMap(({ attachments }) => attachments)
  const read = await Promise.all(
    pictures.map(async ({ hash, name }) => ({ name, picture: await conversations.attachments.read(hash) })),
  )
  return {
    title: found.conversation.title,
    text: said.map(({ role, content }) => `${speakers[role]}: ${content}`).join('\n\n'),
    pictures: read.flatMap(({ name, picture }) => (picture ? [{ name, bytes: picture.bytes }] : [])),
  }
}
