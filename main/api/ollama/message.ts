import { inWrittenOrder } from '../../go/json/key-order.ts'
import {
  anyInOrder,
  bytes,
  type GoType,
  type Infer,
  int,
  nested,
  orderedMap,
  slice,
  string,
  struct,
} from '../../go/json/types.ts'
import type { ChatMessage, Logprob, ToolCall } from '../../inference/requests.ts'

/** Pictures or sound, nil where one is null (upstream api/types.go, ImageData). */
export const images = slice(bytes('api.ImageData'))

const toolCall = struct('ToolCall', {
  id: string,
  function: struct('ToolCallFunction', { index: int, name: string, arguments: orderedMap(anyInOrder) }),
})

/** One message of a conversation. Upstream reads it through a type of its own, whose name its errors show. */
export const message = nested(
  struct('Alias', {
    role: string,
    content: string,
    thinking: string,
    images,
    tool_calls: slice(toolCall),
    tool_name: string,
    tool_call_id: string,
  }),
)

export const messages: GoType<Infer<typeof message>[] | undefined> = slice(message, '[]api.Message')

/** A message as inference wants it; the role in lower case, what is empty left out. */
export function chatMessage(read: Infer<typeof message>): ChatMessage {
  return {
    role: read.role.toLowerCase(),
    content: read.content,
    ...(read.thinking ? { thinking: read.thinking } : {}),
    ...(read.images?.length ? { images: read.images.map(image => image ?? new Uint8Array()) } : {}),
    ...(read.tool_calls?.length ? { toolCalls: read.tool_calls.map(readToolCall) } : {}),
    ...(read.tool_name ? { toolName: read.tool_name } : {}),
    ...(read.tool_call_id ? { toolCallId: read.tool_call_id } : {}),
  }
}

const readToolCall = (call: Infer<typeof toolCall>): ToolCall => ({
  ...(call.id ? { id: call.id } : {}),
  function: call.function,
})

/** Tool calls as an answer lists them. */
export function toolCallsJson(calls: readonly ToolCall[]): object[] {
  return calls.map(call => ({
    id: call.id || undefined,
    function: {
      index: call.function.index ?? 0,
      name: call.function.name,
      arguments: inWrittenOrder(call.function.arguments),
    },
  }))
}

/** Log probabilities as an answer lists them. */
export function logprobsJson(logprobs: readonly Logprob[] | undefined): object[] | undefined {
  if (!logprobs?.length) return undefined
  return logprobs.map(({ topLogprobs, ...token }) => ({
    ...tokenJson(token),
    top_logprobs: topLogprobs?.length ? topLogprobs.map(tokenJson) : undefined,
  }))
}

const tokenJson = ({ token, logprob, bytes }: Omit<Logprob, 'topLogprobs'>): object => ({
  token,
  logprob,
  bytes: bytes.length > 0 ? bytes : undefined,
})
