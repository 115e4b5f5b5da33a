import type { NoticeContent } from '../../../preload/contract.ts'
import { asProblem } from '../../problem.ts'
import type { Api } from '../app.ts'
import { CannotListen, type Listening, type ListenOptions, listen } from '../http.ts'

/** Ports tried after the wanted one. */
const furtherPorts = 20

export interface ApiDoor {
  readonly listening: Listening
  /** The wanted port belonged to somebody else. */
  readonly moved: boolean
}

/**
 * Listens for the API; where the port is taken, as by an Ollama that runs, on the next free one. A person who opens the
 * app wants to chat, and other programs can be told the other address.
 * @throws CannotListen when none can be had, Problem when OLLAMA_ORIGINS is wrong
 */
export async function openApiDoor(api: Api, options: ListenOptions): Promise<ApiDoor> {
  let refusal: CannotListen | undefined
  for (let port = options.port; port <= Math.min(options.port + furtherPorts, 65_535); port += 1) {
    try {
      return { listening: await listen(api, { ...options, port }), moved: port !== options.port }
    } catch (error) {
      if (!(error instanceof CannotListen) || !elsewhere.has(error.code)) throw error
      refusal ??= error
    }
  }
  throw refusal ?? new CannotListen('EADDRINUSE', options.host, options.port)
}

/** Reasons that a neighbouring port may not have. */
const elsewhere = new Set(['EADDRINUSE', 'EACCES'])

/** What the person is told when `openApiDoor` failed: only a port in use belongs to another program. */
export function apiOffNotice(error: unknown, port: number): NoticeContent {
  if (error instanceof CannotListen && error.code === 'EADDRINUSE') {
    return { code: 'port-taken', values: { wanted: port } }
  }
  return { code: 'api-not-listening', values: { reason: asProblem(error).message } }
}
