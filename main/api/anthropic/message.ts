import type { Metrics } from '../../inference/requests.ts'
import type { Part } from '../ollama/answer.ts'

/** A whole answer; without anything said, its content is null (upstream anthropic/anthropic.go, MessagesResponse). */
export function messageJson(id: string, model: string, part: Part): object {
  const content = [
    ...(part.thinking ? [{ type: 'thinking', thinking: part.thinking }] : []),
    ...(part.content ? [{ type: 'text', text: part.content }] : []),
    ...part.toolCalls.map(call => ({
      type: 'tool_use',
      id: call.id || undefined,
      name: call.function.name,
      input: call.function.arguments,
    })),
  ]
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: content.length > 0 ? content : null,
    stop_reason: stopReason(part.done, part.toolCalls.length > 0),
    usage: usageJson(part.done?.metrics),
  }
}

/** Upstream does not tell which string stopped an answer: one that met a stop sequence has come to its end. */
export function stopReason(done: Part['done'], calledTools: boolean): string | undefined {
  if (calledTools) return 'tool_use'
  if (!done) return undefined
  return reasons[done.reason] ?? 'stop_sequence'
}

const reasons: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens' }

export const usageJson = (metrics: Metrics | undefined): object => ({
  input_tokens: metrics?.promptEvalCount ?? 0,
  output_tokens: metrics?.evalCount ?? 0,
})
