import { goJson } from '../../go/text.ts'
import { bareJsonType } from '../responses.ts'

/** JSON as the /v1 endpoints send it: with a line break at its end (upstream middleware/openai.go). */
export function openAiJson(value: unknown, status = 200): Response {
  return new Response(`${goJson(value)}\n`, { status, headers: { 'Content-Type': bareJsonType } })
}
