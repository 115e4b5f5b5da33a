// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { startEditing } from '../../../../renderer/features/chat/editing.ts'
import { MessageList } from '../../../../renderer/features/chat/message-list.tsx'
import { NameField } from '../../../../renderer/features/history/name-field.tsx'
import { aConversation, aMessage, type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const question = aMessage({ id: 'q', role: 'user', content: 'As it was' })

async function open(hearth: FakeHearth, id: string): Promise<void> {
  await act(async () => {
    openConversation(id)
    hearth.emit('conversations.watch', { type: 'all', conversation: aConversation({ id }), messages: [question] })
  })
}

// With the first look at another chat, or the Escape that gives up a word of an input method, all of it was gone.
it('an edit is there after another chat, and after the Escape of an input method; another Escape gives it up', async () => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  const hearth = installHearth({
    'drafts.get': () => ({ text: '', attachments: [] }),
    'drafts.keep': () => ({ revision: 1 }),
    'drafts.edits': () => ({ messageIds: [] }),
  })
  await open(hearth, 'c1')
  const first = stage(<MessageList />)
  await act(() => startEditing(question))
  const box = () => screen.queryByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your question' })
  expect(document.activeElement).toBe(box())
  await userEvent.type(box()!, ', and more')
  first.unmount()
  await open(hearth, 'c2')
  const second = stage(<MessageList />)
  expect(box()).toBeNull()
  second.unmount()
  await open(hearth, 'c1')
  stage(<MessageList />)
  expect(box()?.value).toBe('As it was, and more')
  fireEvent.keyDown(box()!, { key: 'Escape', isComposing: true })
  fireEvent.keyDown(box()!, { key: 'Escape', keyCode: 229 })
  expect(box()?.value).toBe('As it was, and more')
  fireEvent.keyDown(box()!, { key: 'Escape' })
  expect(box()).toBeNull()
})

it('a name that is being written stays through the Escape of an input method', () => {
  const onEnd = vi.fn()
  stage(<NameField value="Taxes" label="Name" maxLength={100} onEnd={onEnd} onKeyEnd={() => {}} />)
  const field = screen.getByRole('textbox', { name: 'Name' })
  fireEvent.keyDown(field, { key: 'Escape', isComposing: true })
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 })
  expect(onEnd).not.toHaveBeenCalled()
  fireEvent.keyDown(field, { key: 'Escape' })
  expect(onEnd).toHaveBeenCalledWith(null)
})
