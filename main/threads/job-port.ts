import { parentPort, type TransferListItem } from 'node:worker_threads'
import { asProblem } from '../problem.ts'
import type { FromThread, ToThread } from './job-thread.ts'

/** Says something of a job to whoever asked. */
export type Tell<From> = (said: From, transfer?: readonly TransferListItem[]) => void

/**
 * A thread's side of a JobThread.
 * @param hear takes each message about a job; what it throws is told as the job's failure
 */
export function serveJobs<To, From>(hear: (job: number, message: To, tell: Tell<From>) => void | Promise<void>): void {
  const port = parentPort!
  const post = (message: FromThread<From>, transfer: readonly TransferListItem[] = []): void =>
    port.postMessage(message, transfer)
  port.on('message', async ([job, message]: ToThread<To>) => {
    try {
      await hear(job, message, (said, transfer) => post([job, { said }], transfer))
    } catch (error) {
      const { code, status, message: text } = asProblem(error)
      post([job, { failed: { code, status, message: text } }])
    }
  })
}
