// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Command, MenuEntryState } from '../../../../preload/contract.ts'
import { commandAction } from '../../../../renderer/features/command/command-action.ts'
import { CommandSection } from '../../../../renderer/features/command/command-section.tsx'
import { useCommand } from '../../../../renderer/features/command/command-store.ts'
import { useAppInfo } from '../../../../renderer/state/app-info.ts'
import { perform } from '../../../../renderer/state/perform.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const at = '/home/me/.local/bin/hearth'
const absent: Command = { path: at, laid: 'nothing', found: null, works: false, changeable: true }
let hearth: FakeHearth
let command: Command | null
let menu: MenuEntryState | null

beforeEach(() => {
  command = absent
  useCommand.setState({ command: null })
  useToasts.setState({ toasts: [] })
  menu = null
  hearth = installHearth({
    'menuEntry.look': () => ({ state: menu }),
    'menuEntry.change': ({ on }) => {
      menu = on ? 'this' : 'none'
      return {}
    },
    'command.look': () => ({ command }),
    'command.install': () => {
      command = { ...absent, laid: 'this', found: at, works: true }
      return {}
    },
    'command.remove': () => {
      command = absent
      return {}
    },
  })
})

const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)

it('installs it on a click, says where, and takes it away on another', async () => {
  stage(<CommandSection />)
  await userEvent.click(await screen.findByRole('button', { name: 'Install' }))
  expect(await screen.findByText(`Ready in the terminal: ${at}`)).toBeTruthy()
  // Another button in its place would take the focus from who goes by keyboard.
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove' }))
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }))
  expect(await screen.findByRole('button', { name: 'Install' })).toBeTruthy()
})

// A button that only fails, or a silence where the terminal will find nothing, is worse than none.
it.each<[Partial<Command>, string, string[]]>([
  [{ laid: 'this' }, 'do not look in that folder yet', ['Remove', '']],
  [{ laid: 'this', found: '/opt/bin/hearth' }, 'finds another one first: /opt/bin/hearth', ['Remove']],
  [{ laid: 'nothing', found: '/opt/bin/hearth' }, 'starts another one: /opt/bin/hearth', ['Install']],
  [{ laid: 'other-hearth', found: at }, 'another copy of Hearth', ['Use this one']],
  [{ laid: 'foreign', found: at }, 'Hearth leaves it alone', []],
  [{ laid: 'this', found: '/usr/bin/hearth', works: true, changeable: false }, 'Ready in the terminal', []],
  [{ laid: 'this', changeable: false }, 'do not find it', []],
])('says what there is, and offers what can be done: %j', async (known, words, offered) => {
  command = { ...absent, ...known }
  stage(<CommandSection />)
  expect(await screen.findByText(words, { exact: false })).toBeTruthy()
  expect(buttons()).toEqual(offered)
})

it('puts Hearth into the menu, where this copy can', async () => {
  menu = 'other'
  stage(<CommandSection />)
  const inMenu = await screen.findByRole('switch', { name: 'In the applications menu' })
  expect(inMenu.getAttribute('aria-checked')).toBe('false')
  await userEvent.click(inMenu)
  await waitFor(() => expect(inMenu.getAttribute('aria-checked')).toBe('true'))
  await userEvent.click(inMenu)
  expect(hearth.inputsOf('menuEntry.change')).toEqual([{ on: true }, { on: false }])
})

it('gives the line that mends the PATH', async () => {
  command = { ...absent, laid: 'this' }
  stage(<CommandSection />)
  expect(await screen.findByText('export PATH="/home/me/.local/bin:$PATH"')).toBeTruthy()
})

it('is an action only where Hearth lays it, and tells what came of it', async () => {
  useAppInfo.setState({ laysCommand: false })
  expect(commandAction.when?.()).toBe(false)
  useAppInfo.setState({ laysCommand: true })
  expect(commandAction.when?.()).toBe(true)
  stage(null)
  perform(commandAction, undefined)
  expect(await screen.findByText('The command hearth is ready in new terminal windows.')).toBeTruthy()
  hearth.answers['command.install'] = () => {
    throw problem('command-taken')
  }
  perform(commandAction, undefined)
  expect(await screen.findByText('Another program has the name hearth')).toBeTruthy()
})

// Whoever gives no password has changed their mind.
it('says nothing when the person gives no password', async () => {
  hearth.answers['command.install'] = () => ({})
  stage(null)
  perform(commandAction, undefined)
  await expect.poll(() => hearth.inputsOf('command.look').length).toBe(1)
  expect(useToasts.getState().toasts).toEqual([])
})
