import { create } from 'zustand'
import type { Conversation } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { go, openConversationId, type Place, usePlace } from '../../state/place.ts'
import { shortened, showToast } from '../../state/toasts.ts'

/** Where a title is being written: in the list or in the header of the chat. */
export type TitlePlace = 'list' | 'header'

export const useRenaming = create<{ renaming: { id: string; at: TitlePlace } | null }>(() => ({ renaming: null }))

export const startRename = (id: string, at: TitlePlace) => useRenaming.setState({ renaming: { id, at } })

export const endRename = () => useRenaming.setState({ renaming: null })

/** Gives a conversation another title; an empty one gives back the one made from its first question. */
export async function rename({ id, title }: Conversation, next: string): Promise<void> {
  endRename()
  if (next.trim() !== title)
    await call('conversations.rename', { conversationId: id, title: next.trim().slice(0, longest.title) })
}

/** Those this window has moved to the trash itself. */
const removedHere = new Set<string>()

/** Moves a conversation to the trash and offers to take it out again. */
export async function remove({ id, title }: Conversation): Promise<void> {
  const wasOpen = openConversationId(usePlace.getState().place) === id
  removedHere.add(id)
  try {
    await call('conversations.delete', { conversationId: id })
  } catch (error) {
    removedHere.delete(id)
    throw error
  }
  if (openConversationId(usePlace.getState().place) === id) go(nowhere, { replace: true })
  showToast({
    ...(title ? { text: 'history.deleted', values: { title: shortened(title) } } : { text: 'history.deletedUntitled' }),
    action: { label: 'app.undo', perform: () => attempt(() => takeBack(id, wasOpen)) },
    about: id,
  })
}

/**
 * The chat in front of the person is gone; where another window deleted it, they are told, as nothing was done here.
 */
export function leaveRemoved(id: string): void {
  go(nowhere, { replace: true })
  if (removedHere.has(id)) return
  showToast({
    text: 'history.deletedElsewhere',
    action: { label: 'app.undo', perform: () => attempt(() => takeBack(id, true)) },
    about: id,
  })
}

/** A conversation was opened and is there: one that was in the trash has been taken out of it, here or elsewhere. */
export function foundAgain(id: string): void {
  removedHere.delete(id)
}

/** Takes a conversation out of the trash, and goes back into it unless the person has gone somewhere else meanwhile. */
async function takeBack(id: string, wasOpen: boolean): Promise<void> {
  await call('conversations.restore', { conversationId: id })
  const { place } = usePlace.getState()
  if (wasOpen && place.kind === 'chat' && place.conversationId === null) {
    go({ kind: 'chat', conversationId: id }, { replace: true })
  }
}

/** Where a deleted chat leaves the person. */
const nowhere: Place = { kind: 'chat', conversationId: null }
