// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { remove } from '../../../../renderer/features/history/history-store.ts'
import { go, usePlace } from '../../../../renderer/state/place.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { aConversation, type FakeHearth, installHearth } from '../fake-hearth.ts'

const conversation = aConversation({ id: 'c1', title: 'A chat' })
let hearth: FakeHearth
beforeEach(() => {
  hearth = installHearth({ 'conversations.delete': () => ({}) })
  useToasts.setState({ toasts: [] })
})

const open = () => {
  go({ kind: 'chat', conversationId: 'c1' })
  openConversation('c1')
}
const isThere = () => hearth.emit('conversations.watch', { type: 'all', conversation, messages: [] })
const isGone = () => hearth.emit('conversations.watch', { type: 'removed' })
const told = () => useToasts.getState().toasts.map(({ text }) => text)

// This window had deleted it once: when another one did so after it had come back, the chat vanished without a word.
it('a chat that another window deletes is told of, also where this one had deleted it before', async () => {
  open()
  isThere()
  await remove(conversation)
  open()
  isGone()
  // Back by the history of places: it is gone by this window's own doing.
  expect(told()).toEqual(['history.deleted'])
  expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: null })

  open()
  isThere()
  openConversation('c1')
  isGone()
  expect(told()).toContain('history.deletedElsewhere')
})
