import { Problem } from '../../problem.ts'
import { v1Body } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { type Part, parts, whole } from '../ollama/answer.ts'
import { openAiJson } from '../openai/answer.ts'
import { sse } from '../sse.ts'
import { searchesWeb } from '../web-search.ts'
import { chatRequest } from './chat-request.ts'
import { anthropicError } from './errors.ts'
import { uniqueId } from './ids.ts'
import { messageJson } from './message.ts'
import { messageEvents } from './message-events.ts'
import { type MessagesRequest, messagesRequest } from './messages-request.ts'
import { estimateTokens } from './token-estimate.ts'

export const messagesBody = v1Body('/v1/messages', messagesRequest, read => {
  check(read)
  return {
    stream: read.stream,
    asked: chatRequest(read),
    estimatedTokens: read.stream ? estimateTokens(read) : 0,
    searches: read.tools?.some(searchesWeb) ?? false,
  }
})

/**
 * POST /v1/messages: the next message of a conversation, for Anthropic's clients (upstream middleware/anthropic.go).
 * @throws Problem as the contract words it
 */
export const messages: Endpoint = async (request, { inference, bodies }) => {
  const { stream, asked, estimatedTokens, searches } = await bodies.read(request, messagesBody)
  const start = { id: uniqueId('msg'), model: asked.model, estimatedTokens, searches }
  if (stream) {
    return sse(request, {
      events: signal => messageEvents(start, parts(inference.chat(asked, signal))),
      failed: problem => ({ event: 'error', data: anthropicError(problem) }),
      headers: { 'Cache-Control': 'no-cache', Connection: 'keep-alive' },
    })
  }
  const part = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  return openAiJson(messageJson(start, asked.tools?.length ? part : withoutCalls(part)))
}

function check({ model, max_tokens, messages }: MessagesRequest): void {
  if (model === '') throw invalid('model is required')
  if (max_tokens <= 0) throw invalid('max_tokens is required and must be positive')
  if (!messages?.length) throw invalid('messages is required')
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)

/** Calls that nobody offered are no part of a whole answer (upstream server/routes.go, ChatHandler). */
const withoutCalls = (part: Part): Part => ({ ...part, toolCalls: [] })
