// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { BoxIcon } from 'lucide-react'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Form } from '../../../preload/contract.ts'
import { useForms } from '../../../renderer/features/forms/forms-store.ts'
import { Palette } from '../../../renderer/features/palette/palette.tsx'
import { usePalette } from '../../../renderer/features/palette/palette-store.ts'
import type { Action } from '../../../renderer/state/action.ts'
import { useConversations } from '../../../renderer/state/conversations.ts'
import { usePlace } from '../../../renderer/state/place.ts'
import { aConversation, installHearth } from './fake-hearth.ts'
import { stage } from './stage.tsx'

const perform = vi.fn()
const actions: Action[] = [
  { id: 'one', name: 'app.newChat', icon: BoxIcon, shortcut: 'Mod+N', perform },
  { id: 'two', name: 'app.settings', icon: BoxIcon, when: () => false, perform },
]

beforeEach(() => {
  installHearth()
  perform.mockClear()
  useConversations.setState({ conversations: [aConversation({ id: 'c', title: 'Tea in winter' })] })
  usePalette.setState({ open: true })
  stage(<Palette actions={actions} />)
})

it('does what the arrow keys and Enter choose, and closes', async () => {
  await userEvent.keyboard('{ArrowDown}{ArrowUp}{Enter}')
  expect(perform).toHaveBeenCalledOnce()
  expect(screen.queryByRole('combobox')).toBeNull()
})

it('finds a chat by any of its words, in any order and case', async () => {
  await userEvent.keyboard('WINTER te')
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['Tea in winter'])
  await userEvent.keyboard('{Enter}')
  expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'c' })
})

it('finds a form by its name', async () => {
  act(() => useForms.setState({ forms: [{ id: 'f', name: 'Receipts of winter' } as Form] }))
  await userEvent.keyboard('receipts')
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['Receipts of winter'])
  await userEvent.keyboard('{Enter}')
  expect(usePlace.getState().place).toEqual({ kind: 'forms', formId: 'f' })
})

// An action that cannot be done now would do nothing, and nobody would know why.
it('offers nothing that cannot be done now, and says when there is nothing', async () => {
  expect(screen.queryByText('Settings')).toBeNull()
  await userEvent.keyboard('no such thing')
  expect(screen.getByText(/Nothing by that name/)).toBeTruthy()
  await userEvent.keyboard('{ArrowDown}{Enter}{Escape}')
  expect(perform).not.toHaveBeenCalled()
})

// A person who only had a look would type into nothing.
it('gives the focus back where it was when nothing is chosen', async () => {
  act(() => usePalette.setState({ open: false }))
  const field = document.body.appendChild(document.createElement('textarea'))
  field.focus()
  act(() => usePalette.setState({ open: true }))
  expect(document.activeElement).toBe(screen.getByRole('combobox'))
  await userEvent.keyboard('{Escape}')
  await waitFor(() => expect(document.activeElement).toBe(field))
  field.remove()
})
