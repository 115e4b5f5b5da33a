import type { ChatMessage, ChatRequest, Think } from '../../inference/requests.ts'
import { withToolNames } from '../tool-names.ts'
import { convertMessage } from './content-blocks.ts'
import type { MessagesRequest } from './messages-request.ts'
import { textOf } from './text-block.ts'
import { readTool } from './tools.ts'

/**
 * What inference is asked for a request of Anthropic's clients (upstream anthropic/anthropic.go, FromMessagesRequest).
 * Beyond upstream, a schema in `output_config.format` binds the answer.
 * @throws Problem 400 for a block or tool that cannot be read, in upstream's words
 */
export function chatRequest(read: MessagesRequest): ChatRequest {
  return {
    model: read.model,
    messages: withToolNames([...systemMessage(read.system), ...(read.messages ?? []).flatMap(convertMessage)]),
    tools: read.tools?.map(readTool),
    format: schemaOf(read.output_config?.format),
    options: {
      num_predict: read.max_tokens,
      temperature: read.temperature,
      top_p: read.top_p,
      top_k: read.top_k,
      stop: read.stop_sequences?.length ? read.stop_sequences : undefined,
    },
    think: thinkOf(read),
    relaxThink: true,
  }
}

/** A text, or the texts of blocks put together without anything between them; none when there is no text. */
function systemMessage(system: unknown): ChatMessage[] {
  const content = Array.isArray(system) ? system.map(textOf).join('') : system
  return typeof content === 'string' && content !== '' ? [{ role: 'system', content }] : []
}

const levels: Readonly<Record<string, Think>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  max: 'max',
  xhigh: 'high',
}

/** Whether to think is said by `thinking`; where it is silent, `output_config.effort` says how much. */
function thinkOf({ thinking, output_config }: MessagesRequest): Think | undefined {
  if (thinking?.type === 'enabled') return true
  if (thinking?.type === 'disabled') return false
  const effort = output_config?.effort.trim().toLowerCase() ?? ''
  return Object.hasOwn(levels, effort) ? levels[effort] : undefined
}

function schemaOf(format: unknown): unknown {
  const { type, schema } = (format ?? {}) as { type?: unknown; schema?: unknown }
  return type === 'json_schema' ? schema : undefined
}
