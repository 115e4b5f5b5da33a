import { inWrittenOrder } from '../../go/json/key-order.ts'
import type { Metrics } from '../../inference/requests.ts'
import type { Part } from '../ollama/answer.ts'
import { searchCall } from '../web-search.ts'
import { failedSearch } from './failed-search.ts'

/** What stands in a message before its first piece comes. */
export interface MessageStart {
  readonly id: string
  readonly model: string
  /** Told as the prompt's length until the model has counted it. */
  readonly estimatedTokens: number
  /** The search of the web is among the tools. */
  readonly searches: boolean
}

/** A whole answer; without anything said, its content is null (upstream anthropic/anthropic.go, MessagesResponse). */
export function messageJson({ id, model, searches }: MessageStart, part: Part): object {
  const search = searches ? searchCall(part.toolCalls) : undefined
  const content = search ? failedSearch(id, search) : contentOf(part)
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: content.length > 0 ? content : null,
    stop_reason: search ? 'end_turn' : stopReason(part.done, part.toolCalls.length > 0),
    usage: usageJson(part.done?.metrics),
  }
}

function contentOf(part: Part): object[] {
  return [
    ...(part.thinking ? [thinkingBlock(part.thinking)] : []),
    ...(part.content ? [{ type: 'text', text: part.content }] : []),
    ...part.toolCalls.map(call => ({
      type: 'tool_use',
      id: call.id || undefined,
      name: call.function.name,
      input: inWrittenOrder(call.function.arguments),
    })),
  ]
}

/** Nothing is signed, but some clients refuse a message whose thinking has no signature, which upstream leaves out. */
export const thinkingBlock = (thinking: string): object => ({ type: 'thinking', thinking, signature: '' })

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
