import { create } from 'zustand'
import type { Conversation } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { go, openConversationId, type Place, usePlace } from '../../state/place.ts'
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
  const wasOpen = openConversationId(usePlace.getState().place) === id
  await call('conversations.delete', { conversationId: id })
  if (openConversationId(usePlace.getState().place) === id) go(nowhere, { replace: true })
  const restore = async () => {
    await call('conversations.restore', { conversationId: id })
    // Back into the chat, unless the person has gone somewhere else meanwhile.
    const { place } = usePlace.getState()
    if (wasOpen && place.kind === 'chat' && place.conversationId === null) {
      go({ kind: 'chat', conversationId: id }, { replace: true })
    }
  }
  showToast({
    ...(title ? { text: 'history.deleted', values: { title: shortened(title) } } : { text: 'history.deletedUntitled' }),
    action: { label: 'app.undo', perform: () => attempt(restore) },
    about: id,
  })
}

/** Where a deleted chat leaves the person. */
const nowhere: Place = { kind: 'chat', conversationId: null }

/** Letters of a title that a toast has room for. */
const room = 40

const shortened = (title: string) => (title.length > room ? `${title.slice(0, room).trimEnd()}…` : title)
