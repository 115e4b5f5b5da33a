import { create } from 'zustand'
import type { Backup, StreamEvent } from '../../../preload/contract.ts'
import { call, subscribe } from '../../state/bridge.ts'
import { showToast } from '../../state/toasts.ts'

/** The backups as main tells them. Null until the first picture. */
export const useBackups = create<{ state: StreamEvent<'backups.watch'> | null }>(() => ({ state: null }))

/** Follows the backups from now on. */
export function followBackups(): void {
  subscribe('backups.watch', {}, state => useBackups.setState({ state }))
}

export async function backUp(): Promise<void> {
  await call('backups.take', {})
}

/** Gives chats and forms the state of a backup, and says that there is a way back. */
export async function goBackTo({ id }: Backup): Promise<void> {
  await call('backups.goBack', { id })
  showToast({ text: 'backups.wentBack' })
}

/** Removes a backup for good; `backups.watch` tells when it is gone. */
export async function removeBackup({ id }: Backup): Promise<void> {
  await call('backups.remove', { id })
  showToast({ text: 'backups.removed' })
}

export async function showBackups(): Promise<void> {
  await call('backups.showFolder', {})
}
