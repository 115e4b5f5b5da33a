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

/** Characters from which a piece goes out, whatever else is there already. */
const longPiece = 16 * 1024

/**
 * The bytes of a stream. A value is made when the client has taken those before; what is there already when one goes
 * out goes with it, as each write costs the client a wake-up too.
 */
export function pulledBody<T>({ source, first, gone, write, fail }: PulledBody<T>): ReadableStream<Uint8Array> {
  let next: Promise<IteratorResult<T>> = Promise.resolve(first)
  let cancelled = false

  /** Adds values to a piece until none is there yet. @returns whether the stream has ended with it */
  async function gather(piece: string[]): Promise<boolean> {
    for (let length = 0; length < longPiece; ) {
      const result = length === 0 ? await next : await Promise.race([next, turnOfTheLoop()])
      if (result === undefined) return false
      if (result.done) return true
      const text = write(result.value)
      piece.push(text)
      length += text.length
      next = source.next()
      // It is waited for below, or when the client asks for more: until then its failure is nobody's yet.
      next.catch(() => undefined)
    }
    return false
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece: string[] = []
        let ended = true
        try {
          ended = await gather(piece)
        } catch (error) {
          if (!gone.signal.aborted) piece.push(fail(asProblem(error)))
        }
        if (cancelled) return
        if (piece.length > 0) controller.enqueue(Buffer.from(piece.join('')))
        if (ended) controller.close()
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

function turnOfTheLoop(): Promise<undefined> {
  return new Promise(resolve => setImmediate(resolve, undefined))
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
