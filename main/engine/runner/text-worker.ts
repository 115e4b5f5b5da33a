import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { TextService } from './text-service.ts'
import type { FromTextThread, ToTextThread } from './text-thread.ts'

/** Entry of the thread that computes answers, see text-thread.ts. */

const port = parentPort!
const post = (message: FromTextThread) => port.postMessage(message)
let service: TextService | undefined

function handle(message: ToTextThread): void {
  if (message.type === 'open') {
    service = new TextService(message.data, post)
    post({ type: 'ready', contextSize: service.contextSize })
  } else service?.handle(message)
}

/** Computes until nobody waits for anything, hearing between two batches what has come meanwhile. */
port.on('message', (message: ToTextThread) => {
  handle(message)
  do {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) handle(next.message)
  } while (service?.turn())
})
