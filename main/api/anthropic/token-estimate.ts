import { goJson } from '../../go/text.ts'
import type { ContentBlock, MessagesRequest } from './messages-request.ts'

/**
 * About how many tokens a request's prompt has: a quarter of its bytes. `message_start` tells it, before the model has
 * counted (upstream anthropic/anthropic.go, EstimateInputTokens).
 */
export function estimateTokens({ system, messages, tools }: MessagesRequest): number {
  const bytes =
    systemBytes(system) +
    sum(messages ?? [], ({ role, content }) => Buffer.byteLength(role) + sum(content ?? [], blockBytes)) +
    sum(tools ?? [], tool => Buffer.byteLength(tool.name + tool.description + (tool.input_schema ?? '')))
  return Math.max(1, Math.floor(bytes / 4))
}

function systemBytes(system: unknown): number {
  if (system === undefined) return 0
  if (typeof system === 'string') return Buffer.byteLength(system)
  return Array.isArray(system) ? sum(system, jsonBlockBytes) : Buffer.byteLength(goJson(system))
}

function jsonBlockBytes(block: unknown): number {
  const { text, thinking } = (block ?? {}) as { text?: unknown; thinking?: unknown }
  return sum([text, thinking], value => (typeof value === 'string' ? Buffer.byteLength(value) : 0))
}

function blockBytes(block: ContentBlock): number {
  const whole = block.type === 'tool_use' || block.type === 'tool_result' ? Buffer.byteLength(blockJson(block)) : 0
  return jsonBlockBytes(block) + whole
}

/** A block with what it carries, as it was sent. */
const blockJson = ({ type, id, name, input, tool_use_id, content }: ContentBlock): string =>
  goJson({
    type,
    id: id || undefined,
    name: name || undefined,
    input: type === 'tool_use' ? input : undefined,
    tool_use_id: tool_use_id || undefined,
    content,
  })

const sum = <T>(items: readonly T[], bytes: (item: T) => number): number =>
  items.reduce((total, item) => total + bytes(item), 0)
