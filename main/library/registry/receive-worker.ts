import { workerData } from 'node:worker_threads'
import type { Dispatcher } from 'undici'
import { serveJobs } from '../../threads/job-port.ts'
import { getInto } from './get-into.ts'
import { mayHaveProxy } from './proxies.ts'
import type { ReceiveAnswer, ReceiveOrder, ReceiverSettings } from './receiver.ts'
import { BlocksToFill } from './recent-blocks.ts'
import { Reception } from './reception.ts'

/** The thread that receives blobs (see receiver.ts). */

const { stall, memory } = workerData as ReceiverSettings
const blocks = new BlocksToFill(memory)
const receptions = new Map<number, Reception>()
const hasProxy = mayHaveProxy()
let agent: Promise<Dispatcher> | undefined

async function getByProxy(reception: Reception, url: URL, headers: Readonly<Record<string, string>>): Promise<void> {
  agent ??= import('./agent.ts').then(({ registryAgent }) => registryAgent(stall))
  const { origin, pathname, search } = url
  const options = { origin, path: pathname + search, method: 'GET', headers } as const
  ;(await agent).dispatch(options, {
    onRequestStart: controller => {
      reception.giveUp = () => controller.abort(new Error('over'))
      if (reception.isOver) reception.giveUp()
    },
    onResponseStart: (_, statusCode, head) => {
      // 1xx: the answer proper follows.
      if (statusCode >= 200) reception.begin(statusCode, head)
    },
    onResponseData: (_, chunk) => reception.take(chunk),
    onResponseEnd: () => reception.end(),
    onResponseError: (_, error) => reception.fail(error),
  })
}

serveJobs<ReceiveOrder, ReceiveAnswer>(async (job, order, say) => {
  if ('cancel' in order) {
    receptions.get(job)?.cancel()
    return
  }
  const tell = (answer: ReceiveAnswer) => {
    say(answer)
    if ('answered' in answer || 'failed' in answer) receptions.delete(job)
  }
  const reception = new Reception(order.into, blocks, tell)
  receptions.set(job, reception)
  const url = new URL(order.url)
  if (hasProxy) await getByProxy(reception, url, order.headers)
  else getInto(reception, url, { headers: order.headers, stall })
})
