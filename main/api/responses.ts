import { goExactJson } from '../go/text.ts'
import { asProblem, type Problem } from '../problem.ts'

/** What most JSON answers carry. */
export const jsonType = 'application/json; charset=utf-8'

/** What upstream's answers carry that come out of a stream it never opened: no charset. */
export const bareJsonType = 'application/json'

export function json(value: unknown, status = 200, type = jsonType): Response {
  return new Response(goExactJson(value), { status, headers: { 'Content-Type': type } })
}

/** `{"error":"…"}` with the problem's status. */
export function errorResponse(error: unknown, type?: string): Response {
  const problem = asProblem(error)
  return json(errorBody(problem), problem.status, type)
}

export const errorBody = ({ message }: Problem): { error: string } => ({ error: message })

/** A page of gin's own, the router upstream uses: for paths and methods nobody answers. */
export function plainText(text: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain', ...headers } })
}

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string> = {}): Response {
  const length: Record<string, string> = status === 204 ? {} : { 'Content-Length': '0' }
  return new Response(null, { status, headers: { ...headers, ...length } })
}

export const notFound = (): Response => plainText('404 page not found', 404)
