// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { remove } from '../../../../renderer/features/history/history-store.ts'
import { nothing, removeForGood, takeBack } from '../../../../renderer/features/trash/trash-store.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { aConversation, installHearth, problem } from '../fake-hearth.ts'

const deleted = (id: string) => ({ id, title: `Chat ${id}`, deletedAt: 0, messages: 2 })
const told = () => useToasts.getState().toasts.map(({ text, values }) => [text, values?.title])

beforeEach(async () => {
  installHearth({
    'trash.list': () => [],
    'trash.messages': () => [],
    // The forms of another Hearth cannot be read: chats are taken back all the same.
    'forms.trash': () => {
      throw problem('locked')
    },
  })
  useToasts.setState({ toasts: [] })
  await remove(aConversation({ id: 'one' }))
  await remove(aConversation({ id: 'two' }))
})

// Its Undo was refused: what it spoke of was no longer there.
test('the message that a chat was deleted goes when the chat is removed for good', async () => {
  await removeForGood({ ...nothing, chats: [deleted('one')] })
  expect(told()).toEqual([['history.deleted', 'Chat two']])
})

test('it goes when the chat is taken back', async () => {
  await takeBack(deleted('two'))
  expect(told()).toEqual([
    ['history.deleted', 'Chat one'],
    ['trash.restored', undefined],
  ])
})
