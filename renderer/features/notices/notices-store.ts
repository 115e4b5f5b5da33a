import { create } from 'zustand'
import type { Notice } from '../../../preload/contract.ts'
import { call, subscribe } from '../../state/bridge.ts'

/** What the person should know that no action of theirs caused. */
export const useNotices = create<{ notices: readonly Notice[] }>(() => ({ notices: [] }))

export function followNotices(): void {
  subscribe('notices.watch', {}, notices => useNotices.setState({ notices }))
}

export async function dismissNotice({ id }: Notice): Promise<void> {
  await call('app.dismissNotice', { id })
}
