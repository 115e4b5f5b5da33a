// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Update } from '../../../../preload/contract.ts'
import { defaultSettings } from '../../../../preload/contract-app.ts'
import { UpdateChoice, UpdateState } from '../../../../renderer/features/updates/updates-section.tsx'
import { useUpdate } from '../../../../renderer/features/updates/updates-store.ts'
import { useSettings } from '../../../../renderer/state/settings.ts'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const idle: Update = { state: 'idle', version: null, progress: 0, checkedAt: null, problem: null }
let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth({ 'settings.change': change => ({ ...defaultSettings, ...change }) })
  useSettings.setState(defaultSettings)
  useUpdate.setState({ update: null })
})

const tell = (update: Partial<Update>) => act(() => hearth.emit('updates.watch', { ...idle, ...update }))

// No connection is made unasked.
it('looks for nothing until somebody chooses so', async () => {
  stage(<UpdateChoice />)
  expect(screen.getByRole('radio', { name: 'Do not look' }).getAttribute('aria-checked')).toBe('true')
  await userEvent.click(screen.getByRole('radio', { name: 'Tell me' }))
  expect(hearth.inputsOf('settings.change')).toEqual([{ updates: 'notify' }])
})

// A button of the step before would do nothing.
it.each([
  [{ state: 'idle' }, 'Look now', 'updates.check'],
  [{ state: 'available', version: '2.0.0' }, 'Download', 'updates.download'],
  [{ state: 'ready', version: '2.0.0' }, 'Restart and update', 'updates.install'],
] as const)('offers the next step of %j', async (update, name, call) => {
  stage(<UpdateState />)
  await tell(update)
  await userEvent.click(screen.getByRole('button', { name }))
  expect(hearth.inputsOf(call)).toEqual([{}])
})

it.each([
  [{ state: 'downloading', version: '2.0.0', progress: 0.419 }, 'Hearth 2.0.0 is on its way: 41 %.'],
  [
    { state: 'waiting', version: '2.0.0' },
    'Hearth 2.0.0 is installed once no answer is being written any more, and no model made or moved.',
  ],
  [{ state: 'unavailable' }, 'This copy does not update itself. It is updated where it came from.'],
] as const)('says what there is to wait for, with no button: %j', async (update, text) => {
  stage(<UpdateState />)
  await tell(update)
  expect(screen.getByRole('status').textContent).toBe(text)
  expect(screen.queryByRole('button')).toBeNull()
})

it('says that what came was not genuine, and lets the person try again', async () => {
  stage(<UpdateState />)
  await tell({ state: 'available', version: '2.0.0', problem: problem('update-not-genuine') })
  expect(screen.getByRole('status').textContent).toContain('It was thrown away.')
  expect(screen.getByRole('button', { name: 'Download' })).toBeTruthy()
})
