import { parentPort } from 'node:worker_threads'
import { asProblem } from '../../problem.ts'
import { jsonSchemaGrammar } from './json-schema.ts'
import type { FromGrammarThread, ToGrammarThread } from './thread-messages.ts'

/** The thread that turns schemas into grammars. */

const port = parentPort!

port.on('message', ({ id, schema }: ToGrammarThread) => {
  port.postMessage(answer(id, schema))
})

function answer(id: number, schema: unknown): FromGrammarThread {
  try {
    return { id, grammar: jsonSchemaGrammar(schema) }
  } catch (error) {
    const { code, status, message } = asProblem(error)
    return { id, problem: { code, status, message } }
  }
}
