// @vitest-environment happy-dom

import { act, screen } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import type { ChosenFiles } from '../../../../preload/contract.ts'
import { Drops } from '../../../../renderer/features/drops/drops.tsx'
import { addFiles } from '../../../../renderer/features/forms/fill/sources-store.ts'
import { useForms } from '../../../../renderer/features/forms/forms-store.ts'
import { forgetDraft, useDraft } from '../../../../renderer/features/models/making/draft-store.ts'
import { addPictures } from '../../../../renderer/features/pictures/draft-pictures.ts'
import { go, type Place, usePlace } from '../../../../renderer/state/place.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// How files are read is shown elsewhere; here it is who gets them.
vi.mock('../../../../renderer/features/pictures/draft-pictures.ts', () => ({ addPictures: vi.fn() }))
vi.mock('../../../../renderer/features/forms/fill/sources-store.ts', () => ({ addFiles: vi.fn() }))

const modelFile = new File(['GGUF'], 'Mine.GGUF')
const picture = new File(['…'], 'cat.png', { type: 'image/png' })
const chosen: ChosenFiles = { token: 't', kind: 'model', name: 'Mine.GGUF', format: 'gguf' } as ChosenFiles
const create = { kind: 'models', view: 'create' }

beforeEach(() => {
  const hearth = installHearth()
  hearth.offered = () => chosen
  vi.mocked(addPictures).mockReset()
  vi.mocked(addFiles).mockReset()
  useToasts.setState({ toasts: [] })
  useForms.setState({ forms: [{ id: 'f1' }] as never })
  forgetDraft()
  stage(<Drops />)
})

/** What a file manager does with files above the window. */
function drag(type: 'dragover' | 'drop', ...files: File[]): Event {
  const event = new Event(type, { bubbles: true, cancelable: true })
  Object.assign(event, { dataTransfer: { types: ['Files'], files } })
  act(() => void window.dispatchEvent(event))
  return event
}
const at = (place: Place) => act(() => go(place))

// It was refused as no picture: a person found no way from the chat to a model of their own.
it.each<Place>([
  { kind: 'chat', conversationId: 'c1' },
  { kind: 'forms', formId: 'f1' },
  { kind: 'models' },
  { kind: 'settings' },
])('leads a model file to where it becomes one, from $kind', async place => {
  at(place)
  drag('drop', modelFile)
  expect(usePlace.getState().place).toEqual(create)
  await vi.waitFor(() => expect(useDraft.getState().draft.base).toEqual({ kind: 'files', files: chosen }))
  expect(addPictures).not.toHaveBeenCalled()
  expect(addFiles).not.toHaveBeenCalled()
})

// Two places that listened by turns lost, or took for a picture, what came while one made room for the other.
it('gives files to the place the person has just gone to, though it is not drawn yet', async () => {
  at({ kind: 'chat', conversationId: 'c1' })
  act(() => {
    go({ kind: 'models' })
    const event = new Event('drop', { cancelable: true })
    window.dispatchEvent(Object.assign(event, { dataTransfer: { types: ['Files'], files: [picture] } }))
  })
  expect(addPictures).not.toHaveBeenCalled()
  expect(usePlace.getState().place).toEqual(create)
})

it('puts what comes along with a model file into the question it was dropped on', () => {
  at({ kind: 'chat', conversationId: 'c1' })
  drag('drop', picture, modelFile)
  expect(vi.mocked(addPictures).mock.calls).toEqual([['c1', [picture]]])
  expect(usePlace.getState().place).toEqual(create)
})

// The settings became documents of a question, and the model lacked nothing but words for why.
it('takes the settings of a model along with its weights', () => {
  at({ kind: 'chat', conversationId: 'c1' })
  drag('drop', ...['config.json', 'model.safetensors', 'tokenizer.json'].map(name => new File([], name)), picture)
  expect(vi.mocked(addPictures).mock.calls).toEqual([['c1', [picture]]])
  expect(usePlace.getState().place).toEqual(create)
})

it('fills a form from what is dropped on it', async () => {
  at({ kind: 'forms', formId: 'f1' })
  drag('drop', picture)
  await vi.waitFor(() => expect(vi.mocked(addFiles).mock.calls).toEqual([['f1', [picture]]]))
})

// A form that another window removed has nobody to fill it.
it.each<Place>([
  { kind: 'forms', formId: 'gone' },
  { kind: 'forms', formId: null },
  { kind: 'server' },
  { kind: 'trash' },
])('says where a file can go that nothing takes at $kind $formId', place => {
  at(place)
  expect(drag('drop', picture).defaultPrevented).toBe(true)
  expect(screen.getByText('Nothing here takes this file. Drop it on a chat or a form.')).toBeTruthy()
  expect(addFiles).not.toHaveBeenCalled()
})

it('says what dropping does while files hover, and stops when they are gone', () => {
  at({ kind: 'models' })
  drag('dragover')
  expect(screen.getByText('Drop it to make a model of it')).toBeTruthy()
  at({ kind: 'settings' })
  expect(screen.getByText('Drop a model file (.gguf) to make a model of it')).toBeTruthy()
  drag('drop', picture)
  expect(screen.queryByText(/to make a model of it/)).toBeNull()
})

// It went into the composer, while the person looked at the question they were changing.
it('hands what is dropped on a question that is edited to that question', () => {
  at({ kind: 'chat', conversationId: 'c1' })
  const box = document.body.appendChild(document.createElement('div'))
  box.dataset.draft = 'c1/q'
  const event = new Event('drop', { bubbles: true, cancelable: true })
  Object.assign(event, { dataTransfer: { types: ['Files'], files: [picture] } })
  act(() => void box.dispatchEvent(event))
  expect(addPictures).toHaveBeenCalledExactlyOnceWith('c1/q', [picture])
  box.remove()
})
