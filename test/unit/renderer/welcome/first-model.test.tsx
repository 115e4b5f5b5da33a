// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { OtherFolder } from '../../../../preload/contract.ts'
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
