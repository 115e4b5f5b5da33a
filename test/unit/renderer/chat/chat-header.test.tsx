// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { ChatHeader } from '../../../../renderer/features/chat/chat-header.tsx'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { pickModel } from '../../../../renderer/features/models/models-store.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { aConversation, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// After "Use seer" the composer asked seer, and the header went on to name the one that cannot see.
it('names the model that is asked next, as soon as it is picked', async () => {
  installHearth()
  useConversations.setState({ conversations: [aConversation({ id: 'c1', model: 'blind' })] })
  await act(async () => openConversation('c1'))
  stage(<ChatHeader />)
  expect(screen.getByRole('banner').textContent).toContain('blind')
  await act(() => pickModel('c1', 'seer'))
  expect(screen.getByRole('banner').textContent).toContain('seer')
  expect(screen.getByRole('banner').textContent).not.toContain('blind')
})
