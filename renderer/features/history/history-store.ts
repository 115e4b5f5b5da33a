import { create } from 'zustand'
import type { Conversation } from '../../../preload/contract.ts'
import { i18next } from '../../i18n/i18n.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { go, openConversationId, usePlace } from '../../state/place.ts'
import { showToast } from '../../state/toasts.ts'

/** Where a title is being written: in the list or in the header of the chat. */
export type TitlePlace = 'list' | 'header'

export const useRenaming = create<{ renaming: { id: string; at: TitlePlace } | null }>(() => ({ renaming: null }))

export const startRename = (id: string, at: TitlePlace) => useRenaming.setState({ renaming: { id, at } })

export const endRename = () => useRenaming.setState({ renaming: null })

/** Gives a conversation another title; an empty one gives back the one made from its first question. */
export async function rename({ id, title }: Conversation, next: string): Promise<void> {
  endRename()
  if (next.trim() !== title)
    await call('conversations.rename', { conversationId: id, title: next.trim().slice(0, 200) })
}

/** Moves a conversation to the trash and offers to take it out again. */
export async function remove({ id, title }: Conversation): Promise<void> {
  await call('conversations.delete', { conversationId: id })
  const wasOpen = openConversationId(usePlace.getState().place) === id
  if (wasOpen) go({ kind: 'chat', conversationId: null }, { replace: true })
  const restore = async () => {
    await call('conversations.restore', { conversationId: id })
    if (wasOpen) go({ kind: 'chat', conversationId: id }, { replace: true })
  }
  showToast({
    text: i18next.t('history.deleted', { title: shortened(title || i18next.t('history.untitled')) }),
    action: { label: i18next.t('app.undo'), perform: () => attempt(restore) },
  })
}

/** Letters of a title that a toast has room for. */
const room = 40

const shortened = (title: string) => (title.length > room ? `${title.slice(0, room).trimEnd()}…` : title)
