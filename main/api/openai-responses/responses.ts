import { v1Body } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { parts, whole } from '../ollama/answer.ts'
import { openAiJson } from '../openai/answer.ts'
import { sse } from '../sse.ts'
import { noSearch, searchCall, searchesWeb } from '../web-search.ts'
import { chatRequest } from './chat-request.ts'
import { responseId } from './ids.ts'
import { outputOf, responseJson, unixTime, usageJson } from './response.ts'
import { ResponseEvents } from './response-events.ts'
import { responsesRequest } from './responses-request.ts'

export const responsesBody = v1Body('/v1/responses', responsesRequest, read => {
  const { input: _, ...echoed } = read
  return { asked: chatRequest(read), echoed, searches: read.tools?.some(searchesWeb) ?? false }
})

/**
 * POST /v1/responses, without a memory: nothing is stored, so that every request tells its whole conversation (upstream
 * middleware/openai.go, ResponsesMiddleware).
 * @throws Problem as the contract words it
 */
export const responses: Endpoint = async (request, { inference, bodies }) => {
  const { asked, echoed, searches } = await bodies.read(request, responsesBody)
  if (echoed.stream) {
    const events = new ResponseEvents(echoed, searches)
    return sse(request, {
      events: signal => events.of(parts(inference.chat(asked, signal))),
      failed: problem => events.failed(problem),
      headers: { 'Cache-Control': 'no-cache', Connection: 'keep-alive' },
    })
  }
  const createdAt = unixTime()
  const answer = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  if (searches && searchCall(answer.toolCalls)) throw noSearch()
  const id = responseId()
  // Calls that nobody offered are no part of a whole answer (upstream server/routes.go, ChatHandler).
  const output = outputOf(id, asked.tools?.length ? answer : { ...answer, toolCalls: [] })
  const usage = usageJson(answer.done?.metrics)
  const state = { id, createdAt, completedAt: unixTime(), status: 'completed', output, usage, error: null } as const
  return openAiJson(responseJson(echoed, state))
}
