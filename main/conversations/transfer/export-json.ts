import type { Folder } from '../../../preload/contract.ts'
import type { StoredMessage } from '../rows.ts'
import type { StoredConversation } from '../store.ts'
import { type ChatRecord, format, formatVersion, type MessageRecord } from './format.ts'
import type { ChatSource } from './source.ts'

/**
 * Chats as a file in the form of format.ts, a piece at a time.
 * @param now milliseconds since 1970
 */
export async function* jsonOf(source: ChatSource, now: number): AsyncGenerator<string> {
  yield `{"format":"${format}","formatVersion":${formatVersion},"exportedAt":${now},"records":[`
  let comma = ''
  /** Hashes of the pictures that are in the file already. */
  const written = new Set<string>()
  const line = (record: ChatRecord) => {
    const text = `${comma}\n${JSON.stringify(record)}`
    comma = ','
    return text
  }
  for (const folder of source.folders) yield line(folderRecord(folder))
  for (const id of source.ids) {
    const conversation = await source.conversation(id)
    if (!conversation) continue
    yield line(conversationRecord(conversation))
    for await (const messages of source.messages(id)) {
      for (const { hash } of messages.flatMap(message => message.attachments)) {
        if (written.has(hash)) continue
        written.add(hash)
        const bytes = await source.picture(id, hash)
        if (bytes) yield line({ type: 'attachment', hash, data: Buffer.from(bytes).toString('base64') })
      }
      yield messages.map(message => line(messageRecord(message, id))).join('')
    }
  }
  yield '\n]}\n'
}

const folderRecord = ({ id, name }: Folder): ChatRecord => ({ type: 'folder', id, name })

function conversationRecord(conversation: StoredConversation): ChatRecord {
  const { id, title, model, createdAt, updatedAt, activeLeaf, pinned, folderId, system, parameters } = conversation
  return {
    type: 'conversation',
    id,
    title,
    model,
    createdAt,
    updatedAt,
    activeLeaf,
    pinned,
    folderId,
    system,
    parameters,
  }
}

function messageRecord(message: StoredMessage, conversationId: string): MessageRecord {
  const { id, parentId, role, content, thinking, model, createdAt, problem, metrics } = message
  const { context, toolCalls, tool, attachments } = message
  const state = message.state === 'waiting' || message.state === 'streaming' ? 'interrupted' : message.state
  return {
    type: 'message',
    id,
    conversationId,
    parentId,
    role,
    content,
    thinking,
    state,
    model,
    createdAt,
    problem,
    metrics,
    context,
    toolCalls,
    tool,
    attachments,
  }
}
