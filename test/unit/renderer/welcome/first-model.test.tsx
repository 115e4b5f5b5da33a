// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { OtherFolder } from '../../../../preload/contract.ts'
import { readCatalogue } from '../../../../renderer/features/models/discover/discover-store.ts'
import { installedModel } from '../../../../renderer/features/models/installed-model.ts'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { FirstModel } from '../../../../renderer/features/welcome/first-model.tsx'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { usePlace } from '../../../../renderer/state/place.ts'
import { installHearth } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

beforeEach(() => {
  const models = ['gemma3:latest', 'mine:latest', 'hearth-demo:latest'].map(name =>
    installedModel({ name, size: 1 }, 'hearth-demo'),
  )
  useModels.setState({ models })
  useConversations.setState({ conversations: [] })
})

const welcome = async (found: string[], folders: OtherFolder[] = []) => {
  const hearth = installHearth({
    'models.found': () => ({ models: found }),
    'models.catalogue': () => ({ asOf: '2026-01', families: [], proposal: null }),
    'modelsFolder.others': () => ({ folders }),
  })
  stage(<FirstModel />)
  await settle()
  return hearth
}

it('speaks of the models that were there before Hearth', async () => {
  await welcome(['gemma3:latest', 'removed-since'])
  expect(
    await screen.findByText('Hearth has found a model of Ollama on this computer and uses the same file.'),
  ).toBeTruthy()
})

// What Hearth had brought itself was called Ollama's.
it('does not call those Ollama’s that Hearth has brought', async () => {
  await welcome([])
  expect(screen.queryByText(/Ollama/)).toBeNull()
})

const service: OtherFolder = { path: '/usr/share/ollama/.ollama/models', access: 'read', models: 5, bytes: 12e9 }
const onlyDemo = () => useModels.setState({ models: [installedModel({ name: 'hearth-demo', size: 1 }, 'hearth-demo')] })

// Ollama's installation script gives its service a user of its own: a person's forty gigabytes were not found.
it('offers the models of an Ollama in another folder, and takes them as they are', async () => {
  onlyDemo()
  const hearth = await welcome([], [service])
  expect(screen.getByText('5 models, 12 GB')).toBeTruthy()
  expect(screen.getByText(/\/usr\/share\/ollama.*none added or deleted/)).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Use these models' }))
  expect(hearth.inputsOf('modelsFolder.use')).toEqual([{ path: service.path }])
})

it('says where the way to models goes on that may not be looked into', async () => {
  onlyDemo()
  await welcome([], [{ path: '/usr/share/ollama', access: 'none', models: 0, bytes: 0 }])
  expect(screen.getByText(/you may not look into the folder/)).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'What can be done' }))
  expect(usePlace.getState().place).toEqual({ kind: 'settings' })
})

// The proposal of another model stood there first, and gave way under the pointer.
it('proposes no model before it is known whether an Ollama has some', async () => {
  onlyDemo()
  let tell = (_: { folders: OtherFolder[] }) => {}
  const size = { model: 'qwen3:4b', parameters: 4, bytes: 2e9, fit: null }
  const family = { id: 'qwen3', name: 'Qwen 3', maker: 'Alibaba', licence: 'apache', languages: 'many' } as const
  const hearth = installHearth({
    'models.found': () => ({ models: [] }),
    'models.catalogue': () => ({
      families: [{ ...family, uses: [], abilities: [], sizes: [size] }],
      asOf: '2026-01',
      proposal: 'qwen3:4b',
    }),
    'modelsFolder.others': () =>
      new Promise(resolve => {
        tell = resolve
      }),
  })
  await readCatalogue()
  stage(<FirstModel />)
  act(() => hearth.emit('modelsFolder.watch', { path: '/m', writable: true, away: false, fixed: false, move: null }))
  const proposal = () => screen.queryByRole('region', { name: 'A good model for this computer' })
  expect(proposal()).toBeNull()
  await act(async () => tell({ folders: [] }))
  expect(proposal()).toBeTruthy()
})
