// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { sendQuestion } from '../../../../renderer/features/chat/chat-store.ts'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { TuningPanel } from '../../../../renderer/features/tuning/tuning-panel.tsx'
import {
  saveTuningOnLeaving,
  setSystem,
  tuningOf,
  useTuningState,
} from '../../../../renderer/features/tuning/tuning-store.ts'
import { ollama } from '../../../../renderer/state/ollama.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const small = {
  name: 'small',
  size: 1,
  parameters: '',
  demo: false,
  chats: true,
  sees: false,
  abilities: [],
  changedAt: 0,
}

// It said 4096, also to a model of 2,048, as if that could be had.
test('where no context length is set, its field shows the one that holds, which is what the model can at most', async () => {
  installHearth({ 'drafts.get': () => ({ text: '', attachments: [] }) })
  const info = { 'general.architecture': 'llama', 'llama.context_length': 2_048 }
  vi.spyOn(ollama, 'show').mockResolvedValue({ model_info: info } as never)
  useModels.setState({ models: [small] })
  useTuningState.setState({ open: true })
  stage(<TuningPanel conversationId={null} />)
  const field = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Context length' })
  expect(field.placeholder).toBe('4096')
  await waitFor(() => expect(field.placeholder).toBe('2048'))
})

// The end of a system prompt was lost with the window.
test('what was just written is saved as the window goes', async () => {
  const hearth = installHearth()
  saveTuningOnLeaving()
  setSystem('c1', 'You are a pirate.')
  window.dispatchEvent(new Event('pagehide'))
  expect(hearth.inputsOf('conversations.configure')).toMatchObject([
    { conversationId: 'c1', system: 'You are a pirate.' },
  ])
})

// A chat that began with an example left them to every chat after it.
test('settings for the next chat go with the one that begins, whatever question it begins with', async () => {
  const hearth = installHearth({
    'drafts.get': () => ({ text: '', attachments: [] }),
    'drafts.keep': () => ({ revision: 1 }),
    'conversations.send': () => ({ conversationId: 'c2', questionId: 'q', replyId: 'r' }),
  })
  setSystem(null, 'You are a pirate.')
  await sendQuestion({ conversationId: null, text: 'Ahoy?', attachments: [], model: 'small', parentId: null })
  expect(hearth.inputsOf('conversations.send')).toMatchObject([{ system: 'You are a pirate.' }])
  expect(tuningOf(null).system).toBe('')
})
