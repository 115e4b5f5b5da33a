import { Worker } from 'node:worker_threads'
import { Problem } from '../../problem.ts'
import { jsonSchemaGrammar } from './json-schema.ts'
import type { FromGrammarThread, ToGrammarThread } from './thread-messages.ts'

interface Waiting {
  resolve(grammar: string): void
  reject(error: unknown): void
}

/**
 * Turns schemas into grammars in a thread of its own: an unlucky one takes a third of a second, during which main could
 * serve nobody. The thread is started by the first schema and kept.
 */
export class GrammarThread {
  readonly #path: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #last = 0

  /** @param path the bundled grammar-worker.js */
  constructor(path: string) {
    this.#path = path
  }

  /** @throws Problem 400 as `jsonSchemaGrammar` does, 500 when the thread ended */
  grammar(schema: object): Promise<string> {
    const id = ++this.#last
    const worker = this.#started()
    return new Promise((resolve, reject) => {
      const message: ToGrammarThread = { id, schema }
      try {
        worker.postMessage(message)
      } catch {
        // Nested too deep to be sent, and refused for that before any work is done on it.
        resolve(jsonSchemaGrammar(schema))
        return
      }
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#path)
    this.#worker = worker
    let cause = 'it ended'
    worker.on('message', (message: FromGrammarThread) => this.#answered(message))
    worker.on('error', error => {
      cause = error.message
    })
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { reject } of this.#waiting.values()) {
        reject(new Problem('internal', 500, 'the thread that reads schemas ended', cause))
      }
      this.#waiting.clear()
    })
    return worker
  }

  #answered(message: FromGrammarThread): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    // It keeps the program alive only while somebody waits for it.
    if (this.#waiting.size === 0) this.#worker?.unref()
    if ('grammar' in message) waiting?.resolve(message.grammar)
    else {
      const { code, status, message: text } = message.problem
      waiting?.reject(new Problem(code, status, text))
    }
  }
}
