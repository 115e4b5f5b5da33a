import { inWrittenOrder } from '../../go/json/key-order.ts'
import { goJson } from '../../go/text.ts'
import type { ToolCall } from '../../inference/requests.ts'

/** What a model thought, whole. What is called encrypted is as plain as the rest: a client sends it back as it is. */
export const reasoningItem = (id: string, text: string): object => ({
  id,
  type: 'reasoning',
  summary: [summaryPart(text)],
  encrypted_content: text,
})

export const summaryPart = (text: string): object => ({ type: 'summary_text', text })

export const messageItem = (id: string, status: 'in_progress' | 'completed', content: object[]): object => ({
  id,
  type: 'message',
  status,
  role: 'assistant',
  content,
})

export const textPart = (text: string): object => ({ type: 'output_text', text, annotations: [], logprobs: [] })

/** A call; while it is in progress, none of its arguments is there. */
export const callItem = (id: string, status: 'in_progress' | 'completed', call: ToolCall): object => ({
  id,
  type: 'function_call',
  status,
  call_id: call.id ?? '',
  name: call.function.name,
  arguments: status === 'completed' ? callArguments(call) : '',
})

export const callArguments = (call: ToolCall): string => goJson(inWrittenOrder(call.function.arguments))
