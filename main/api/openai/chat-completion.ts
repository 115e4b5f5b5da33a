import { inWrittenOrder } from '../../go/json/key-order.ts'
import { goJson } from '../../go/text.ts'
import type { ToolCall } from '../../inference/requests.ts'
import { eachBecomes, type Portions } from '../../portions.ts'
import { debugJson, type Part } from '../ollama/answer.ts'
import { logprobsJson } from '../ollama/message.ts'
import type { SseEvent } from '../sse.ts'
import { type CompletionHead, fingerprint, finishReason, usageJson } from './completion.ts'

/** A whole answer, keys in upstream's order (openai/openai.go, ChatCompletion). */
export function chatCompletionJson({ id, created, model }: CompletionHead, part: Part): object {
  const called = part.toolCalls.length > 0
  const message = {
    role: 'assistant',
    content: part.content,
    reasoning: part.thinking || undefined,
    tool_calls: called ? toolCallsJson(part.toolCalls, 0) : undefined,
  }
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    system_fingerprint: fingerprint,
    choices: [{ index: 0, message, finish_reason: finishReason(part, called), logprobs: choiceLogprobs(part) }],
    usage: usageJson(part.done?.metrics),
    _debug_info: debugJson(part.debug),
  }
}

/**
 * An answer piece by piece: deltas, the first with the role; a chunk that tells why it ended; where wanted one with the
 * usage; `[DONE]`.
 */
export function chatCompletionChunks(
  head: CompletionHead,
  parts: Portions<Part>,
  includeUsage: boolean,
): Portions<SseEvent> {
  let begun = false
  let calls = 0
  return eachBecomes(parts, function* (part) {
    for (const delta of deltas(part, calls)) {
      const logprobs = delta.last ? choiceLogprobs(part) : undefined
      const role = begun ? undefined : 'assistant'
      begun = true
      yield chunk(head, [{ index: 0, delta: { role, ...delta.fields }, finish_reason: null, logprobs }])
    }
    calls += part.toolCalls.length
    if (!part.done) return
    yield chunk(head, [{ index: 0, delta: {}, finish_reason: finishReason(part, calls > 0) }])
    if (includeUsage) yield chunk(head, [], usageJson(part.done.metrics))
    yield { data: '[DONE]' }
  })
}

interface Delta {
  readonly fields: object
  /** The last delta of its part, the one that says what the part's tokens became. */
  readonly last: boolean
}

/** Thinking goes apart from what is said or called. The end of an answer says nothing itself. */
function deltas({ content, thinking, toolCalls, logprobs, done }: Part, calls: number): Delta[] {
  const says = content !== '' || toolCalls.length > 0 || (thinking === '' && (!done || logprobs.length > 0))
  const thought = { fields: { content: '', reasoning: thinking }, last: !says }
  const called = toolCalls.length > 0 ? toolCallsJson(toolCalls, calls) : undefined
  const said = { fields: { content, tool_calls: called }, last: true }
  return [...(thinking ? [thought] : []), ...(says ? [said] : [])]
}

/**
 * Clients put calls together by their index, so that it counts up over the whole answer, whatever the model's format
 * made of it.
 */
function toolCallsJson(calls: readonly ToolCall[], before: number): object[] {
  return calls.map(({ id, function: { name, arguments: values } }, index) => ({
    id,
    index: before + index,
    type: 'function',
    function: { name, arguments: goJson(inWrittenOrder(values)) },
  }))
}

function choiceLogprobs({ logprobs }: Part): object | undefined {
  return logprobs.length > 0 ? { content: logprobsJson(logprobs) } : undefined
}

function chunk({ id, created, model }: CompletionHead, choices: object[], usage?: object): SseEvent {
  return {
    data: { id, object: 'chat.completion.chunk', created, model, system_fingerprint: fingerprint, choices, usage },
  }
}
