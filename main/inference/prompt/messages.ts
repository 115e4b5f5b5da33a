import { inWrittenOrder } from '../../go/json/key-order.ts'
import type { Model } from '../../library/model.ts'
import type { ChatMessage, ToolCall } from '../requests.ts'

/** Tells a model how to answer: OpenAI's clients call the system a developer (see prompt-source.ts). */
export const guides = ({ role }: Pick<ChatMessage, 'role'>): boolean => role === 'system' || role === 'developer'

/**
 * The model's own MESSAGEs, then the request's, with the model's SYSTEM in front unless the request begins with one.
 */
export function conversation(model: Model, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const all = model.messages.length > 0 ? [...model.messages, ...messages] : messages
  if ((messages[0] && guides(messages[0])) || !model.system) return all
  return [{ role: 'system', content: model.system }, ...all]
}

/**
 * Cuts the thinking out of old answers of the models that print it into their text: what they thought before the last
 * question is of no use to them (upstream server/routes.go, filterThinkTags).
 */
export function withoutOldThinking(model: Model, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  if (model.config.model_family !== 'qwen3' && model.name.model !== 'deepseek-r1') return messages
  const lastQuestion = messages.findLastIndex(message => message.role === 'user')
  return messages.map((message, index) => {
    if (message.role !== 'assistant' || index >= lastQuestion) return message
    const content = message.content.trimStart()
    return content.startsWith('<think>') ? { ...message, content: behindThinking(content) } : message
  })
}

function behindThinking(content: string): string {
  const close = content.indexOf('</think>')
  return close < 0 ? '' : content.slice(close + '</think>'.length).trimStart()
}

/** Joins neighbours of the same role with a blank line; results of tools stay apart (upstream template/template.go). */
export function collate(messages: readonly ChatMessage[]): ChatMessage[] {
  const collated: ChatMessage[] = []
  for (const message of messages) {
    const last = collated.at(-1)
    if (last?.role === message.role && message.role !== 'tool') {
      collated[collated.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` }
    } else collated.push(message)
  }
  return collated
}

/**
 * The same for Jinja templates that insist on questions and answers by turns. What a later message carries beside its
 * text is kept (pictures are tags in the text), and an answer that called tools stays apart: their results follow it.
 */
export function joinedNeighbours(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = []
  for (const message of messages) {
    const last = joined.at(-1)
    if (last?.role === message.role && message.role !== 'tool' && !last.toolCalls?.length) {
      joined[joined.length - 1] = { ...last, ...message, content: `${last.content}\n\n${message.content}` }
    } else joined.push(message)
  }
  return joined
}

/**
 * For templates that hear a system message at the beginning alone, and leave out or refuse others: those there become
 * one, later ones the user's.
 */
export function systemAtBeginning(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const other = messages.findIndex(message => !guides(message))
  const begin = messages.slice(0, other < 0 ? undefined : other)
  const rest = messages.slice(begin.length).map(message => (guides(message) ? { ...message, role: 'user' } : message))
  return begin[0] ? [{ ...begin[0], content: begin.map(({ content }) => content).join('\n\n') }, ...rest] : rest
}

/** For templates that refuse several calls at once: one answer for each call, with its result behind it. */
export function oneCallAtATime(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const told: ChatMessage[] = []
  let results: ChatMessage[] = []
  for (const [index, message] of messages.entries()) {
    const { toolCalls = [] } = message
    if (message.role === 'tool' && results.includes(message)) continue
    if (toolCalls.length < 2) {
      told.push(message)
      continue
    }
    const behind = messages.slice(index + 1)
    const end = behind.findIndex(({ role }) => role !== 'tool')
    results = behind.slice(0, end < 0 ? undefined : end)
    const left = new Set(results)
    for (const [nth, call] of toolCalls.entries()) {
      const result = resultOf(call, [...left])
      told.push({ ...(nth === 0 ? message : { role: message.role, content: '' }), toolCalls: [call] })
      if (result) {
        told.push(result)
        left.delete(result)
      }
    }
    told.push(...left)
  }
  return told
}

/**
 * For templates that refuse calls without ids, or with others than Mistral's of nine letters and digits: new ones, the
 * same for a call and its result.
 */
export function withShortIds(messages: readonly ChatMessage[]): ChatMessage[] {
  let count = 0
  const nextId = () => `call${String(count++).padStart(5, '0')}`
  let open: { readonly call: ToolCall; readonly id: string }[] = []
  return messages.map(message => {
    if (message.toolCalls?.length) {
      open = message.toolCalls.map(call => ({ call, id: nextId() }))
      return { ...message, toolCalls: open.map(({ call, id }) => ({ ...call, id })) }
    }
    if (message.role !== 'tool') return message
    const own = open.find(({ call }) => resultOf(call, [message]))
    open = open.filter(other => other !== own)
    return { ...message, toolCallId: own?.id ?? nextId() }
  })
}

/** The result of a call by its id, by the tool's name (Ollama's own clients give no ids), or the next one by neither. */
function resultOf({ id, function: { name } }: ToolCall, results: readonly ChatMessage[]): ChatMessage | undefined {
  const unbound = results.filter(({ toolCallId }) => !toolCallId)
  return (
    results.find(({ toolCallId }) => toolCallId && toolCallId === id) ??
    unbound.find(({ toolName }) => toolName === name) ??
    unbound.find(({ toolName }) => !toolName)
  )
}

/** All system texts, joined with a blank line. */
export function systemText(messages: readonly ChatMessage[]): string {
  return messages
    .filter(message => message.role === 'system')
    .map(message => message.content)
    .join('\n\n')
}

/** Calls of tools and their results, put into words for a model whose template knows neither. */
export function withoutTools(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.map(({ toolCalls, toolName, toolCallId: _, ...message }) => {
    if (message.role === 'tool') {
      return { ...message, role: 'user', content: `Result of ${toolName ?? 'a tool'}:\n${message.content}` }
    }
    const calls =
      toolCalls?.map(call => `${call.function.name}(${JSON.stringify(inWrittenOrder(call.function.arguments))})`) ?? []
    return { ...message, content: [message.content, ...calls].filter(Boolean).join('\n\n') }
  })
}
