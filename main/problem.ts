import type { ProblemCode } from '../preload/contract-problems.ts'
import { wordsOf } from './go/system-error.ts'

export type { ProblemCode }

/**
 * The one error type that crosses rooms. `message` is the English text the API answers with (Ollama's own wording
 * where it has one); `code` is what the window turns into words of the person's language.
 */
export class Problem extends Error {
  override readonly name = 'Problem'

  /**
   * @param code what kind of trouble, for the window
   * @param status the HTTP status the API answers with
   * @param message English text, the API's `error` field
   * @param details what a developer wants to see (an engine's log, a path); shown only behind "details"
   */
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    message: string,
    readonly details?: string,
  ) {
    super(message)
  }
}

/** Any thrown thing as a Problem: a full disk is recognised, the rest is `internal`, in words where the system refused. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Error) {
    if (error.name === 'AbortError') return new Problem('cancelled', 499, 'request canceled')
    const errno = (error as NodeJS.ErrnoException).code
    if (errno === 'ENOSPC' || errno === 'EDQUOT')
      return new Problem('disk-full', 500, 'no space left on device', error.message)
    return new Problem('internal', 500, wordsOf(error), error.stack)
  }
  return new Problem('internal', 500, String(error))
}

/**
 * What the contract tells of with a problem in it, in main: there it stays as it is thrown until it crosses the bridge.
 */
export type WithProblem<Told extends { problem: unknown }> = Readonly<Omit<Told, 'problem'>> & {
  readonly problem: Problem | null
}
