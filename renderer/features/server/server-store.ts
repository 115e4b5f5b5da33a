import { create } from 'zustand'
import type { CallInput, LoggedRequest, ServerState } from '../../../preload/contract.ts'
import { call, subscribe } from '../../state/bridge.ts'

/** Requests the page holds; main keeps no more. */
const kept = 1000

/** The door as main tells it; null until it has. */
export const useServer = create<{ state: ServerState | null; requests: readonly LoggedRequest[] }>(() => ({
  state: null,
  requests: [],
}))

/** Follows the door and its log until the returned function is called. */
export function followServer(): () => void {
  const ends = [
    subscribe('server.watch', {}, state => useServer.setState({ state })),
    subscribe('server.log', {}, ({ type, requests }) =>
      useServer.setState(({ requests: before }) => ({
        requests: type === 'all' ? requests : [...before, ...requests].slice(-kept),
      })),
    ),
  ]
  return () => {
    for (const end of ends) end()
  }
}

/** @throws CallProblem port-taken, port-forbidden, bad-origin */
export async function changeServer(change: CallInput<'server.change'>): Promise<void> {
  await call('server.change', change)
}

export async function clearLog(): Promise<void> {
  await call('server.clearLog', {})
}
