import { asProblem, type Problem } from '../problem.ts'

/** A stream on its way out: what makes its values, and how a value and a late error are written. */
export interface PulledBody<T> {
  readonly source: AsyncIterator<readonly T[]>
  /** What the source gave first; the rest is asked of it when the client takes it. */
  readonly first: IteratorResult<readonly T[]>
  /** Aborted when the client stops reading. */
  readonly gone: AbortController
  readonly write: (value: T) => string
  /** Text that ends the stream when the source fails: the status is gone by then. */
  readonly fail: (problem: Problem) => string
}

/**
 * The bytes of a stream. A portion is made when the client has taken those before, and goes out in one piece, as each
 * write costs the client a wake-up too.
 */
export function pulledBody<T>({ source, first, gone, write, fail }: PulledBody<T>): ReadableStream<Uint8Array> {
  let given: IteratorResult<readonly T[]> | undefined = first
  let cancelled = false

  /** @returns undefined at the end */
  async function next(): Promise<string | undefined> {
    const { done, value } = given ?? (await source.next())
    given = undefined
    return done ? undefined : value.map(write).join('')
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let piece: string | undefined
        let failed = false
        try {
          piece = await next()
        } catch (error) {
          failed = true
          if (!gone.signal.aborted) piece = fail(asProblem(error))
        }
        if (cancelled) return
        if (piece !== undefined) controller.enqueue(Buffer.from(piece))
        if (failed || piece === undefined) controller.close()
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
