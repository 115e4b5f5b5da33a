import type { Metrics } from '../../inference/requests.ts'
import type { Part } from '../ollama/answer.ts'
import { messageId } from './ids.ts'
import { callItem, messageItem, reasoningItem, textPart } from './output-items.ts'
import type { EchoedRequest, ResponsesTool } from './responses-request.ts'

/** What changes of a response on its way. */
export interface ResponseState {
  readonly id: string
  /** Seconds since 1970. */
  readonly createdAt: number
  readonly completedAt: number | null
  readonly status: 'in_progress' | 'completed' | 'failed'
  readonly output: readonly object[]
  readonly usage: object | null
  readonly error: object | null
}

/** A response: what was answered, and what was asked for (upstream openai/responses.go, ResponsesResponse). */
export function responseJson(request: EchoedRequest, state: ResponseState): object {
  return {
    id: state.id,
    object: 'response',
    created_at: state.createdAt,
    completed_at: state.completedAt,
    status: state.status,
    incomplete_details: null,
    model: request.model,
    previous_response_id: null,
    instructions: request.instructions || null,
    output: state.output,
    error: state.error,
    tools: request.tools?.map(toolJson) ?? [],
    tool_choice: 'auto',
    truncation: request.truncation ?? 'disabled',
    parallel_tool_calls: true,
    text: { format: formatJson(request) },
    top_p: request.top_p ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    top_logprobs: 0,
    temperature: request.temperature ?? 1,
    reasoning: reasoningJson(request),
    usage: state.usage,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    store: false,
    background: request.background,
    service_tier: 'default',
    metadata: {},
    safety_identifier: null,
    prompt_cache_key: null,
  }
}

const toolJson = (tool: ResponsesTool): object => ({
  type: tool.type,
  name: tool.name,
  description: tool.description ?? null,
  strict: tool.strict ?? null,
  parameters: tool.parameters ?? null,
  tools: tool.tools?.length ? tool.tools.map(toolJson) : undefined,
})

function formatJson({ text }: EchoedRequest): object {
  if (!text?.format) return { type: 'text' }
  const { type, name, schema, strict } = text.format
  return { type, name: name || undefined, schema: schema && JSON.parse(schema), strict }
}

function reasoningJson({ reasoning: { effort, summary } }: EchoedRequest): object | null {
  return effort || summary ? { effort: effort || null, summary: summary || null } : null
}

/** What a whole answer put out: its thinking, and its calls or, without any, its text, even if that is empty. */
export function outputOf(id: string, { thinking, content, toolCalls }: Part): object[] {
  return [
    ...(thinking ? [reasoningItem(`rs_${id}`, thinking)] : []),
    ...(toolCalls.length > 0
      ? toolCalls.map((call, index) => callItem(`fc_${id}_${index}`, 'completed', call))
      : [messageItem(messageId(), 'completed', [textPart(content)])]),
  ]
}

export function usageJson(metrics: Metrics | undefined): object {
  const input = metrics?.promptEvalCount ?? 0
  const output = metrics?.evalCount ?? 0
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  }
}

export const unixTime = (): number => Math.floor(Date.now() / 1000)
