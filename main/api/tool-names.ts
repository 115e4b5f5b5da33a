import type { ChatMessage } from '../inference/requests.ts'

/**
 * Messages whose tool results name the function they are of: the last one called before under the result's id. Some
 * templates write that name; upstream leaves it empty for clients that send an id alone.
 */
export function withToolNames(messages: readonly ChatMessage[]): ChatMessage[] {
  const names = new Map<string, string>()
  return messages.map(message => {
    for (const { id, function: called } of message.toolCalls ?? []) if (id) names.set(id, called.name)
    const toolName = message.toolCallId === undefined ? undefined : names.get(message.toolCallId)
    return toolName ? { ...message, toolName } : message
  })
}
