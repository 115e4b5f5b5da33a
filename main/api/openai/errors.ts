import type { Problem } from '../../problem.ts'
import type { Endpoint } from '../endpoint.ts'
import { withErrors } from '../with-errors.ts'

/** An error as OpenAI's clients read it, as an answer or as the last event of a stream. */
export interface OpenAiError {
  readonly error: { readonly message: string; readonly type: string; readonly param: null; readonly code: null }
}

/** The problem in OpenAI's shape (upstream openai/openai.go, NewError). */
export function openAiError({ message, status }: Problem): OpenAiError {
  return { error: { message, type: errorTypes[status] ?? 'api_error', param: null, code: null } }
}

/** The endpoint with its errors in OpenAI's shape. */
export const withOpenAiErrors = (endpoint: Endpoint): Endpoint => withErrors(endpoint, openAiError)

const errorTypes: Readonly<Record<number, string>> = { 400: 'invalid_request_error', 404: 'not_found_error' }
