import { asProblem, type Problem } from '../problem.ts'

/** A stream on its way out: what makes its values, and how a value and a late error are written. */
export interface PulledBody<T> {
  readonly source: AsyncIterator<T>
  /** What the source gave first; the rest is asked of it when the client takes it. */
  readonly first: IteratorResult<T>
  /** Aborted when the client stops reading. */
  readonly gone: AbortController
  readonly write: (value: T) => string
  /** Text that ends the stream when the source fails: the status is gone by then. */
  readonly fail: (problem: Problem) => string
}

/** The bytes of a stream, each value made only when the client has taken the one before. */
export function pulledBody<T>({ source, first, gone, write, fail }: PulledBody<T>): ReadableStream<Uint8Array> {
  let waiting: IteratorResult<T> | undefined = first
  let cancelled = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let result: IteratorResult<T>
        try {
          result = waiting ?? (await source.next())
          waiting = undefined
        } catch (error) {
          if (!gone.signal.aborted) controller.enqueue(Buffer.from(fail(asProblem(error))))
          result = { done: true, value: undefined }
        }
        if (cancelled) return
        if (result.done) controller.close()
        else controller.enqueue(Buffer.from(write(result.value)))
      },
      async cancel() {
        cancelled = true
        gone.abort()
        await source.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/**
 * A controller that follows the request's signal. Its own reason is an AbortError, whatever the transport gave as the
 * reason.
 */
export function abortedWith(request: Request): AbortController {
  const controller = new AbortController()
  if (request.signal.aborted) controller.abort()
  else request.signal.addEventListener('abort', () => controller.abort(), { once: true })
  return controller
}
