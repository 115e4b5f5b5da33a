import { create } from 'zustand'
import type { CallOutput } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { go } from '../../state/place.ts'
import { closeToastsAbout, showToast } from '../../state/toasts.ts'

export type DeletedChat = CallOutput<'trash.list'>[number]

/** What is in the trash, the last deleted first; null before it is known. */
export const useTrash = create<{ chats: readonly DeletedChat[] | null }>(() => ({ chats: null }))

export async function refreshTrash(): Promise<void> {
  useTrash.setState({ chats: await call('trash.list', {}) })
}

/** Takes a chat out of the trash. */
export async function takeBack({ id }: DeletedChat): Promise<void> {
  await call('conversations.restore', { conversationId: id })
  closeToastsAbout([id])
  await refreshTrash()
  showToast({
    text: 'trash.restored',
    action: { label: 'trash.open', perform: () => go({ kind: 'chat', conversationId: id }) },
  })
}

/** Removes chats for good: those the person has seen, not what came into the trash since. */
export async function removeForGood(chats: readonly DeletedChat[]): Promise<void> {
  const conversationIds = chats.map(({ id }) => id)
  await call('trash.remove', { conversationIds })
  closeToastsAbout(conversationIds)
  await refreshTrash()
}
