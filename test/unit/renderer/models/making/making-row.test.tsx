// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Making } from '../../../../../preload/contract.ts'
import { MakingRow } from '../../../../../renderer/features/models/making/makings-section.tsx'
import { type FakeHearth, installHearth, problem } from '../../fake-hearth.ts'
import { stage } from '../../stage.tsx'

let hearth: FakeHearth
beforeEach(() => {
  hearth = installHearth()
})

const making = (over: Partial<Making> = {}): Making => ({
  id: 'm1',
  model: 'pirate',
  trial: false,
  state: 'running',
  step: 'quantizing',
  completed: 500_000_000,
  total: 2_000_000_000,
  warnings: [],
  problem: null,
  ...over,
})

describe('a model in the making', () => {
  it('tells what is being done and how far it is', () => {
    stage(<MakingRow making={making()} />)
    expect(screen.getByRole('progressbar', { name: 'Progress of pirate' }).getAttribute('value')).toBe('25')
    for (const text of ['Making it smaller…', '25%', '500 MB of 2 GB']) expect(screen.getByText(text)).toBeTruthy()
  })

  it.each([
    ['copying', 'Reading the files…'],
    ['converting', 'Bringing it into Hearth’s form…'],
    ['writing', 'Writing it…'],
  ] as const)('that is %s says so, also where nobody knows how far it is', (step, text) => {
    stage(<MakingRow making={making({ step, completed: 0, total: 0 })} />)
    expect(screen.getByText(text)).toBeTruthy()
    expect(screen.getByRole('progressbar').getAttribute('value')).toBeNull()
  })

  it.each([
    ['running', 'Cancel'],
    ['failed', 'Dismiss'],
    ['done', 'Dismiss'],
  ] as const)('%s: “%s” takes it off the list', async (state, button) => {
    stage(<MakingRow making={making({ state })} />)
    await userEvent.click(screen.getByRole('button', { name: button }))
    expect(hearth.inputsOf('makings.remove')).toEqual([{ id: 'm1' }])
  })

  // The command and the API were told, the window was not: the model was taken for a bad one.
  it.each(['running', 'done'] as const)('%s: warns of what will be worse in it', state => {
    stage(<MakingRow making={making({ state, warnings: ['unknown-cut'] })} />)
    expect(screen.getByText(/^Hearth does not know how this model cuts text into pieces/)).toBeTruthy()
  })

  // None of these may speak of a chat or a question, as the general words do.
  it.each([
    ['invalid-request', 'This cannot be made the way it is set'],
    ['not-found', 'The files have to be chosen again'],
    ['model-not-found', 'The model it is made from is no longer here'],
    ['broken-model-file', 'This is no model Hearth can use'],
    ['unsupported-architecture', 'Hearth cannot use this kind of model'],
    ['disk-full', 'The disk has no room for it'],
    ['engine-crashed', 'The work stopped unexpectedly'],
    ['out-of-memory', 'The work stopped unexpectedly'],
  ])('that failed with %s says in words what happened', (code, words) => {
    stage(<MakingRow making={making({ state: 'failed', problem: problem(code) })} />)
    const { textContent } = screen.getByRole('alert')
    expect(textContent).toContain(words)
    expect(textContent).toContain(`a problem of kind ${code}`)
    expect(textContent).not.toMatch(/chat|question/i)
  })
})
