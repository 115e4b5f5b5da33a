// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import type { Opening } from '../../../../preload/contract.ts'
import { useDiscover } from '../../../../renderer/features/models/discover/discover-store.ts'
import type { InstalledModel } from '../../../../renderer/features/models/installed-model.ts'
import { forgetDraft, useDraft } from '../../../../renderer/features/models/making/draft-store.ts'
import { pickModel, useModels } from '../../../../renderer/features/models/models-store.ts'
import { modelOf } from '../../../../renderer/features/models/use-model.ts'
import { takeOpenings } from '../../../../renderer/features/openings/take-openings.ts'
import { changeDraft, draftOf } from '../../../../renderer/state/drafts.ts'
import { usePlace } from '../../../../renderer/state/place.ts'
import { useSettings } from '../../../../renderer/state/settings.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'

const installed = (name: string): InstalledModel => ({
  name,
  size: 1,
  parameters: '1B',
  demo: false,
  chats: true,
  sees: false,
  abilities: [],
  changedAt: 0,
})

let hearth: FakeHearth
let waiting: Opening[]
beforeEach(() => {
  hearth = installHearth({
    'app.takeOpenings': () => waiting.splice(0),
    'drafts.get': () => ({ text: '', attachments: [] }),
    'settings.change': change => ({ ...useSettings.getState(), ...change }),
  })
  useModels.setState({ models: ['usual', 'other'].map(installed), picked: {} })
  useSettings.setState({ model: 'usual' })
  useDiscover.setState({ linked: null })
  useToasts.setState({ toasts: [] })
  changeDraft(null, { text: '' })
  forgetDraft()
})

const take = (...openings: Opening[]) => {
  waiting = openings
  return takeOpenings()
}

describe('a link to a chat', () => {
  it('writes its question into the box of a new chat, and sends nothing', async () => {
    await take({ kind: 'chat', model: '', prompt: 'Why is the sky blue?' })
    expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: null })
    expect(draftOf(null).text).toBe('Why is the sky blue?')
    expect(hearth.inputsOf('conversations.send')).toEqual([])
  })

  // What the person was writing is theirs.
  it('puts it behind what stands there', async () => {
    changeDraft(null, { text: 'My half-written thought' })
    await take({ kind: 'chat', model: '', prompt: 'And this' })
    expect(draftOf(null).text).toBe('My half-written thought\n\nAnd this')
  })

  it('takes its model for this chat alone, until the person picks another', async () => {
    await take({ kind: 'chat', model: 'OTHER:latest', prompt: '' })
    expect(modelOf(null).name).toBe('other')
    expect(hearth.inputsOf('settings.change')).toEqual([])
    await pickModel(null, 'usual')
    expect(modelOf(null).name).toBe('usual')
  })

  it('says that its model is not here, and gets none for it', async () => {
    await take({ kind: 'chat', model: 'absent:7b', prompt: 'Hello' })
    const [toast] = useToasts.getState().toasts
    expect(toast).toMatchObject({ text: 'openings.modelNotHere', values: { model: 'absent:7b' } })
    expect(draftOf(null).text).toBe('Hello')
    expect(modelOf(null).name).toBe('usual')
    expect(hearth.inputsOf('pulls.start')).toEqual([])
    toast?.action?.perform()
    expect(useDiscover.getState().linked).toBe('absent:7b')
  })
})

it('a link to a model shows it in Discover, and asks no other computer about it', async () => {
  await take({ kind: 'model', model: 'qwen3:4b' })
  expect(usePlace.getState().place).toEqual({ kind: 'models', view: 'discover' })
  expect(useDiscover.getState().linked).toBe('qwen3:4b')
  expect(hearth.calls.map(({ name }) => name)).toEqual(['app.takeOpenings'])
})

it('a link that is not understood says so, and leaves the window where it is', async () => {
  usePlace.setState({ place: { kind: 'settings' } })
  await take({ kind: 'unknown-link' })
  expect(useToasts.getState().toasts).toMatchObject([{ text: 'openings.unknownLink' }])
  expect(usePlace.getState().place).toEqual({ kind: 'settings' })
})

describe('a file', () => {
  const files = {
    token: 't',
    name: 'llama.gguf',
    format: 'gguf' as const,
    kind: 'model' as const,
    bytes: 1,
    precision: 'F16',
    parameters: 1,
  }

  it('is the base of a model to be made, and makes none', async () => {
    await take({ kind: 'file', files })
    expect(usePlace.getState().place).toEqual({ kind: 'models', view: 'create' })
    expect(useDraft.getState().draft.base).toEqual({ kind: 'files', files })
    expect(hearth.inputsOf('makings.start')).toEqual([])
  })

  it('that is no model says why, where a model would be made of it', async () => {
    await take({ kind: 'unusable-file', problem: problem('broken-model-file') })
    expect(usePlace.getState().place).toEqual({ kind: 'models', view: 'create' })
    expect(useDraft.getState().mishap).toMatchObject({ why: { problem: { code: 'broken-model-file' } } })
  })
})
