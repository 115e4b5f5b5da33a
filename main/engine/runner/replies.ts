import { asProblem } from '../../problem.ts'
import type { FromEngine, Results } from '../protocol.ts'

/** The answers of an engine process to its numbered requests: one for each, a value or a problem. */
export class Replies {
  readonly #post: (message: FromEngine) => void

  constructor(post: (message: FromEngine) => void) {
    this.#post = post
  }

  /** Does the work and says what came of it. */
  answer(id: number, work: () => Results[keyof Results] | Promise<Results[keyof Results]>): void {
    Promise.resolve()
      .then(work)
      .then(
        value => this.#post({ type: 'done', id, value }),
        error => this.fail(id, error),
      )
  }

  fail(id: number, error: unknown): void {
    const { code, status, message, details } = asProblem(error)
    this.#post({ type: 'failed', id, problem: { code, status, message, details } })
  }
}
