import { z } from 'zod'
import { messageSchema, parametersSchema } from '../../../preload/contract-conversations.ts'
import { attachmentSchema } from '../../../preload/contract-parts.ts'
import { attachmentsOf, parametersOf, toolCallsOf } from '../rows.ts'

/**
 * Chats as a JSON file, version 1:
 *
 *     {"format":"hearth-chats","formatVersion":1,"exportedAt":1795261464000,"records":[
 *     {"type":"folder","id":"…","name":"Work"},
 *     {"type":"conversation","id":"…","title":"…", …},
 *     {"type":"message","id":"…","conversationId":"…","parentId":null,"role":"user","content":"…", …}
 *     ]}
 *
 * Records stand in one flat list, each on a line of its own, so that a file of any size is written and read one record
 * at a time, and damage hides only the record it is in. A folder comes before the conversations in it, a conversation
 * before its messages, a message before those that answer it. Messages are a tree by `parentId`; siblings of one role
 * are versions, the oldest first; `activeLeaf` is the last message of the path that is shown.
 *
 * Ids are UUIDs in lower case and stay what they are for ever: by them an import knows what is there already. Times are
 * milliseconds since 1970.
 *
 * A picture is a record of its own (`type: "attachment"`), once, before the messages that name it by its hash.
 *
 * A reader ignores fields and types of records it does not know, so more of both needs no new version. The version
 * rises when a file would be misread by who knows only the one before.
 */
export const format = 'hearth-chats'
export const formatVersion = 1

/** Bytes of the longest record that is read; a question has at most a third of this. */
export const longestRecord = 32 * 1024 * 1024

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
/** Until the end of the year 9999: what every calendar can show. */
const time = z.number().min(0).max(253_402_300_799_999).transform(Math.round)

export const headSchema = z.object({
  format: z.literal(format),
  formatVersion: z.number().int().positive(),
  records: z.array(z.unknown()),
})

const folder = z.object({
  type: z.literal('folder'),
  id,
  name: z.string(),
})

const conversation = z.object({
  type: z.literal('conversation'),
  id,
  title: z.string(),
  model: z.string(),
  createdAt: time,
  updatedAt: time,
  activeLeaf: id.nullable(),
  pinned: z.boolean(),
  folderId: id.nullable(),
  system: z.string(),
  parameters: parametersSchema,
})

const attachment = z.object({
  type: z.literal('attachment'),
  hash: attachmentSchema.shape.hash,
  /** The picture's bytes, in Base64. */
  data: z.string(),
})

const message = z.object({
  type: z.literal('message'),
  id,
  conversationId: id,
  parentId: id.nullable(),
  role: messageSchema.shape.role,
  content: z.string(),
  thinking: z.string(),
  /** Of a reply that was being written: interrupted. */
  state: z.enum(['complete', 'stopped', 'interrupted', 'failed']),
  model: z.string(),
  createdAt: time,
  problem: messageSchema.shape.problem,
  metrics: messageSchema.shape.metrics,
  context: messageSchema.shape.context,
  toolCalls: messageSchema.shape.toolCalls,
  tool: messageSchema.shape.tool,
  attachments: messageSchema.shape.attachments,
})

const recordSchema = z.discriminatedUnion('type', [folder, conversation, attachment, message])

export type FolderRecord = z.output<typeof folder>
export type ConversationRecord = z.output<typeof conversation>
export type AttachmentRecord = z.output<typeof attachment>
export type MessageRecord = z.output<typeof message>
export type ChatRecord = z.output<typeof recordSchema>

/** Most of what a record of ours may hold; the contract has the same limits. */
const text = (most: number) =>
  z
    .string()
    .transform(value => value.slice(0, most))
    .catch('')

/**
 * A record leniently: a field that cannot be right falls back alone. Only what nothing could stand for, ids and the
 * text of a message, makes the record unreadable.
 * @param now stands for times that are none
 */
export const lenientRecordSchema = (now: number) =>
  z.discriminatedUnion('type', [
    folder.extend({ name: text(100) }),
    conversation.extend({
      title: text(200),
      model: text(500),
      createdAt: time.catch(now),
      updatedAt: time.catch(now),
      activeLeaf: id.nullable().catch(null),
      pinned: z.boolean().catch(false),
      folderId: id.nullable().catch(null),
      system: text(200_000),
      parameters: z.unknown().transform(parametersOf),
    }),
    attachment,
    message.extend({
      parentId: id.nullable().catch(null),
      role: messageSchema.shape.role.catch('user'),
      thinking: z.string().catch(''),
      state: message.shape.state.catch('complete'),
      model: text(500),
      createdAt: time.catch(now),
      problem: messageSchema.shape.problem.catch(null),
      metrics: messageSchema.shape.metrics.catch(null),
      context: messageSchema.shape.context.catch(null),
      toolCalls: z.array(z.unknown()).catch([]).transform(toolCallsOf),
      tool: messageSchema.shape.tool.catch(null),
      attachments: z.array(z.unknown()).catch([]).transform(attachmentsOf),
    }),
  ])
