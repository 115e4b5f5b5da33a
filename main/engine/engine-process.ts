/** Entry of an engine process: a model and the work with it, apart from everything else, talking only to main. */
import { join } from 'node:path'
import { MultimodalRunner } from './multimodal/multimodal-runner.ts'
import { parentPort } from './parent-port.ts'
import type { FromEngine, ToEngine } from './protocol.ts'
import { TextRunner } from './runner/text-runner.ts'

// The order of the native jobs depends on it (environment.ts); libuv reads it before any code of ours runs.
if (process.env.UV_THREADPOOL_SIZE !== '1') throw new Error('an engine process needs UV_THREADPOOL_SIZE=1')

const port = parentPort<ToEngine, FromEngine>()

// A leaving process does not wait for a batch that is being computed, as exit() would: nothing in it is worth saving.
const leave = () => process.kill(process.pid, 'SIGKILL')

// The first message loads the model, and with it decides which build of llama.cpp this process runs.
let runner: TextRunner | MultimodalRunner | undefined
const runnerFor = (message: ToEngine) =>
  message.type === 'load' && message.options.withProjector
    ? new MultimodalRunner(answer => port.post(answer), leave)
    : new TextRunner(answer => port.post(answer), join(import.meta.dirname, 'text-worker.js'))

port.onMessage(message => {
  if (message.type === 'exit') process.exit(0)
  runner ??= runnerFor(message)
  runner.handle(message)
})
port.onClosed(leave)
// Ctrl-C in a terminal reaches every process of the group; main alone decides when an engine ends.
process.on('SIGINT', () => {})

// Whatever fails outside of a request may leave others waiting for ever; when the process ends, main tells them. Left
// to themselves, Electron's processes only warn of a rejection.
const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
