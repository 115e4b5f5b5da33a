import { goJson } from '../go/text.ts'
import type { Portions } from '../portions.ts'
import { asProblem, type Problem } from '../problem.ts'
import { abortedWith, pulledBody } from './pulled-body.ts'
import { bareJsonType, errorBody, errorResponse, json, jsonType } from './responses.ts'

export interface Stream<T> {
  /** Makes the values; the signal fires when the client is gone. */
  readonly values: (signal: AbortSignal) => Portions<T>
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
 * One JSON line per value, those of a portion sent together as soon as it exists, and made only when the client has taken
 * the one before. An error before the first line is an answer with its status; a later one is a last line, as the status
 * is gone by then (upstream server/routes.go, streamResponse).
 */
export async function ndjson<T>(request: Request, { values, write, alone, unopened }: Stream<T>): Promise<Response> {
  const gone = abortedWith(request)
  const source = values(gone.signal)[Symbol.asyncIterator]()
  let first: IteratorResult<readonly T[]>
  try {
    first = await source.next()
    const [value] = first.done ? [] : first.value
    if (value !== undefined && alone?.(value)) {
      await source.return?.()
      return json(write(value))
    }
  } catch (error) {
    const problem = asProblem(error)
    return errorResponse(problem, unopened?.(problem) ? jsonType : bareJsonType)
  }
  const fail = (problem: Problem): string => line(errorBody(problem))
  const body = pulledBody({ source, first, gone, write: (value: T) => line(write(value)), fail })
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } })
}

/** Runs `work` with a signal that fires when the client is gone. */
export function untilGone<T>(request: Request, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return work(abortedWith(request).signal)
}

const line = (value: object): string => `${goJson(value)}\n`
