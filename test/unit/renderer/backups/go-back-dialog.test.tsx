// @vitest-environment happy-dom
import { act, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it, onTestFinished } from 'vitest'
import type { Backup } from '../../../../preload/contract.ts'
import { BackupsSection } from '../../../../renderer/features/backups/backups-section.tsx'
import { useBackups } from '../../../../renderer/features/backups/backups-store.ts'
import { changeLanguage } from '../../../../renderer/i18n/i18n.ts'
import { installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const backup: Backup = { id: 'b', at: 0, reason: 'asked', bytes: 1, chats: 1, forms: 0 }
const state = { backups: [backup], working: null, problem: null, folder: '/' }

// Closed by Escape while it was still going back, the dialog took what went wrong with it.
it('what goes wrong after the dialog was closed is told all the same', async () => {
  let fail: (problem: object) => void = () => {}
  installHearth({
    'backups.compare': () => ({ before: 1, now: 1, back: 0, gone: 0, changed: 0 }),
    'backups.goBack': () => new Promise((_, reject) => (fail = reject)),
  })
  useBackups.setState({ state })
  stage(<BackupsSection />)
  await userEvent.click(screen.getByRole('button', { name: /^Go back to this state:/ }))
  await screen.findByText('No chat would come or go.')
  await userEvent.click(screen.getByRole('button', { name: 'Go back to this state' }))
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('dialog')).toBeNull()
  await act(async () => fail({ code: 'disk-full', message: 'no space left on device' }))
  expect(await screen.findByText('The disk is full')).toBeTruthy()
})

// The full stop between the two was that of English.
it('what goes wrong is told in the sentences of the language', async () => {
  installHearth({
    'backups.compare': () => ({ before: 1, now: 1, back: 0, gone: 0, changed: 0 }),
    'backups.goBack': () => {
      throw { code: 'disk-full', message: 'no space left on device' }
    },
  })
  useBackups.setState({ state })
  stage(<BackupsSection />)
  onTestFinished(() => changeLanguage('en'))
  await act(() => changeLanguage('zh-CN'))
  await userEvent.click(screen.getByRole('button', { name: /^恢复到此状态：/ }))
  await screen.findByText('对话不会增加，也不会减少。')
  await userEvent.click(screen.getByRole('button', { name: '恢复到此状态' }))
  expect((await screen.findByRole('alert')).textContent).toBe('磁盘已满。什么都没有改动。')
})

// Disabled while it worked, it lost the focus, and with it the place of who goes by keyboard.
it('the button that makes a backup keeps the focus while one is made, and makes no second', async () => {
  const hearth = installHearth({ 'backups.take': () => ({}) })
  useBackups.setState({ state })
  stage(<BackupsSection />)
  const button = screen.getByRole('button', { name: 'Back up now' })
  button.focus()
  await userEvent.keyboard('{Enter}')
  await act(async () => useBackups.setState({ state: { ...state, working: 'backing-up' } }))
  expect(document.activeElement).toBe(button)
  await userEvent.keyboard('{Enter}')
  expect(hearth.inputsOf('backups.take')).toHaveLength(1)
})

// One whose size could not be looked at could not be removed either.
it('a backup can be removed where what that frees cannot be told', async () => {
  const hearth = installHearth({
    'backups.freedBy': () => {
      throw problem('file-unreadable')
    },
  })
  useBackups.setState({ state })
  stage(<BackupsSection />)
  await userEvent.click(screen.getByRole('button', { name: /^Remove the backup/ }))
  const remove = within(screen.getByRole('dialog')).getByRole<HTMLButtonElement>('button', { name: /^Remove/ })
  await waitFor(() => expect(remove.disabled).toBe(false))
  await userEvent.click(remove)
  expect(hearth.inputsOf('backups.remove')).toEqual([{ id: 'b' }])
})
