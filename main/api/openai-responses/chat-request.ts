import { anyInOrder, decodeGoJson, orderedMap } from '../../go/json/types.ts'
import type { ChatMessage, ChatRequest, ToolCall } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { decodeImageUrl } from '../openai/image-url.ts'
import { thinkOfEffort } from '../openai/reasoning-effort.ts'
import { withToolNames } from '../tool-names.ts'
import type { InputContent, InputItem } from './input-items.ts'
import type { ResponsesRequest } from './responses-request.ts'
import { readTool } from './tools.ts'

/**
 * What inference is asked for a request of the Responses API (upstream openai/responses.go, FromResponsesRequest).
 * Beyond upstream, the format `json_object` is obeyed.
 * @throws Problem 400 for what cannot be read, in upstream's words
 */
export function chatRequest(read: ResponsesRequest): ChatRequest {
  const said: ChatMessage[] = read.instructions ? [{ role: 'system', content: read.instructions }] : []
  return {
    model: read.model,
    messages: typeof read.input === 'string' ? withText(said, read.input) : withToolNames(withItems(said, read.input)),
    think: thinkOfEffort(read.reasoning.effort),
    tools: read.tools?.flatMap(readTool),
    format: formatOf(read.text?.format),
    options: {
      temperature: read.temperature ?? 1,
      top_p: read.top_p,
      num_predict: read.max_output_tokens,
    },
  }
}

const withText = (said: ChatMessage[], content: string): ChatMessage[] =>
  content === '' ? said : [...said, { role: 'user', content }]

/**
 * Items as messages: calls join the assistant's message they follow, and reasoning the assistant's next message. A text
 * between a call and its output joins the call, so that a result follows what asked for it.
 */
function withItems(said: ChatMessage[], items: readonly InputItem[]): ChatMessage[] {
  const messages = [...said]
  let thinking = ''
  /** Appends a message of the assistant, or puts it in the place of the last one; either takes the reasoning so far. */
  const assistant = (message: ChatMessage, instead = false): void => {
    if (instead) messages.pop()
    messages.push(thinking ? { ...message, thinking } : message)
    thinking = ''
  }
  for (const [index, item] of items.entries()) {
    const last = messages.at(-1)
    if (item.type === 'reasoning') thinking = item.text
    else if (item.type === 'function-output') {
      messages.push({ role: 'tool', toolCallId: item.callId, ...spoken(item.output) })
    } else if (item.type === 'function-call') {
      const toolCalls = [toolCall(item)]
      if (last?.role !== 'assistant') assistant({ role: 'assistant', content: '', toolCalls })
      else assistant({ ...last, toolCalls: [...(last.toolCalls ?? []), ...toolCalls] }, true)
    } else if (item.type === 'message') {
      const role = item.role.toLowerCase()
      const message = { role, ...spoken(item.content) }
      if (role !== 'assistant') messages.push(message)
      else if (last && asksFor(last, items[index + 1])) assistant(joined(last, message), true)
      else assistant(message)
    }
  }
  if (thinking) assistant({ role: 'assistant', content: '' })
  return messages
}

const asksFor = ({ role, toolCalls }: ChatMessage, next: InputItem | undefined): boolean =>
  role === 'assistant' && next?.type === 'function-output' && !!toolCalls?.some(({ id }) => id === next.callId)

function joined(before: ChatMessage, after: ChatMessage): ChatMessage {
  const images = [...(before.images ?? []), ...(after.images ?? [])]
  return {
    ...before,
    content: [before.content, after.content].filter(text => text !== '').join('\n'),
    ...(images.length > 0 ? { images } : {}),
  }
}

function spoken(parts: readonly InputContent[]): { content: string; images?: Uint8Array[] } {
  if (parts.some(part => part.type === 'file')) throw invalid('file inputs are not currently supported')
  const content = parts.map(part => (part.type === 'text' ? part.text : '')).join('')
  const images = parts.flatMap(part => (part.type === 'image' && part.url ? [decodeImageUrl(part.url)] : []))
  return images.length > 0 ? { content, images } : { content }
}

const callArguments = orderedMap(anyInOrder)

function toolCall({ callId, name, arguments: text }: Extract<InputItem, { type: 'function-call' }>): ToolCall {
  try {
    const args = text === '' ? {} : decodeGoJson(callArguments, Buffer.from(text))
    if (args === undefined) throw invalid('unexpected end of JSON input')
    return { id: callId, function: { name, arguments: args } }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalid(`failed to parse function call arguments: ${error.message}`)
  }
}

function formatOf(format: NonNullable<ResponsesRequest['text']>['format']): unknown {
  if (format?.type === 'json_object') return 'json'
  return format?.type === 'json_schema' && format.schema ? JSON.parse(format.schema) : undefined
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
