import { z } from 'zod'
import type { Attachment, Message, Parameters, ToolCall, Wait } from '../../preload/contract.ts'
import { messageSchema, parametersSchema, toolCallSchema } from '../../preload/contract-conversations.ts'
import { mostAttachments } from '../../preload/contract-limits.ts'
import { attachmentSchema } from '../../preload/contract-parts.ts'
import type { Columns, Row } from '../database/database.ts'

/**
 * Rows become messages leniently: a value that cannot be right falls back alone. One null number must not make a chat
 * unopenable.
 */

export const messageColumns = {
  number: 'REAL',
  id: 'TEXT',
  parent_id: 'TEXT',
  role: 'TEXT',
  content: 'TEXT',
  thinking: 'TEXT',
  model: 'TEXT',
  state: 'TEXT',
  problem: 'TEXT',
  metrics: 'TEXT',
  context: 'TEXT',
  tool_calls: 'TEXT',
  tool: 'TEXT',
  created_at: 'REAL',
} as const satisfies Columns

export const attachmentColumns = {
  message_id: 'TEXT',
  hash: 'TEXT',
  name: 'TEXT',
  type: 'TEXT',
  width: 'REAL',
  height: 'REAL',
  bytes: 'REAL',
} as const satisfies Columns

export type MessageRow = Row<typeof messageColumns>

/** A message as it is stored: without what only its place in the tree or its reply in flight can tell. */
export type StoredMessage = Omit<Message, 'versions' | 'wait'>

/** Shared by the thousands of messages without pictures and calls. */
const none: Attachment[] = []
const noCalls: ToolCall[] = []

const roles = new Set<string>(messageSchema.shape.role.options)
const states = new Set<string>(messageSchema.shape.state.options)
const metricsSchema = messageSchema.shape.metrics.catch(null)
const contextSchema = messageSchema.shape.context.catch(null)
const toolSchema = messageSchema.shape.tool.catch(null)
const problemSchema = z
  .object({
    code: z.string().catch('internal'),
    message: z.string().catch(''),
    details: z.string().optional().catch(undefined),
  })
  .catch({ code: 'internal', message: '' })

/** @returns undefined for what names no picture */
export function storedAttachment({ message_id: _, ...row }: Row<typeof attachmentColumns>): Attachment | undefined {
  return attachmentSchema.safeParse(row).data
}

/** Who wrote it; of a role that is none, as the name of a model tells. */
export const roleOf = ({ role, model }: Pick<MessageRow, 'role' | 'model'>): Message['role'] =>
  known<Message['role']>(roles, role) ?? (model ? 'assistant' : 'user')

/** @returns undefined only without an id, as nothing could refer to it */
export function storedMessage(row: MessageRow): StoredMessage | undefined {
  if (!row.id) return undefined
  const state = known<Message['state']>(states, row.state) ?? 'complete'
  return {
    id: row.id,
    parentId: row.parent_id,
    role: roleOf(row),
    content: row.content ?? '',
    thinking: row.thinking ?? '',
    model: row.model ?? '',
    state,
    problem: state === 'failed' ? problemSchema.parse(parsedJson(row.problem)) : null,
    createdAt: finite(row.created_at),
    metrics: row.metrics === null ? null : metricsSchema.parse(parsedJson(row.metrics)),
    attachments: none,
    toolCalls: row.tool_calls === null ? noCalls : toolCallsOf(parsedJson(row.tool_calls)),
    tool: row.tool === null ? null : toolSchema.parse(parsedJson(row.tool)),
    context: row.context === null ? null : contextSchema.parse(parsedJson(row.context)),
  }
}

/** A message as windows see it. Field by field: spreading ten thousand of them takes ten times as long. */
export function shownMessage(message: StoredMessage, versions: string[], wait: Wait | null): Message {
  const { id, parentId, role, content, thinking, model, state, problem, createdAt, metrics, attachments } = message
  const { toolCalls, tool, context } = message
  const place = { versions, wait, toolCalls, tool, context }
  return { id, parentId, role, content, thinking, model, state, problem, createdAt, metrics, attachments, ...place }
}

/** Pictures as a message has them; one that cannot be right is left out alone, as are more than a question takes. */
export function attachmentsOf(read: unknown): Attachment[] {
  const list = Array.isArray(read) ? read.slice(0, mostAttachments) : []
  return list.flatMap(picture => attachmentSchema.safeParse(picture).data ?? [])
}

/** A call that cannot be right is left out alone. */
export function toolCallsOf(read: unknown): ToolCall[] {
  return (Array.isArray(read) ? read : []).flatMap(call => toolCallSchema.safeParse(call).data ?? [])
}

function known<T extends string>(values: ReadonlySet<string>, value: string | null): T | undefined {
  return value !== null && values.has(value) ? (value as T) : undefined
}

/** @returns null for what is no JSON */
export function parsedJson(json: string | null): unknown {
  if (json === null) return null
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

export function finite(value: number | null): number {
  return value !== null && Number.isFinite(value) ? value : 0
}

/** Parameters of a conversation, field by field: one that cannot be right is left out alone. */
export function parametersOf(read: unknown): Parameters {
  if (read === null || typeof read !== 'object') return {}
  const fields = Object.entries(parametersSchema.shape).flatMap(([name, schema]) => {
    const value = schema.safeParse((read as Record<string, unknown>)[name])
    return value.success && value.data !== undefined ? [[name, value.data]] : []
  })
  return Object.fromEntries(fields) as Parameters
}
