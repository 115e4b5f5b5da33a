import { goJson } from '../go/text.ts'
import type { Portions } from '../portions.ts'
import type { Problem } from '../problem.ts'
import { abortedWith, pulledBody } from './pulled-body.ts'

/** One server-sent event; data is an object, or a word such as `[DONE]`. */
export interface SseEvent {
  readonly event?: string
  readonly data: object | string
}

export interface EventStream {
  /** Makes the events; the signal fires when the client is gone. */
  readonly events: (signal: AbortSignal) => Portions<SseEvent>
  /** The last event of a stream that fails in its middle. */
  readonly failed: (problem: Problem) => SseEvent
  /** Beside the content type. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Events as text/event-stream, those of a portion sent together as soon as it exists, and made only when the client has
 * taken the one before. Resolves when the first event is there.
 * @throws what `events` throws before its first event, which so can be answered with a status
 */
export async function sse(request: Request, { events, failed, headers }: EventStream): Promise<Response> {
  const gone = abortedWith(request)
  const source = events(gone.signal)[Symbol.asyncIterator]()
  const first = await source.next()
  const fail = (problem: Problem): string => frame(failed(problem))
  return new Response(pulledBody({ source, first, gone, write: frame, fail }), {
    headers: { 'Content-Type': 'text/event-stream', ...headers },
  })
}

/** JSON has no line breaks, so that one `data:` line holds it. */
function frame({ event, data }: SseEvent): string {
  const name = event === undefined ? '' : `event: ${event}\n`
  return `${name}data: ${typeof data === 'string' ? data : goJson(data)}\n\n`
}
