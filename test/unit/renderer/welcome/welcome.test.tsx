// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { openConversation, useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { installedModel } from '../../../../renderer/features/models/installed-model.ts'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { Welcome } from '../../../../renderer/features/welcome/welcome.tsx'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// Two chats stood in the list, with the same question.
it('begins one chat of an example that is clicked twice, and another try of one that was not taken', async () => {
  // Beside the demo, so that none is proposed.
  const models = ['mine', 'hearth-demo'].map(name => installedModel({ name, size: 1 }, 'hearth-demo'))
  useModels.setState({ models })
  useConversations.setState({ conversations: [] })
  let refuse = () => {}
  const hearth = installHearth({
    'models.found': () => ({ models: [] }),
    'modelsFolder.others': () => ({ folders: [] }),
    'conversations.send': () =>
      new Promise((_, reject) => {
        refuse = () => reject(problem('disk-full'))
      }),
  })
  openConversation(null)
  stage(<Welcome />)
  const example = screen.getByRole('button', { name: 'Why is the sky blue?' })
  await userEvent.dblClick(example)
  expect(hearth.inputsOf('conversations.send')).toHaveLength(1)
  await act(async () => refuse())
  expect(useChat.getState().sendProblem).toMatchObject({ code: 'disk-full' })
  await userEvent.click(example)
  expect(hearth.inputsOf('conversations.send')).toHaveLength(2)
})

// It promised the demo back at the next start, and proposed a download for which there was no place; then again, as
// soon as the notice was closed.
it('says that the disk of the models is away, and proposes none then', () => {
  useModels.setState({ models: [] })
  useConversations.setState({ conversations: [] })
  const hearth = installHearth({
    'models.found': () => ({ models: [] }),
    'modelsFolder.others': () => ({ folders: [] }),
  })
  openConversation(null)
  stage(<Welcome />)
  act(() => hearth.emit('modelsFolder.watch', { path: '/disk', writable: false, away: true, fixed: false, move: null }))
  expect(screen.getByText(/^The models are not there to answer. Connect the disk/)).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
  expect(hearth.inputsOf('models.catalogue')).toHaveLength(0)
})
