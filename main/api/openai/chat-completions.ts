import { v1Body } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { checkTopLogprobs, parts, whole } from '../ollama/answer.ts'
import { sse } from '../sse.ts'
import { openAiJson } from './answer.ts'
import { chatCompletionChunks, chatCompletionJson } from './chat-completion.ts'
import { chatCompletionRequest, chatRequest } from './chat-request.ts'
import { completionHead } from './completion.ts'
import { openAiError } from './errors.ts'

export const chatCompletionsBody = v1Body('/v1/chat/completions', chatCompletionRequest, read => {
  const asked = chatRequest(read)
  checkTopLogprobs(read.top_logprobs)
  return { stream: read.stream, includeUsage: read.stream_options?.include_usage ?? false, asked }
})

/** POST /v1/chat/completions: the next message of a conversation (upstream middleware/openai.go, ChatMiddleware). */
export const chatCompletions: Endpoint = async (request, { inference, bodies }) => {
  const { stream, includeUsage, asked } = await bodies.read(request, chatCompletionsBody)
  const head = completionHead('chatcmpl', asked.model)
  if (stream && !asked.debugRenderOnly) {
    return sse(request, {
      events: signal => chatCompletionChunks(head, parts(inference.chat(asked, signal)), includeUsage),
      // Upstream breaks off without a word here; OpenAI's clients throw what an event tells as `error`.
      failed: problem => ({ data: openAiError(problem) }),
    })
  }
  const part = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  // Calls that nobody offered are no part of a whole answer (upstream server/routes.go, ChatHandler).
  return openAiJson(chatCompletionJson(head, asked.tools?.length ? part : { ...part, toolCalls: [] }))
}
