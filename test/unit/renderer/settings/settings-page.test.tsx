// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Settings } from '../../../../preload/contract.ts'
import { SettingsPage } from '../../../../renderer/features/settings/settings-page.tsx'
import { useAppInfo } from '../../../../renderer/state/app-info.ts'
import { useSettings } from '../../../../renderer/state/settings.ts'
import { applyTheme } from '../../../../renderer/state/theme.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const start: Settings = { theme: 'system', language: 'system', model: '', sidebarCollapsed: false, modelTitles: true }
let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth({ 'settings.change': change => ({ ...start, ...change }) })
  useSettings.setState(start)
  useAppInfo.setState({ version: '1.2.3', apiAddress: 'http://127.0.0.1:11434', platform: 'linux' })
})

describe('the settings', () => {
  it('change the theme', async () => {
    stage(<SettingsPage />)
    await userEvent.click(screen.getByRole('radio', { name: 'Dark' }))
    expect(hearth.inputsOf('settings.change')).toEqual([{ theme: 'dark' }])
    expect(useSettings.getState().theme).toBe('dark')
  })

  it('take a change back when main refuses it, and say so: the page must not show what is not kept', async () => {
    hearth.answers['settings.change'] = () => {
      throw { code: 'disk-full', message: 'no space left on device' }
    }
    stage(<SettingsPage />)
    await userEvent.click(screen.getByRole('radio', { name: '简体中文' }))
    expect(await screen.findByText('The disk is full')).toBeTruthy()
    await waitFor(() => expect(useSettings.getState().language).toBe('system'))
  })

  it('show where the API listens, to be copied', async () => {
    stage(<SettingsPage />)
    expect(screen.getByText('http://127.0.0.1:11434')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Copy the address' })).toBeTruthy()
    expect(screen.getByText('1.2.3')).toBeTruthy()
  })

  it('say so when the API does not listen', () => {
    useAppInfo.setState({ apiAddress: null })
    stage(<SettingsPage />)
    expect(screen.getByText(/The API is not listening/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Copy the address' })).toBeNull()
  })
})

describe('the theme', () => {
  it('is put on the page, and taken off it to follow the system', () => {
    applyTheme('dark')
    expect(document.documentElement.dataset.theme).toBe('dark')
    applyTheme('system')
    expect(document.documentElement.hasAttribute('data-theme')).toBe(false)
  })
})
