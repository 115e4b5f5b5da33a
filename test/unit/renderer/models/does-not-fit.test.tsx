// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { Fit } from '../../../../preload/contract.ts'
import { DoesNotFit, useDoesNotFit } from '../../../../renderer/features/models/does-not-fit.tsx'
import { useFits } from '../../../../renderer/features/models/fits-store.ts'
import { installedModel } from '../../../../renderer/features/models/installed-model.ts'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const giant = installedModel({ name: 'giant', size: 12e9 }, '')
const demo = installedModel({ name: 'demo', size: 5e6 }, 'demo')
let verdict: Fit['verdict']

function open(window: number) {
  const aFit = () => ({
    verdict,
    exact: false,
    download: 0,
    diskFree: null,
    needed: 13e9,
    free: 8e9,
    total: 16e9,
    computedBy: 'processor' as const,
    wordsPerSecond: 5,
    contextSize: 0,
  })
  const hearth = installHearth({ 'models.installedFits': () => ({ fits: { giant: aFit() } }) })
  Object.defineProperty(hearth, 'window', { value: window })
  return hearth
}

function Note({ answering = false, model = giant }) {
  return useDoesNotFit(model) ? <DoesNotFit model="giant" answering={answering} /> : 'nothing'
}

beforeEach(() => {
  verdict = 'too-large'
  useFits.setState({ fits: null })
  useModels.setState({ models: [giant, demo] })
})

// It said to close other programs, and stood there after they were closed.
test('what does not fit is looked at again when the person comes back to the window', async () => {
  open(1)
  stage(<Note answering={false} />)
  expect(await screen.findByText(/Close other programs/)).toBeTruthy()
  verdict = 'well'
  fireEvent.focus(window)
  expect(await screen.findByText('nothing')).toBeTruthy()
})

// An answer stood above "Does not fit".
test('what does not fit is looked at again once it has answered', async () => {
  open(1)
  const { rerender } = stage(<Note answering={false} />)
  expect(await screen.findByText(/Does not fit/)).toBeTruthy()
  verdict = 'well'
  rerender(<Note answering />)
  expect(screen.queryByText(/Does not fit/)).toBeTruthy()
  rerender(<Note answering={false} />)
  await waitFor(() => expect(screen.getByText('nothing')).toBeTruthy())
})

// The small window has no place with models: pressing it only took the answer out of sight.
test.each([
  [1, 1],
  [0, 0],
])('window %i leads to others with %i button', async (window, buttons) => {
  open(window)
  stage(<Note answering={false} />)
  expect(await screen.findByText(/Does not fit/)).toBeTruthy()
  expect(screen.queryAllByRole('button', { name: 'Find one that fits' })).toHaveLength(buttons)
})

// Who chatted with a small model learnt only by an error that another one in the list is too large.
test('what is too large is known while another model is chosen, and nothing is looked at for small ones alone', async () => {
  const hearth = open(1)
  const { unmount } = stage(<Note model={demo} />)
  await waitFor(() => expect(useFits.getState().fits?.giant?.verdict).toBe('too-large'))
  unmount()
  useModels.setState({ models: [demo] })
  stage(<Note model={demo} />)
  expect(hearth.inputsOf('models.installedFits')).toHaveLength(1)
})
