// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Message } from '../../../../preload/contract.ts'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { MessageList } from '../../../../renderer/features/chat/message-list.tsx'
import { aConversation, aMessage, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const calling = aMessage({ id: 'a', toolCalls: [{ id: 'call', name: 'weather', arguments: { city: 'Bern' } }] })
const result = aMessage({
  id: 't',
  parentId: 'a',
  role: 'tool',
  content: '12 degrees',
  tool: { name: 'weather' } as Message['tool'],
})
const notRun = 'Hearth runs no tools: nothing was called.'

// The result stands right below its call: a chat of thousands of messages is not looked through for it.
it.each([
  ['an answered call does not say that nobody ran it', [calling, result], 0],
  [
    'a call without an answer says so, whatever was asked next',
    [calling, aMessage({ id: 'q', parentId: 'a', role: 'user' })],
    1,
  ],
])('%s', async (_, messages, times) => {
  const hearth = installHearth()
  openConversation('c')
  hearth.emit('conversations.watch', { type: 'all', conversation: aConversation({ id: 'c' }), messages })
  stage(<MessageList />)
  await screen.findByText('Bern')
  expect(screen.queryAllByText(notRun)).toHaveLength(times)
})
