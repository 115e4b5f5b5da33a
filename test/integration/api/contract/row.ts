import { apiRequest } from '../../../../main/bridge/api-request.ts'
import type { TestServer } from '../server.ts'

/** One line of the contract: what is sent, and the whole of what comes back. */
export interface Row {
  /** What the contract says, in a few words. */
  readonly rule: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE'
  readonly path: string
  /** Sent as it is when it is a text or bytes, else as JSON. */
  readonly body?: object | string | Buffer<ArrayBuffer>
  readonly headers?: Record<string, string>
  readonly status: number
  readonly type: string | null
  /** The body with what differs from run to run replaced, see {@link settled}; or what it matches. */
  readonly answer: string | RegExp
  /** Headers beside the type; null for one that must not be there. */
  readonly answerHeaders?: Readonly<Record<string, string | null>>
}

export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly headers: Headers
  readonly text: string
}

/** A way in: the network's, or the window's. */
export type Door = (server: TestServer, row: Row) => Promise<Answer>

export const overHttp: Door = async (server, { method, path, body, headers }) => {
  const response = await fetch(server.url + path, {
    method,
    headers,
    body: sent(body),
    redirect: 'manual',
  })
  return { ...head(response.status, response.headers), text: await response.text() }
}

/** As the window asks over IPC: through the bridge, with no socket between. */
export const fromTheWindow: Door = async (server, { method, path, body, headers }) => {
  const input = { method, path, headers, body: sent(body) }
  const chunks: Uint8Array[] = []
  let answer: ReturnType<typeof head> | undefined
  for await (const event of apiRequest(server.hearth.fetch, input, new AbortController().signal)) {
    if (event.type === 'head') answer = head(event.status, new Headers(event.headers))
    if (event.type === 'body') chunks.push(event.chunk)
    if (event.type === 'failed') throw new Error(event.problem.message)
  }
  return { ...answer!, text: Buffer.concat(chunks).toString() }
}

function sent(body: Row['body']): string | Buffer<ArrayBuffer> | undefined {
  return typeof body === 'object' && !(body instanceof Buffer) ? JSON.stringify(body) : body
}

const head = (status: number, headers: Headers) => ({ status, type: headers.get('content-type'), headers })

/** A body with moments, durations, ids and sizes made equal; everything else stays byte for byte. */
export function settled(text: string): string {
  return text
    .replace(/"load_duration":\d+,?/g, '')
    .replace(/"(total_duration|prompt_eval_duration|eval_duration)":\d+/g, '"$1":<ns>')
    .replace(/"(created_at|modified_at|expires_at)":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*"/g, '"$1":<time>')
    .replace(/"(created|created_at|completed_at)":\d{10}/g, '"$1":<seconds>')
    .replace(/"(chatcmpl-|cmpl-|resp_|msg_|rs_|fc_|req_|call_)\w+"(?!:)/g, '<$1>')
    .replace(/"digest":"[0-9a-f]{64}"/g, '"digest":<sha256>')
    .replace(/"(size|size_vram)":\d+/g, '"$1":<bytes>')
}

/** As JSON of Go's, with what HTML knows escaped. */
const escaped = (value: object): string =>
  JSON.stringify(value).replace(/[<>&]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)

/** What holds this text as it stands. */
export const holding = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))

export const charset = 'application/json; charset=utf-8'
export const bare = 'application/json'

export type Request = Pick<Row, 'rule' | 'method' | 'path' | 'body' | 'headers'>

export const get = (rule: string, path: string): Request => ({ rule, method: 'GET', path })
export const post = (rule: string, path: string, body: object | string | Buffer<ArrayBuffer>): Request => ({
  rule,
  method: 'POST',
  path,
  body,
})

export const answers = (request: Request, answer: string | RegExp, type: string = charset): Row => ({
  ...request,
  status: 200,
  type,
  answer,
})

/** An answer that went wrong, as the native endpoints tell it. */
export const fails = (request: Request, status: number, error: string, type: string = charset): Row => ({
  ...request,
  status,
  type,
  answer: escaped({ error }),
})

const openAiTypes: Readonly<Record<number, string>> = { 400: 'invalid_request_error', 404: 'not_found_error' }

/** An answer that went wrong, as OpenAI's clients read it. */
export function failsOpenAi(request: Request, status: number, message: string): Row {
  const type = openAiTypes[status] ?? 'api_error'
  const answer = `${escaped({ error: { message, type, param: null, code: null } })}\n`
  return { ...request, status, type: bare, answer }
}

/** An answer that went wrong, as Anthropic's clients read it. */
export function failsAnthropic(request: Request, status: number, kind: string, message: string): Row {
  const error = escaped({ type: kind, message })
  return { ...request, status, type: bare, answer: `{"type":"error","error":${error},"request_id":<req_>}\n` }
}

/** A vector cut to one number and brought to length 1 in 32-bit floats: 1, or what lies beside it, by its sign and size. */
export const oneNumber = '-?(?:1|0\\.9999999\\d*|1\\.0000001\\d*)'
