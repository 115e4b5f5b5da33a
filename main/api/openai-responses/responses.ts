import { withinStack } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { readV1Json } from '../compressed-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { parts, whole } from '../ollama/answer.ts'
import { openAiJson } from '../openai/answer.ts'
import { sse } from '../sse.ts'
import { chatRequest } from './chat-request.ts'
import { responseId } from './ids.ts'
import { outputOf, responseJson, unixTime, usageJson } from './response.ts'
import { ResponseEvents } from './response-events.ts'
import { responsesRequest } from './responses-request.ts'
import { searchesWeb } from './tools.ts'

/**
 * POST /v1/responses, without a memory: nothing is stored, so that every request tells its whole conversation (upstream
 * middleware/openai.go, ResponsesMiddleware).
 * @throws Problem as the contract words it
 */
export const responses: Endpoint = async (request, { inference }) => {
  const read = await readV1Json(request, responsesRequest)
  const asked = withinStack(() => chatRequest(read))
  if (read.tools?.some(searchesWeb)) {
    throw new Problem('invalid-request', 403, 'ollama cloud is disabled: web search is unavailable')
  }
  if (read.stream) {
    const events = new ResponseEvents(read)
    return sse(request, {
      events: signal => events.of(parts(inference.chat(asked, signal))),
      failed: problem => events.failed(problem),
      headers: { 'Cache-Control': 'no-cache', Connection: 'keep-alive' },
    })
  }
  const createdAt = unixTime()
  const answer = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  const id = responseId()
  // Calls that nobody offered are no part of a whole answer (upstream server/routes.go, ChatHandler).
  const output = outputOf(id, asked.tools?.length ? answer : { ...answer, toolCalls: [] })
  const usage = usageJson(answer.done?.metrics)
  const state = { id, createdAt, completedAt: unixTime(), status: 'completed', output, usage, error: null } as const
  return openAiJson(responseJson(read, state))
}
