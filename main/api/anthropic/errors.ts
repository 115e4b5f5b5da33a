import type { Problem } from '../../problem.ts'
import type { Endpoint } from '../endpoint.ts'
import { withErrors } from '../with-errors.ts'
import { uniqueId } from './ids.ts'

/** An error as Anthropic's clients read it, in an answer or as an event (upstream anthropic/anthropic.go, NewError). */
export function anthropicError({ message, status }: Problem): object {
  return {
    type: 'error',
    error: { type: errorTypes[status] ?? 'api_error', message },
    request_id: uniqueId('req'),
  }
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
}

/** The endpoint with its errors in Anthropic's shape. */
export const withAnthropicErrors = (endpoint: Endpoint): Endpoint => withErrors(endpoint, anthropicError)
