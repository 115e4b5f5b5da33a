import { parseInOrder } from '../../go/json/key-order.ts'
import { goTypeName } from '../../go/json/type-name.ts'
import { any, bool, float64, type Infer, int, pointer, slice, string, struct } from '../../go/json/types.ts'
import type { ChatMessage, ChatRequest, ToolCall } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { readTool, tool } from '../ollama/tools.ts'
import { contentParts } from './content-parts.ts'
import { thinkOfEffort } from './reasoning-effort.ts'

const calledFunction = struct(
  '',
  { name: string, arguments: string },
  String.raw`struct { Name string "json:\"name\""; Arguments string "json:\"arguments\"" }`,
)

const toolCall = struct(
  'ToolCall',
  { id: string, index: int, type: string, function: calledFunction },
  'openai.ToolCall',
)

const message = struct(
  'Message',
  {
    role: string,
    content: any,
    reasoning: string,
    tool_calls: slice(toolCall),
    name: string,
    tool_call_id: string,
  },
  'openai.Message',
)

export const streamOptions = pointer(struct('StreamOptions', { include_usage: bool }, 'openai.StreamOptions'))

/** What is read of a request (upstream openai/openai.go, ChatCompletionRequest); all else has no effect. */
export const chatCompletionRequest = struct(
  'ChatCompletionRequest',
  {
    model: string,
    messages: slice(message),
    stream: bool,
    stream_options: streamOptions,
    max_tokens: pointer(int),
    seed: pointer(int),
    stop: any,
    temperature: pointer(float64),
    frequency_penalty: pointer(float64),
    presence_penalty: pointer(float64),
    top_p: pointer(float64),
    response_format: pointer(
      struct(
        'ResponseFormat',
        { type: string, json_schema: pointer(struct('JsonSchema', { schema: any }, 'openai.JsonSchema')) },
        'openai.ResponseFormat',
      ),
    ),
    tools: slice(tool),
    reasoning: pointer(struct('Reasoning', { effort: string }, 'openai.Reasoning')),
    reasoning_effort: pointer(string),
    logprobs: pointer(bool),
    top_logprobs: int,
    _debug_render_only: bool,
  },
  'openai.ChatCompletionRequest',
)

export type ChatCompletionRequest = Infer<typeof chatCompletionRequest>

type Message = Infer<typeof message>

/**
 * The request as inference wants it.
 * @throws Problem 400 in upstream's words
 */
export function chatRequest(read: ChatCompletionRequest): ChatRequest {
  if (!read.messages?.length) throw invalid("[] is too short - 'messages'")
  const messages = read.messages.flatMap(message => nativeMessages(message, read.messages!))
  return {
    model: read.model,
    messages,
    tools: read.tools?.map(readTool),
    format: formatOf(read.response_format),
    think: thinkOfEffort(read.reasoning ? read.reasoning.effort : (read.reasoning_effort ?? '')),
    options: optionsOf(read),
    logprobs: read.logprobs,
    topLogprobs: read.top_logprobs,
    debugRenderOnly: read._debug_render_only,
  }
}

/** Each part of a message's content is a message of its own; what belongs to the whole goes with the last. */
function nativeMessages(message: Message, all: readonly Message[]): ChatMessage[] {
  const role = message.role.toLowerCase()
  const toolName = role === 'tool' ? message.name || calledName(all, message.tool_call_id) : ''
  const belongings = {
    ...(message.reasoning ? { thinking: message.reasoning } : {}),
    ...(message.tool_calls?.length ? { toolCalls: message.tool_calls.map(nativeCall) } : {}),
    ...(toolName ? { toolName } : {}),
    ...(message.tool_call_id ? { toolCallId: message.tool_call_id } : {}),
  }
  const { content } = message
  if (typeof content === 'string') return [{ role, content, ...belongings }]
  if (Array.isArray(content)) {
    const parts: ChatMessage[] = contentParts(content).map(part => ({ role, ...part }))
    const last = parts.pop()
    if (last) return [...parts, { ...last, ...belongings }]
    return Object.keys(belongings).length > 0 ? [{ role, content: '', ...belongings }] : []
  }
  if (!message.tool_calls) throw invalid(`invalid message content type: ${goTypeName(content)}`)
  return [{ role, content: '', ...belongings }]
}

/** The name of the last function that was called under this id. */
function calledName(messages: readonly Message[], id: string): string {
  if (id === '') return ''
  const calls = messages.flatMap(message => message.tool_calls ?? [])
  return calls.findLast(call => call.id === id)?.function.name ?? ''
}

function nativeCall({ id, index, function: { name, arguments: text } }: Infer<typeof toolCall>): ToolCall {
  return { ...(id ? { id } : {}), function: { index, name, arguments: argumentsOf(text) } }
}

function argumentsOf(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parseInOrder(text)
  } catch {
    throw invalid('invalid tool call arguments')
  }
  if (typeof value === 'object' && !Array.isArray(value)) return (value ?? {}) as Record<string, unknown>
  throw invalid('invalid tool call arguments')
}

function formatOf(format: ChatCompletionRequest['response_format']): unknown {
  switch (format?.type.trim().toLowerCase()) {
    case 'json_object':
      return 'json'
    case 'json_schema':
      return format?.json_schema?.schema
    default:
      return undefined
  }
}

/** Temperature and top_p are 1 unless the request says otherwise, whatever the model's own parameters are. */
function optionsOf(read: ChatCompletionRequest): Record<string, unknown> {
  return {
    stop: stopsOf(read.stop),
    num_predict: read.max_tokens,
    temperature: read.temperature ?? 1,
    seed: read.seed,
    frequency_penalty: read.frequency_penalty,
    presence_penalty: read.presence_penalty,
    top_p: read.top_p ?? 1,
  }
}

/** An empty list leaves the model its own stops: in Go it is nil, and options that are null are passed over. */
function stopsOf(stop: unknown): string[] | undefined {
  if (typeof stop === 'string') return [stop]
  const stops = Array.isArray(stop) ? stop.filter(item => typeof item === 'string') : []
  return stops.length > 0 ? stops : undefined
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
