import { goTime, wallClock } from '../../go/json/time.ts'
import { string, struct } from '../../go/json/types.ts'
import type { ChatRequest } from '../../inference/requests.ts'
import { nativeBody } from '../bodies/body-type.ts'
import type { ApiServices } from '../services.ts'
import { answer, debugJson, metricsJson, type Part } from './answer.ts'
import { commonFields, commonRequest } from './common-fields.ts'
import { chatMessage, logprobsJson, messages, toolCallsJson } from './message.ts'
import { readTool, tools } from './tools.ts'

const chatRequest = struct('ChatRequest', {
  model: string,
  messages,
  tools,
  ...commonFields,
})

export const chatBody = nativeBody('/api/chat', chatRequest, read => {
  const asked: ChatRequest = {
    model: read.model,
    messages: read.messages?.map(chatMessage) ?? [],
    tools: read.tools?.map(readTool),
    ...commonRequest(read),
  }
  return { stream: read.stream, asked }
})

/** POST /api/chat: the next message of a conversation; without messages, loads or unloads the model. */
export async function chat(request: Request, { inference, bodies }: ApiServices): Promise<Response> {
  const { stream, asked } = await bodies.read(request, chatBody)
  const wholeCalls = stream !== false || (asked.tools?.length ?? 0) > 0
  return answer(
    request,
    stream,
    signal => inference.chat(asked, signal),
    part => chatResponse(asked.model, wholeCalls ? part : { ...part, toolCalls: [] }),
  )
}

/** Keys in upstream's order (api/types.go, ChatResponse). */
function chatResponse(model: string, part: Part): object {
  return {
    model,
    created_at: goTime(wallClock()),
    message: {
      role: part.debug ? '' : 'assistant',
      content: part.content,
      thinking: part.thinking || undefined,
      tool_calls: part.toolCalls.length > 0 ? toolCallsJson(part.toolCalls) : undefined,
    },
    done: part.done !== undefined,
    done_reason: part.done?.reason,
    _debug_info: debugJson(part.debug),
    logprobs: logprobsJson(part.logprobs),
    ...metricsJson(part.done?.metrics),
  }
}
