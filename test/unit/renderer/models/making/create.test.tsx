// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChosenFiles, MakeOrder, Making } from '../../../../../preload/contract.ts'
import { Create } from '../../../../../renderer/features/models/making/create.tsx'
import {
  chooseFiles,
  forgetDraft,
  makeFrom,
  takeDropped,
  takeOpened,
  useDraft,
} from '../../../../../renderer/features/models/making/draft-store.ts'
import { followMakings, useMakings } from '../../../../../renderer/features/models/making/makings-store.ts'
import { TrialPanel } from '../../../../../renderer/features/models/making/trial-panel.tsx'
import { useTrial } from '../../../../../renderer/features/models/making/trial-store.ts'
import { useToasts } from '../../../../../renderer/state/toasts.ts'
import { type FakeHearth, installHearth, problem } from '../../fake-hearth.ts'
import { settle, stage } from '../../stage.tsx'

const model: ChosenFiles = {
  token: 'weights',
  name: 'llama.gguf',
  format: 'gguf',
  kind: 'model',
  bytes: 16_000_000_000,
  precision: 'F16',
  parameters: 8_000_000_000,
}
const adapter: ChosenFiles = { ...model, token: 'lora', name: 'pirate.gguf', kind: 'adapter', bytes: 1_000_000 }

let hearth: FakeHearth
let chosen: ChosenFiles | null
beforeEach(() => {
  chosen = model
  hearth = installHearth({
    'models.choose': () => {
      if (chosen === null) throw problem('broken-model-file')
      return { chosen }
    },
    'makings.start': ({ model }) => {
      // Main, too, tells the list before it answers.
      emitMaking(model ? { model, trial: false } : {})
      return { id: 'm1', model: model || 'hearth-trial/m1' }
    },
    'models.readModelfile': ({ source }) =>
      source.startsWith('FROM')
        ? {
            ok: true,
            read: {
              from: './llama.gguf',
              fromFile: true,
              adapter: '',
              system: 'Be a pirate.',
              template: '',
              license: '',
              parameters: { temperature: 0.5, stop: ['<end>'] },
              messages: [],
            },
          }
        : { ok: false, line: 2, reason: 'command must be one of …' },
  })
  forgetDraft()
  useToasts.setState({ toasts: [] })
  useTrial.setState({ trial: null, turns: [] })
  useMakings.setState({ makings: [] })
  followMakings()
})

const page = () =>
  stage(
    <>
      <Create />
      <TrialPanel />
    </>,
  )
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const part = (name: string) => within(screen.getByRole('region', { name }))
const emitMaking = (over: Partial<Making>) =>
  hearth.emit('makings.watch', [
    {
      id: 'm1',
      model: 'hearth-trial/m1',
      trial: true,
      state: 'running',
      step: 'copying',
      completed: 0,
      total: 0,
      warnings: [],
      problem: null,
      ...over,
    },
  ])
const tell = (over: Partial<Making>) => act(() => emitMaking(over))
const asked = (): MakeOrder | undefined => hearth.inputsOf('makings.start').at(-1)

describe('what a model is made from', () => {
  it('is a file that is dropped; then it can be shrunk, with its size told in advance', async () => {
    page()
    expect(part('Size and quality').getByText('Choose first what it is made from.')).toBeTruthy()
    hearth.offered = () => model
    await act(() => takeDropped([new File([], 'llama.gguf')]))
    expect(part('What it is made from').getByText('llama.gguf: F16, 16 GB')).toBeTruthy()
    const balanced = screen.getByRole('radio', { name: /^Balanced/ })
    expect(balanced.textContent).toContain('about 4.9 GB')
    await userEvent.click(balanced)
    await press('Try it')
    expect(asked()).toMatchObject({ model: '', base: { kind: 'files', token: 'weights' }, quantize: 'Q4_K_M' })
  })

  // The fourth file and all behind it were dropped without a word, a projector behind a model's thirty parts, too.
  it('is one of each that are dropped: all parts of a model count as one, and what is left out is told', async () => {
    page()
    const projector: ChosenFiles = { ...model, token: 'eyes', name: 'mmproj.gguf', kind: 'projector' }
    const parts = [1, 2, 3, 4].map(part => `llama-0000${part}-of-00004.gguf`)
    const offers = [model, projector, adapter, { ...model, token: 'other' }]
    hearth.offered = () => offers.shift()!
    const names = [...parts, 'mmproj.gguf', 'pirate.gguf', 'other.gguf']
    await act(() => takeDropped(names.map(name => new File([], name))))
    expect(useDraft.getState().draft).toMatchObject({ base: { files: model }, projector, adapter })
    expect(offers).toEqual([])
    expect(useToasts.getState().toasts).toMatchObject([{ text: 'making.leftOut', values: { names: 'other.gguf' } }])
  })

  // What comes first in a file manager was looked at as weights, and ended it.
  it('is a folder of which all files are dropped, or its settings alone', async () => {
    page()
    const offered: string[] = []
    hearth.offered = ({ name }) => {
      offered.push(name)
      return { ...model, format: 'safetensors' }
    }
    const settings = ['config.json', 'model.safetensors.index.json', 'tokenizer.json', 'tokenizer_config.json']
    const parts = [1, 2].map(part => `model-0000${part}-of-00002.safetensors`)
    const drop = (names: string[]) => act(() => takeDropped(names.map(name => new File([], name))))
    await drop(['LICENSE', 'README.md', ...settings, ...parts, 'merges.txt'])
    await drop(settings)
    expect(offered).toEqual([parts[0], 'config.json'])
    expect(screen.queryByRole('alert')).toBeNull()
    expect(useToasts.getState().toasts).toEqual([])
  })

  it('is told in plain words when it is no model, and nothing entered is lost', async () => {
    page()
    await userEvent.type(screen.getByRole('textbox', { name: 'What it should know and be' }), 'Be kind.')
    chosen = null
    await press('GGUF file…')
    expect(screen.getByRole('alert').textContent).toContain('This is no model Hearth can use')
    expect(screen.getByDisplayValue('Be kind.')).toBeTruthy()
    chosen = model
    await press('GGUF file…')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('is not an adapter: that goes where it belongs, and a model is not taken for one', async () => {
    page()
    chosen = adapter
    await press('GGUF file…')
    expect(part('Adapter').getByText(/pirate\.gguf/)).toBeTruthy()
    expect(part('What it is made from').getByRole('alert').textContent).toContain('This is an adapter.')
    await press('Take away: pirate.gguf')
    expect(document.activeElement?.textContent).toBe('Adapter')
    chosen = model
    await press('Adapter file…')
    expect(part('Adapter').getByRole('alert').textContent).toContain('This is a whole model')
    expect(part('Adapter').queryByText(/llama\.gguf/)).toBeNull()
  })
})

describe('a pasted Modelfile', () => {
  const paste = async (text: string) => {
    await press('Paste a Modelfile…')
    await userEvent.click(screen.getByRole('textbox', { name: 'The Modelfile' }))
    await userEvent.paste(text)
    await press('Fill the fields')
  }

  it('that is wrong says in which line, and stays to be mended', async () => {
    page()
    await paste('TELL me')
    const dialog = screen.getByRole('dialog')
    expect(dialog.textContent).toContain('Line 2 is not understood.')
    expect(within(dialog).getByDisplayValue('TELL me')).toBeTruthy()
  })

  it('fills the fields, and its file has to be pointed at before anything is made', async () => {
    page()
    await paste('FROM ./llama.gguf')
    expect(screen.getByDisplayValue('Be a pirate.')).toBeTruthy()
    expect(screen.getByText('stop ["<end>"]')).toBeTruthy()
    expect(screen.getByText(/The Modelfile is made from “\.\/llama\.gguf”/)).toBeTruthy()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Try it' }).disabled).toBe(true)
    await press('GGUF file…')
    await press('Try it')
    expect(asked()).toMatchObject({
      base: { kind: 'files', token: 'weights' },
      system: 'Be a pirate.',
      parameters: { temperature: 0.5, stop: ['<end>'] },
    })
  })
})

// An hour's writing was gone with one press, or mixed with what a Modelfile or another model brought.
describe('what was written', () => {
  const system = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'What it should know and be' })
  const undo = () => act(async () => useToasts.getState().toasts.at(-1)?.action?.perform())
  const write = async () => {
    page()
    await press('GGUF file…')
    await userEvent.type(system(), 'Be kind.')
  }
  const expectAll = () => {
    expect(system().value).toBe('Be kind.')
    expect(part('What it is made from').getByText(/llama\.gguf/)).toBeTruthy()
  }

  it('comes back after starting over', async () => {
    await write()
    await press('Start over')
    expect(system().value).toBe('')
    await undo()
    expectAll()
  })

  it('comes back after a Modelfile has filled the fields', async () => {
    await write()
    await press('Paste a Modelfile…')
    await userEvent.click(screen.getByRole('textbox', { name: 'The Modelfile' }))
    await userEvent.paste('FROM ./llama.gguf')
    await press('Fill the fields')
    expect(system().value).toBe('Be a pirate.')
    await undo()
    expectAll()
    // And what came instead is not lost by it.
    await undo()
    expect(system().value).toBe('Be a pirate.')
  })

  it('is no part of a variant of another model, and comes back', async () => {
    await write()
    await act(async () => makeFrom('gemma3'))
    expect(useDraft.getState().draft).toMatchObject({ base: { kind: 'model', model: 'gemma3' }, system: '', name: '' })
    await undo()
    expectAll()
  })

  it('is nothing to bring back where only a model was chosen', async () => {
    page()
    await act(async () => makeFrom('gemma3'))
    await act(async () => makeFrom('llama3.2'))
    expect(useToasts.getState().toasts).toEqual([])
  })
})

describe('a model on trial', () => {
  const begin = async () => {
    page()
    await press('GGUF file…')
    await press('Try it')
  }
  const panel = () => within(screen.getByRole('complementary', { name: 'Try it' }))

  it('tells how far it is, answers, and is removed when it is closed', async () => {
    await begin()
    tell({ completed: 1, total: 2 })
    expect(panel().getByRole('progressbar').getAttribute('value')).toBe('50')
    tell({ state: 'done' })
    await userEvent.type(panel().getByRole('textbox', { name: 'Your question' }), 'Ahoy?{Enter}')
    const answer = JSON.stringify({ message: { role: 'assistant', content: 'Ahoy, matey!' }, done: true })
    await act(async () => {
      hearth.emit('api.request', { type: 'head', status: 200, headers: {} })
      hearth.emit('api.request', { type: 'body', chunk: new TextEncoder().encode(`${answer}\n`) })
      hearth.emit('api.request', { type: 'end' })
      await settle()
    })
    expect(panel().getByRole('article').textContent).toContain('Ahoy, matey!')
    expect(panel().getByRole('article').getAttribute('aria-busy')).toBe('false')
    await press('Begin anew')
    expect(panel().queryByRole('article')).toBeNull()
    await press('Close and remove it')
    expect(hearth.inputsOf('makings.remove')).toEqual([{ id: 'm1' }])
    expect(screen.queryByRole('complementary')).toBeNull()
  })

  it('says when the description has changed since, and is made anew on demand', async () => {
    await begin()
    tell({ state: 'done' })
    expect(panel().queryByText(/You have changed something since/)).toBeNull()
    await userEvent.type(screen.getByRole('textbox', { name: 'What it should know and be' }), 'Be brief.')
    expect(panel().getByText(/You have changed something since/)).toBeTruthy()
    await press('Try it as it is now')
    expect(hearth.inputsOf('makings.remove')).toEqual([{ id: 'm1' }])
    expect(asked()).toMatchObject({ model: '', system: 'Be brief.' })
  })

  it('that cannot be made says why beside the page', async () => {
    await begin()
    tell({ state: 'failed', problem: problem('invalid-request') })
    expect(panel().getByRole('alert').textContent).toContain('This cannot be made the way it is set')
  })
})

it('is saved in sight: how far it is, a way out, and why it could not be, with all that was written kept', async () => {
  page()
  await press('GGUF file…')
  await press('Save')
  const saving = { model: 'llama', trial: false }
  await act(async () => {
    // No model has the name yet.
    hearth.emit('api.request', { type: 'head', status: 200, headers: {} })
    hearth.emit('api.request', { type: 'body', chunk: new TextEncoder().encode('{"models":[]}') })
    hearth.emit('api.request', { type: 'end' })
    await settle()
  })
  expect(asked()).toMatchObject({ model: 'llama' })
  expect(document.activeElement).toBe(screen.getByDisplayValue('llama'))
  tell({ ...saving, step: 'quantizing', completed: 1, total: 2 })
  expect(part('Try it and keep it').getByText(/Making it smaller… · 50%/)).toBeTruthy()
  await press('Cancel')
  expect(hearth.inputsOf('makings.remove')).toEqual([{ id: 'm1' }])
  tell({ ...saving, state: 'failed', problem: problem('disk-full') })
  expect(part('Try it and keep it').getByText('The disk has no room for it')).toBeTruthy()
  expect(part('What it is made from').getByText(/llama\.gguf/)).toBeTruthy()
  await press('Start over')
  expect(part('Try it and keep it').queryByText('The disk has no room for it')).toBeNull()
})

it('examples are written one below the other, and taken away again', async () => {
  page()
  await press('GGUF file…')
  await press('Add an example')
  // Where the person goes on, by keyboard too.
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message 1' }))
  await userEvent.keyboard('Hello')
  await userEvent.type(screen.getByRole('textbox', { name: 'Message 2' }), 'Ahoy!')
  await press('Add an example')
  await press('Remove message 3')
  expect(document.activeElement?.textContent).toBe('What it is told')
  await press('Try it')
  expect(asked()?.messages).toEqual([
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Ahoy!' },
  ])
})

// It was thrown away without a word while the dialog of another program's file was open.
it('a file that is opened while another one is being chosen is taken after it', async () => {
  let choose = (_: { chosen: ChosenFiles }) => {}
  hearth.answers['models.choose'] = () =>
    new Promise(resolve => {
      choose = resolve
    })
  const choosing = chooseFiles('file', 'model')
  const opening = takeOpened(async () => adapter)
  await settle()
  choose({ chosen: model })
  await Promise.all([choosing, opening])
  expect(useDraft.getState().draft).toMatchObject({ base: { files: model }, adapter })
})
