import { asProblem, Problem } from '../../problem.ts'
import type { ModelInfo } from '../engine.ts'
import { type FromEngine, protocolVersion, type Results } from '../protocol.ts'
import type { LoadListener } from './load-model.ts'

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

  /** Loads a model, and says on the way how and how far. Fails for a main process of another version. */
  load(id: number, version: number, work: (listener: LoadListener) => Promise<ModelInfo>): void {
    this.answer(id, () => {
      if (version !== protocolVersion) {
        const text = `the engine speaks version ${protocolVersion} of its protocol, not ${version}`
        throw new Problem('internal', 500, text)
      }
      return work({
        onPlanned: plan => this.#post({ type: 'planned', id, plan }),
        onProgress: fraction => this.#post({ type: 'progress', id, fraction }),
      })
    })
  }

  fail(id: number, error: unknown): void {
    const { code, status, message, details } = asProblem(error)
    this.#post({ type: 'failed', id, problem: { code, status, message, details } })
  }
}
