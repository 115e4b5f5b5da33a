// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Pull } from '../../../../preload/contract.ts'
import { PullRow } from '../../../../renderer/features/models/pulls/pull-row.tsx'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth
beforeEach(() => {
  hearth = installHearth()
})

const pull = (over: Partial<Pull> = {}): Pull => ({
  model: 'gemma3:4b',
  state: 'running',
  completed: 1_200_000_000,
  total: 3_300_000_000,
  speed: 24_000_000,
  secondsLeft: 87.5,
  problem: null,
  ...over,
})
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

describe('a model on its way', () => {
  it('tells how far it is, how fast, and how long it takes', () => {
    stage(<PullRow pull={pull()} />)
    expect(screen.getByRole('progressbar', { name: 'Progress of gemma3:4b' }).getAttribute('value')).toBe('36')
    for (const text of ['36%', '1.2 GB of 3.3 GB', '24 MB/s', '1 min left']) expect(screen.getByText(text)).toBeTruthy()
  })

  it.each<[string, Partial<Pull>, string]>([
    ['that nobody has answered for', { completed: 0, total: 0, speed: 0, secondsLeft: null }, 'Asking for it…'],
    ['that is here and being checked', { completed: 3_300_000_000 }, 'Checking what arrived…'],
    ['whose turn has not come', { state: 'waiting' }, 'Waits for its turn'],
    ['that stands still', { state: 'paused' }, 'Paused'],
  ])('%s says so', (_, over, text) => {
    stage(<PullRow pull={pull(over)} />)
    expect(screen.getByText(text)).toBeTruthy()
  })

  it.each([
    ['running', 'Pause', 'pulls.pause'],
    ['paused', 'Resume', 'pulls.resume'],
    ['failed', 'Try again', 'pulls.resume'],
    ['done', 'Dismiss', 'pulls.remove'],
  ] as const)('%s: “%s” asks main for it', async (state, button, call) => {
    stage(<PullRow pull={pull({ state })} />)
    await press(button)
    expect(hearth.inputsOf(call)).toEqual([{ model: 'gemma3:4b' }])
  })

  it('is not thrown away without a question once something of it is here', async () => {
    stage(<PullRow pull={pull()} />)
    await press('Cancel')
    expect(screen.getByRole('dialog').textContent).toContain('1.2 GB')
    await press('Keep it')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(hearth.calls).toEqual([])
  })

  it.each([
    ['not-found', 'No model was found under this name'],
    ['registry', 'Hearth tries again by itself every minute.'],
    ['unauthorized', 'This model is not open to everyone'],
    ['wrong-digest', 'The download was damaged on its way'],
    ['disk-full', 'The disk is full'],
    ['unsupported-architecture', 'Hearth cannot run this model'],
  ])('that failed with %s says in words what happened', (code, words) => {
    stage(<PullRow pull={pull({ state: 'failed', problem: problem(code) })} />)
    expect(screen.getByRole('alert').textContent).toContain(words)
  })

  it('whose name and error are markup shows them as text', () => {
    const script = '<img src=x onerror=alert(1)>'
    const { container } = stage(
      <PullRow pull={pull({ model: script, state: 'failed', problem: { code: 'internal', message: script } })} />,
    )
    expect(container.querySelector('img')).toBeNull()
    expect(screen.getAllByText(script)).toHaveLength(2)
  })
})
