import { decodeBase64 } from '../../go/json/base64.ts'
import { goMapJson } from '../../go/text.ts'
import type { ChatMessage, ToolCall } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import type { ContentBlock, MessageParam } from './messages-request.ts'
import { textOf } from './text-block.ts'

/**
 * One message of Anthropic's as the messages that say the same to a model: results of tools are messages of their own,
 * before what a person adds to them, but after what anyone else says. Blocks of unknown types are skipped (upstream
 * anthropic/anthropic.go, convertMessage).
 * @throws Problem 400 for a block that lacks what it needs
 */
export function convertMessage({ role: sentRole, content }: MessageParam): ChatMessage[] {
  const role = sentRole.toLowerCase()
  const blocks = content ?? []
  const text = blocks.map(block => (block.type === 'text' ? (block.text ?? '') : '')).join('')
  const images = blocks.filter(block => block.type === 'image').map(block => picture(block.source))
  const toolCalls = blocks.filter(block => callTypes.has(block.type)).map(toolCall)
  const thinking = blocks.findLast(block => block.type === 'thinking' && block.thinking !== undefined)?.thinking
  const results = blocks.flatMap(block => toolResult(block) ?? [])

  const message: ChatMessage = {
    role,
    content: text,
    ...(images.length > 0 ? { images } : {}),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    ...(thinking ? { thinking } : {}),
  }
  const said = text || images.length > 0 || toolCalls.length > 0 || thinking ? [message] : []
  return role === 'user' ? [...results, ...said] : [...said, ...results]
}

const callTypes: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use'])

function toolCall({ type, id, name, input }: ContentBlock): ToolCall {
  if (type === 'tool_use') {
    if (id === '') throw invalid("tool_use block missing required 'id' field")
    if (name === '') throw invalid("tool_use block missing required 'name' field")
  }
  return { id, function: { name, arguments: input } }
}

function toolResult(block: ContentBlock): ChatMessage | undefined {
  const said = { role: 'tool', toolCallId: block.tool_use_id }
  if (block.type === 'web_search_tool_result') return { ...said, content: searchResult(block.content) }
  if (block.type !== 'tool_result') return undefined
  if (!Array.isArray(block.content)) {
    return { ...said, content: typeof block.content === 'string' ? block.content : '' }
  }
  const images = block.content.filter(part => part?.type === 'image').map(part => resultPicture(part.source))
  const content = block.content.map(textOf).join('')
  return { ...said, content, ...(images.length > 0 ? { images } : {}) }
}

function picture(source: Pick<NonNullable<ContentBlock['source']>, 'type' | 'data'> | undefined): Uint8Array {
  if (!source) throw invalid('invalid image source')
  if (source.type !== 'base64') {
    throw invalid(`invalid image source type: ${source.type}. Only base64 images are supported.`)
  }
  try {
    return decodeBase64(source.data)
  } catch (error) {
    throw error instanceof Problem ? invalid(`invalid base64 image data: ${error.message}`) : error
  }
}

function resultPicture(source: unknown): Uint8Array {
  if (source === null || typeof source !== 'object' || Array.isArray(source)) {
    throw invalid('invalid tool_result image source')
  }
  const { type, data } = source as { type?: unknown; data?: unknown }
  return picture({ type: typeof type === 'string' ? type : '', data: typeof data === 'string' ? data : '' })
}

/** What an earlier search of the web found, as the model is told it. */
function searchResult(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return failedSearch(content) ?? goMapJson(content)
  const failure = content.map(failedSearch).find(text => text !== undefined)
  return failure ?? content.map(foundPage).join('')
}

function foundPage(item: unknown): string {
  const { type, title, url } = (item ?? {}) as { type?: unknown; title?: unknown; url?: unknown }
  if (type !== 'web_search_result') return ''
  return `- ${typeof title === 'string' ? title : ''}: ${typeof url === 'string' ? url : ''}\n`
}

function failedSearch(item: unknown): string | undefined {
  const { type, error_code } = (item ?? {}) as { type?: unknown; error_code?: unknown }
  if (type !== 'web_search_tool_result_error') return undefined
  return typeof error_code === 'string' && error_code !== '' ? `${type}: ${error_code}` : type
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
