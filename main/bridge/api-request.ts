import type { StreamEvent, StreamInput } from '../../preload/contract.ts'
import { asProblem } from '../problem.ts'
import { problemInfo } from './problem-info.ts'

type ApiEvent = StreamEvent<'api.request'>

/** Any host will do, as no network is involved; this one passes the API's check of the Host header. */
const origin = 'http://localhost'

/**
 * Requests being answered. Node's Request follows the signal it was made with only weakly: one that is collected while
 * somebody listens to its own signal takes the abort with it, and the answer would go on for nobody.
 */
const inFlight = new Set<Request>()

/**
 * One request to the API app, with no socket between: the same answer as over HTTP, as events. It fails as an event,
 * never by throwing.
 * @param signal aborts the request and the answer's body
 */
export async function* apiRequest(
  fetch: (request: Request) => Response | Promise<Response>,
  input: StreamInput<'api.request'>,
  signal: AbortSignal,
): AsyncGenerator<ApiEvent> {
  let request: Request | undefined
  try {
    // Glued, not resolved: `//host/path` must stay a path.
    request = new Request(`${origin}${input.path}`, {
      method: input.method,
      headers: input.headers,
      body: input.body as RequestInit['body'],
      signal,
    })
    inFlight.add(request)
    const response = await fetch(request)
    yield { type: 'head', status: response.status, headers: Object.fromEntries(response.headers) }
    if (response.body !== null) yield* chunksOf(response.body, signal)
    yield { type: 'end' }
  } catch (error) {
    yield { type: 'failed', problem: problemInfo(asProblem(error)) }
  } finally {
    if (request) inFlight.delete(request)
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): AsyncGenerator<ApiEvent> {
  const reader = body.getReader()
  // Cancelling, not only leaving: a body that has nothing to give at the moment would keep its source alive. A body
  // that failed refuses it, and has told its error to read().
  const cancel = () => void reader.cancel(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield { type: 'body', chunk: value }
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
