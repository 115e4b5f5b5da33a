import { goJson } from '../../library/go-text.ts'
import { asProblem } from '../../problem.ts'
import type { Endpoint } from '../endpoint.ts'
import { bareJsonType } from '../responses.ts'

/** JSON as the /v1 endpoints send it: with a line break at its end (upstream middleware/openai.go). */
export function openAiJson(value: unknown, status = 200): Response {
  return new Response(`${goJson(value)}\n`, { status, headers: { 'Content-Type': bareJsonType } })
}

/** The endpoint with its errors in OpenAI's shape (upstream openai/openai.go, NewError). */
export function withOpenAiErrors(endpoint: Endpoint): Endpoint {
  return async (request, services, parameter) => {
    try {
      return await endpoint(request, services, parameter)
    } catch (error) {
      const { message, status } = asProblem(error)
      return openAiJson(
        { error: { message, type: errorTypes[status] ?? 'api_error', param: null, code: null } },
        status,
      )
    }
  }
}

const errorTypes: Readonly<Record<number, string>> = { 400: 'invalid_request_error', 404: 'not_found_error' }
