// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { MessageList } from '../../../../renderer/features/chat/message-list.tsx'
import { aConversation, aMessage, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// Who is led to a message and scrolls on by keyboard would stand still as soon as it leaves the page, focus and all.
it('the message with the focus stays in the page, however far the chat is scrolled', async () => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(40_000)
  const hearth = installHearth()
  openConversation('c')
  hearth.emit('conversations.watch', {
    type: 'all',
    conversation: aConversation({ id: 'c' }),
    messages: Array.from({ length: 400 }, (_, n) =>
      aMessage({ id: `m${n}`, parentId: n === 0 ? null : `m${n - 1}`, role: 'user', content: `Question ${n}?` }),
    ),
  })
  stage(<MessageList />)
  const box = screen.getByRole('log').parentElement!
  // The page has no layout that would bring it there; a moment later the list looks where it is.
  box.scrollTop = 40_000
  const last = await screen.findByText('Question 399?')
  const row = last.closest<HTMLElement>('[data-message]')
  await act(async () => row?.focus())
  const toTop = () =>
    act(async () => {
      box.scrollTop = 0
      box.dispatchEvent(new Event('scroll'))
    })
  await toTop()
  expect(screen.getByText('Question 0?')).toBeTruthy()
  expect(row?.isConnected).toBe(true)
  expect(document.activeElement).toBe(row)
  // And no longer than that.
  await act(async () => box.focus())
  expect(row?.isConnected).toBe(false)
})
