import { goJson } from '../library/go-text.ts'
import { asProblem, type Problem } from '../problem.ts'
import { bareJsonType, errorBody, errorResponse, json, jsonType } from './responses.ts'

export interface Stream<T> {
  /** Makes the values; the signal fires when the client is gone. */
  readonly values: (signal: AbortSignal) => AsyncIterable<T>
  /** One value as the object of its line. */
  readonly write: (value: T) => object
  /**
   * True for a problem that upstream meets before it opens its stream: the answer names its charset, as every other
   * does. One met later, but before the first line, does not (upstream server/routes.go).
   */
  readonly unopened?: (problem: Problem) => boolean
  /** True for a first value that is the whole answer: it goes out as plain JSON. */
  readonly alone?: (first: T) => boolean
}

/**
 * One JSON line per value, each sent as soon as it exists and made only when the client has taken the one before. An
 * error before the first line is an answer with its status; a later one is a last line, as the status is gone by then
 * (upstream server/routes.go, streamResponse).
 */
export async function ndjson<T>(request: Request, { values, write, alone, unopened }: Stream<T>): Promise<Response> {
  const gone = abortedWith(request)
  const source = values(gone.signal)[Symbol.asyncIterator]()
  let first: IteratorResult<T> | undefined
  try {
    first = await source.next()
    if (!first.done && alone?.(first.value)) {
      await source.return?.()
      return json(write(first.value))
    }
  } catch (error) {
    const problem = asProblem(error)
    return errorResponse(problem, unopened?.(problem) ? jsonType : bareJsonType)
  }
  let cancelled = false
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let result: IteratorResult<T>
        try {
          result = first ?? (await source.next())
          first = undefined
        } catch (error) {
          if (!gone.signal.aborted) controller.enqueue(line(errorBody(asProblem(error))))
          result = { done: true, value: undefined }
        }
        if (cancelled) return
        if (result.done) controller.close()
        else controller.enqueue(line(write(result.value)))
      },
      async cancel() {
        cancelled = true
        gone.abort()
        await source.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } })
}

/** Runs `work` with a signal that fires when the client is gone. */
export function untilGone<T>(request: Request, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return work(abortedWith(request).signal)
}

/**
 * A controller that follows the request's signal. Its own reason is an AbortError, whatever the transport gave as the
 * reason.
 */
function abortedWith(request: Request): AbortController {
  const controller = new AbortController()
  if (request.signal.aborted) controller.abort()
  else request.signal.addEventListener('abort', () => controller.abort(), { once: true })
  return controller
}

const line = (value: object): Uint8Array => Buffer.from(`${goJson(value)}\n`)
