// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { TuningPanel } from '../../../../renderer/features/tuning/tuning-panel.tsx'
import { useTuningState } from '../../../../renderer/features/tuning/tuning-store.ts'
import { ollama } from '../../../../renderer/state/ollama.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const small = {
  ...{ name: 'small', size: 1, parameters: '', demo: false, chats: true, sees: false },
  ...{ abilities: [], changedAt: 0 },
}

// It said 4096, also to a model of 2,048, as if that could be had.
test('where no context length is set, its field shows the one that holds, which is what the model can at most', async () => {
  installHearth()
  const info = { 'general.architecture': 'llama', 'llama.context_length': 2_048 }
  vi.spyOn(ollama, 'show').mockResolvedValue({ model_info: info } as never)
  useModels.setState({ models: [small] })
  useTuningState.setState({ open: true })
  stage(<TuningPanel conversationId={null} />)
  const field = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Context length' })
  expect(field.placeholder).toBe('4096')
  await waitFor(() => expect(field.placeholder).toBe('2048'))
})
