import { goJson } from '../../../../main/go/text.ts'
import type { ChatRequest, GenerateTextRequest, InferenceEvent } from '../../../../main/inference/requests.ts'
import { type Body, metrics, post, scriptedApi, telling } from '../scripted.ts'

/** The event that ends an answer of three tokens to a question of five. */
export const done: InferenceEvent = { type: 'done', reason: 'stop', metrics }

export const delta = (content: string, more: object = {}): InferenceEvent => ({ type: 'delta', content, ...more })

/** A response's text with its id and its moment made equal; within one text they must have been equal already. */
async function settledText(response: Response): Promise<string> {
  const text = await response.text()
  const heads = new Set(text.match(/"id":"(?:chatcmpl|cmpl)-\d{1,3}"|"created":\d{10}/g))
  if (heads.size > 2) throw new Error(`an answer has several heads: ${[...heads]}`)
  return text.replace(/("id":"(?:chatcmpl|cmpl)-)\d{1,3}"/g, '$1N"').replace(/"created":\d{10}/g, '"created":0')
}

/** Posts a body to the API over inference that tells these events. */
export async function ask(path: string, body: Body | object, ...events: InferenceEvent[]) {
  const { api, inference } = scriptedApi(telling(...events))
  const response = await api.fetch(post(path, body))
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await settledText(response),
    asked: inference.asked[0] as ChatRequest & GenerateTextRequest,
  }
}

/** A refusal as OpenAI's clients read it. */
export const refusal = (message: string, type = 'invalid_request_error'): string =>
  `${goJson({ error: { message, type, param: null, code: null } })}\n`
