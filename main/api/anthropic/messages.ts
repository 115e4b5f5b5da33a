import { withinStack } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { readV1Json } from '../compressed-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { type Part, parts, whole } from '../ollama/answer.ts'
import { openAiJson } from '../openai/answer.ts'
import { sse } from '../sse.ts'
import { chatRequest } from './chat-request.ts'
import { anthropicError } from './errors.ts'
import { uniqueId } from './ids.ts'
import { messageJson } from './message.ts'
import { messageEvents } from './message-events.ts'
import { type MessagesRequest, messagesRequest } from './messages-request.ts'
import { estimateTokens } from './token-estimate.ts'
import { searchesWeb } from './tools.ts'

/**
 * POST /v1/messages: the next message of a conversation, for Anthropic's clients (upstream middleware/anthropic.go).
 * @throws Problem as the contract words it
 */
export const messages: Endpoint = async (request, { inference }) => {
  const read = await readV1Json(request, messagesRequest)
  check(read)
  const asked = withinStack(() => chatRequest(read))
  if (read.tools?.some(searchesWeb)) {
    throw new Problem('invalid-request', 403, 'ollama cloud is disabled: web search is unavailable')
  }
  const id = uniqueId('msg')
  const { model } = read
  if (read.stream) {
    const start = { id, model, estimatedTokens: withinStack(() => estimateTokens(read)) }
    return sse(request, {
      events: signal => messageEvents(start, parts(inference.chat(asked, signal))),
      failed: problem => ({ event: 'error', data: anthropicError(problem) }),
      headers: { 'Cache-Control': 'no-cache', Connection: 'keep-alive' },
    })
  }
  const part = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  return openAiJson(messageJson(id, model, asked.tools?.length ? part : withoutCalls(part)))
}

function check({ model, max_tokens, messages }: MessagesRequest): void {
  if (model === '') throw invalid('model is required')
  if (max_tokens <= 0) throw invalid('max_tokens is required and must be positive')
  if (!messages?.length) throw invalid('messages is required')
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)

/** Calls that nobody offered are no part of a whole answer (upstream server/routes.go, ChatHandler). */
const withoutCalls = (part: Part): Part => ({ ...part, toolCalls: [] })
