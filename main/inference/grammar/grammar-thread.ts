import { JobThread } from '../../threads/job-thread.ts'
import { jsonSchemaGrammar } from './json-schema.ts'

/**
 * Turns schemas into grammars in a thread of its own: an unlucky one takes a third of a second, during which main could
 * serve nobody.
 */
export class GrammarThread {
  readonly #thread: JobThread<object, string>

  /** @param path the bundled grammar-worker.js */
  constructor(path: string) {
    this.#thread = new JobThread({ path, name: 'the thread that reads schemas' })
  }

  /** @throws Problem 400 as `jsonSchemaGrammar` does, 500 when the thread ended */
  async grammar(schema: object): Promise<string> {
    const job = this.#thread.begin()
    try {
      return await job.ask(schema)
    } catch (error) {
      // Nested too deep to be sent, and refused for that before any work is done on it.
      if (error instanceof RangeError) return jsonSchemaGrammar(schema)
      throw error
    } finally {
      job.end()
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
