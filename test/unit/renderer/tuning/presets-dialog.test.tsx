// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { PresetsDialog } from '../../../../renderer/features/tuning/presets-dialog.tsx'
import { savePreset, usePresets } from '../../../../renderer/features/tuning/presets-store.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

let hearth: FakeHearth
let closed = 0
const tuning = { system: '', parameters: {} }

beforeEach(() => {
  hearth = installHearth({ 'presets.save': () => ({ presetId: 'p' }) })
  closed = 0
  usePresets.setState({ own: [{ id: 'p', name: 'Pirate', ...tuning }] })
  stage(<PresetsDialog onClose={() => (closed += 1)} returnTo={() => null} />)
})

const pressEscape = () => fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })

// It closed the message, and with it the way back to the preset.
test('Escape after a preset was deleted closes the presets, and leaves the Undo', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Delete “Pirate”' }))
  const undo = await screen.findByText('Undo')
  screen.getByRole<HTMLElement>('radio', { name: 'Pirate' }).focus()
  pressEscape()
  expect(closed).toBe(1)
  expect(undo.isConnected).toBe(true)
  fireEvent.click(undo)
  await expect.poll(() => hearth.inputsOf('presets.save')).toMatchObject([{ id: null, name: 'Pirate' }])
})

test('Escape closes them once', () => {
  pressEscape()
  expect(closed).toBe(1)
})

// The whole dialog went, and what was typed of the name was at times saved.
test('Escape in a name being written leaves the name, and the dialog open', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Rename “Pirate”' }))
  const field = screen.getByRole('textbox')
  fireEvent.change(field, { target: { value: 'Parrot' } })
  field.focus()
  pressEscape()
  await settle()
  expect(closed).toBe(0)
  expect(screen.queryByRole('textbox')).toBeNull()
  expect(hearth.inputsOf('presets.save')).toEqual([])
})

// “Pi\u202Erate” was saved turned the rest of the sentence round.
test('a name that turns the direction of letters turns nothing of the sentence about it', async () => {
  await savePreset('Pi\u202Erate', tuning)
  expect(await screen.findByText('“Pirate” is saved.')).toBeTruthy()
})
