// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Pull } from '../../../../preload/contract.ts'
import { GetModel } from '../../../../renderer/features/models/pulls/get-model.tsx'
import { PullGlance } from '../../../../renderer/features/models/pulls/pull-glance.tsx'
import { PullsNote } from '../../../../renderer/features/models/pulls/pulls-note.tsx'
import { usePulls } from '../../../../renderer/features/models/pulls/pulls-store.ts'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const pull = (over: Partial<Pull> = {}): Pull => ({
  model: 'gemma3:4b',
  state: 'running',
  completed: 1,
  total: 4,
  speed: 0,
  secondsLeft: null,
  problem: null,
  ...over,
})

let hearth: FakeHearth
beforeEach(() => {
  hearth = installHearth({ 'pulls.start': ({ model }) => ({ model }) })
  usePulls.setState({ pulls: [] })
})

describe('a pull, away from its row', () => {
  it('that comes says how far it is', () => {
    stage(<PullGlance pull={pull()} />)
    expect(screen.getByText('On its way: 25%')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it.each<[string, Partial<Pull>, string, string]>([
    ['stands still', { state: 'paused' }, 'Paused at 25%', 'Resume: gemma3:4b'],
    [
      'failed',
      { state: 'failed', problem: problem('not-found') },
      'No model was found under this name',
      'Try again: gemma3:4b',
    ],
  ])('that %s never claims to come, and goes on from there', async (_, over, text, button) => {
    stage(<PullGlance pull={pull(over)} />)
    expect(screen.getByText(text)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: button }))
    expect(hearth.inputsOf('pulls.resume')).toEqual([{ model: 'gemma3:4b' }])
  })

  it('is told at the field it was asked for in, which may be far below its row', async () => {
    usePulls.setState({ pulls: [pull({ model: 'other' }), pull()] })
    stage(<GetModel />)
    await userEvent.type(screen.getByRole('textbox'), 'gemma3:4b{Enter}')
    expect(await screen.findByText('On its way: 25%', { exact: false })).toBeTruthy()
    expect(screen.getByText('gemma3:4b')).toBeTruthy()
  })
})

describe('all pulls, beside the way to the models', () => {
  const drawn = (pulls: readonly Pull[]) => {
    usePulls.setState({ pulls })
    return stage(<PullsNote />).container.textContent
  }

  it('tell how far they are together, of what comes and waits alone', () => {
    const others = [pull({ state: 'waiting', total: 12 }), pull({ state: 'paused' }), pull({ state: 'done' })]
    expect(drawn([pull({ completed: 3 }), ...others])).toBe('25%')
  })

  it('say so before the registry has told how large they are, and nothing while none comes', () => {
    expect(drawn([pull({ state: 'waiting', completed: 0, total: 0 })])).toBe('0%')
    expect(drawn([pull({ state: 'failed' })])).toBe('')
  })
})
