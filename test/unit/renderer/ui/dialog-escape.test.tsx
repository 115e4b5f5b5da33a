// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { PlusIcon } from 'lucide-react'
import { beforeEach, expect, test } from 'vitest'
import { showToast, useToasts } from '../../../../renderer/state/toasts.ts'
import { DateField } from '../../../../renderer/ui/date/date-field.tsx'
import { Dialog } from '../../../../renderer/ui/dialog.tsx'
import { Item, Menu } from '../../../../renderer/ui/menu.tsx'
import { stage } from '../stage.tsx'

beforeEach(() => useToasts.setState({ toasts: [] }))

const pressEscape = (press: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape', ...press })

// A model that had come down meanwhile kept a menu open for as long as that was told.
test('Escape closes a menu that was open before a message came, and leaves that', () => {
  stage(
    <Menu trigger={<button type="button">More</button>}>
      <Item icon={PlusIcon} onSelect={() => {}}>
        One
      </Item>
    </Menu>,
  )
  fireEvent.keyDown(screen.getByText('More'), { key: 'Enter' })
  act(() => showToast({ text: 'app.copied' }))
  screen.getByRole('menuitem').focus()
  pressEscape()
  expect(screen.queryByRole('menu')).toBeNull()
  expect(useToasts.getState().toasts).toHaveLength(1)
})

test('Escape closes a calendar that was open before a message came, and leaves that', () => {
  stage(<DateField value="2026-05-04" onChange={() => {}} />)
  fireEvent.click(screen.getByRole('button'))
  act(() => showToast({ text: 'app.copied' }))
  screen.getByRole('dialog').querySelector('button')?.focus()
  pressEscape()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(useToasts.getState().toasts).toHaveLength(1)
})

// On a Mac the Escape that gives up a word of Pinyin has its name, and took the whole dialog along.
test('Escape of an input method closes no dialog, and the next one does', () => {
  let closed = 0
  stage(
    <Dialog title="Name" onClose={() => (closed += 1)} returnTo={() => null}>
      <input aria-label="Name" />
    </Dialog>,
  )
  screen.getByRole('textbox').focus()
  pressEscape({ isComposing: true })
  pressEscape({ keyCode: 229 })
  expect(closed).toBe(0)
  pressEscape()
  expect(closed).toBe(1)
})
