import type { Attachment } from '../../preload/contract.ts'
import { framedDocument, isDocumentFile } from '../attachments/document.ts'
import type { ChatMessage } from '../inference/requests.ts'
import type { StoredMessage } from './rows.ts'

/** What a model reads, and which messages of the conversation it comes from. */
export interface History {
  readonly messages: readonly ChatMessage[]
  /**
   * Of each message but the system prompts', in order: the id of the first message of the conversation that is in it.
   */
  readonly origins: readonly string[]
}

/**
 * What the model gets to read: the messages of the path in order, those too that broke off, as the person sees them.
 * Left out are replies that say nothing, and the thinking of all replies, which models are not trained to see again.
 * What then stands in a row from one side is joined, and a reply whose question was deleted follows an empty one, as
 * templates that demand turns refuse it otherwise (as upstream template/template.go does for its templates); calls of
 * tools and their results stay as they are.
 * @param system comes before them all
 * @param attached bytes of pictures and documents by hash; what is not among them is left out
 */
export function historyOf(path: readonly StoredMessage[], system = '', attached: Attached = new Map()): History {
  const messages: Turn[] = system.trim() === '' ? [] : [{ role: 'system', content: system }]
  const origins: string[] = []
  for (const message of path) {
    const { role, content, toolCalls } = message
    if (role === 'assistant' && content.trim() === '' && toolCalls.length === 0) continue
    if (role === 'assistant' && origins.length === 0) {
      messages.push({ role: 'user', content: '' })
      origins.push(message.id)
    }
    const turn = turnOf(message, attached)
    const before = messages.at(-1)
    if (before?.role === role && role !== 'tool' && !turn.toolCalls && !before.toolCalls) {
      before.content += `\n\n${turn.content}`
      if (turn.images) before.images = [...(before.images ?? []), ...turn.images]
      continue
    }
    messages.push(turn)
    if (role !== 'system') origins.push(message.id)
  }
  return { messages, origins }
}

type Attached = ReadonlyMap<Attachment['hash'], Uint8Array>

type Turn = Omit<ChatMessage, 'content' | 'images'> & { content: string; images?: readonly Uint8Array[] }

function turnOf({ role, content, attachments, toolCalls, tool }: StoredMessage, attached: Attached): Turn {
  const images = picturesOf(attachments, attached).map(({ bytes }) => bytes)
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    ...(id === '' ? {} : { id }),
    function: { name, arguments: given },
  }))
  return {
    role,
    content: [...documentsOf(attachments, attached), content].filter(part => part !== '').join('\n\n'),
    ...(images.length > 0 ? { images } : {}),
    ...(calls.length > 0 ? { toolCalls: calls } : {}),
    ...(tool ? { toolName: tool.name, ...(tool.callId === '' ? {} : { toolCallId: tool.callId }) } : {}),
  }
}

/** What a question's documents say, each in its frame. */
export function documentsOf(attachments: readonly Attachment[], attached: Attached): string[] {
  const files = bytesOf(attachments, attached)
  return files.filter(({ bytes }) => isDocumentFile(bytes)).map(({ name, bytes }) => framedDocument(name, bytes))
}

/** Its pictures, by their bytes: an imported message may call a text a picture, which no engine is to decode. */
export function picturesOf(attachments: readonly Attachment[], attached: Attached) {
  return bytesOf(attachments, attached).filter(({ bytes }) => !isDocumentFile(bytes))
}

/** Those that are there. */
function bytesOf(attachments: readonly Attachment[], attached: Attached) {
  return attachments.flatMap(({ hash, name }) => {
    const bytes = attached.get(hash)
    return bytes ? [{ name, bytes }] : []
  })
}
