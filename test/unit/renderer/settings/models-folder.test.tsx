// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { ModelsPlace, OtherFolder } from '../../../../preload/contract.ts'
import { ModelsFolder } from '../../../../renderer/features/settings/models-folder.tsx'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth
const others: OtherFolder[] = [
  { path: '/home/ann/.ollama/models', access: 'all', models: 1, bytes: 2e9 },
  { path: '/usr/share/ollama', access: 'none', models: 0, bytes: 0 },
]

const tell = (over: Partial<ModelsPlace> = {}) =>
  act(() =>
    hearth.emit('modelsFolder.watch', {
      path: '/models',
      writable: true,
      away: false,
      fixed: false,
      move: null,
      ...over,
    }),
  )
const moving = { from: '/models', to: '/big/models', inPlace: false, completed: 0, total: 0, problem: null }

beforeEach(() => {
  hearth = installHearth({
    'modelsFolder.move': () => ({ begun: true }),
    'modelsFolder.others': () => ({ folders: others }),
  })
  stage(<ModelsFolder />)
})

const button = () => screen.getByRole('button', { name: 'Move models…' }) as HTMLButtonElement

it('shows where the models lie, and moves them on a click', async () => {
  tell()
  expect(screen.getByText('/models')).toBeTruthy()
  await userEvent.click(button())
  expect(hearth.inputsOf('modelsFolder.move')).toHaveLength(1)
})

// A button that does nothing, and nobody says why.
it('says that a variable of the system has the last word', () => {
  tell({ fixed: true })
  expect(screen.getByText(/OLLAMA_MODELS/)).toBeTruthy()
  expect(button().disabled).toBe(true)
})

it('shows how far it is, counting a byte once, and can be cancelled until the new folder is in use', async () => {
  tell({ move: { ...moving, state: 'copying', completed: 1_000_000_000, total: 4_000_000_000 } })
  expect(screen.getByRole('progressbar', { name: 'Progress of the move' }).getAttribute('value')).toBe('25')
  expect(screen.getByText('500 MB of 2 GB copied and checked')).toBeTruthy()
  expect(button().disabled).toBe(true)
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the move' }))
  expect(hearth.inputsOf('modelsFolder.cancel')).toHaveLength(1)
  tell({ path: '/big/models', move: { ...moving, state: 'removing' } })
  expect(screen.queryByRole('button', { name: 'Cancel the move' })).toBeNull()
})

// The disk with the models may be away: that they are in the new folder would be untrue.
it('says that nothing was moved where there was nothing', () => {
  tell({ path: '/big/models', move: { ...moving, state: 'done' } })
  expect(screen.getByRole('status').textContent).toContain('There was nothing to move')
  tell({ path: '/big/models', move: { ...moving, state: 'done', total: 2 } })
  expect(screen.getByRole('status').textContent).toBe('All models are here now.')
})

it('says what went wrong, and where the models are', () => {
  tell({ move: { ...moving, state: 'failed', problem: problem('disk-full') } })
  expect(screen.getByRole('alert').textContent).toMatch(/The disk is full.*The models are where they were/)
  expect(button().disabled).toBe(false)
})

it('says why a folder was not taken, until another is', async () => {
  tell()
  hearth.answers['modelsFolder.move'] = () => {
    throw problem('folder-not-empty')
  }
  await userEvent.click(button())
  expect((await screen.findByRole('alert')).textContent).toContain('There are files in that folder already')
  hearth.answers['modelsFolder.move'] = () => ({ begun: false })
  await userEvent.click(button())
  expect(screen.queryByRole('alert')).toBeNull()
})

it('takes another folder as it is: one of those that were found, or one that is asked for', async () => {
  tell()
  expect(await screen.findByText('A model, 2 GB')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Use this folder: /home/ann/.ollama/models' }))
  await userEvent.click(screen.getByRole('button', { name: 'Use another folder…' }))
  expect(hearth.inputsOf('modelsFolder.use')).toEqual([{ path: '/home/ann/.ollama/models' }, { path: null }])
})

// The second press was refused, in words that stood before what became of the first.
it('begins once, however often it is pressed', async () => {
  hearth.answers['modelsFolder.use'] = () => new Promise(() => {})
  tell()
  await userEvent.dblClick(await screen.findByRole('button', { name: 'Use this folder: /home/ann/.ollama/models' }))
  expect(hearth.inputsOf('modelsFolder.use')).toHaveLength(1)
})

// The models of before were thought lost.
it('says what became of the models in the folder before', () => {
  tell({ path: '/big/models', writable: false, move: { ...moving, inPlace: true, state: 'done' } })
  expect(screen.getByRole('status').textContent).toContain('Those in /models stay there')
  expect(screen.getByText(/may only read this folder/)).toBeTruthy()
})

it('says what an administrator can do about a folder that may not be looked into', async () => {
  tell()
  expect(await screen.findByText(/you may not look into it/)).toBeTruthy()
  expect(screen.getByText(/sudo chmod/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Use this folder: /usr/share/ollama' })).toBeNull()
})
