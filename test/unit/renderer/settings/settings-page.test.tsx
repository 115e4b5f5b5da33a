// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Pull } from '../../../../preload/contract.ts'
import { defaultSettings } from '../../../../preload/contract-app.ts'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { usePulls } from '../../../../renderer/features/models/pulls/pulls-store.ts'
import { SettingsPage } from '../../../../renderer/features/settings/settings-page.tsx'
import { useAppInfo } from '../../../../renderer/state/app-info.ts'
import { useSettings } from '../../../../renderer/state/settings.ts'
import { applyTheme } from '../../../../renderer/state/theme.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const start = defaultSettings
const usage = { models: 4_200_000_000, conversations: 1000, pictures: 0, forms: 0, backups: 0, caches: 5, free: null }
let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth({
    'settings.change': change => ({ ...start, ...change }),
    'menuEntry.look': () => ({ state: null }),
    'command.look': () => ({ command: null }),
    'storage.usage': () => usage,
  })
  useSettings.setState(start)
  useAppInfo.setState({ version: '1.2.3', platform: 'linux' })
  usePulls.setState({ pulls: [] })
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

  it('let a model name new chats, or not', async () => {
    stage(<SettingsPage />)
    await userEvent.click(screen.getByRole('switch', { name: 'A model names new chats' }))
    expect(hearth.inputsOf('settings.change')).toEqual([{ modelTitles: false }])
  })
})

describe('what is taken on the disk', () => {
  const size = async (text: string) => expect((await screen.findAllByText(text)).length).toBe(1)

  // It stayed as it was when the page was opened: 4 GB came, and were not there.
  it('is told as models come and go', async () => {
    let models = 1e9
    hearth.answers['storage.usage'] = () => ({ ...usage, models })
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      stage(<SettingsPage />)
      await size('1 GB')
      models = 2e9
      act(() => usePulls.setState({ pulls: [{ model: 'm', state: 'running' } as Pull] }))
      await size('2 GB')
      models = 3e9
      await act(() => vi.advanceTimersByTimeAsync(2000))
      await size('3 GB')
      models = 4e9
      act(() => usePulls.setState({ pulls: [{ model: 'm', state: 'done' } as Pull] }))
      await size('4 GB')
      models = 5e9
      act(() => useModels.setState({ models: [] }))
      await size('5 GB')
    } finally {
      vi.useRealTimers()
    }
  })
})

// Each look walks through folders that may lie on a slow disk: unheard ones piled up.
it('asks what is taken on the disk once at a time, and only for eyes that are there', async () => {
  const answers: (() => void)[] = []
  hearth.answers['storage.usage'] = () => new Promise(resolve => answers.push(() => resolve(usage)))
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
  const wait = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000))
  const answer = () => act(async () => answers.shift()?.())
  try {
    usePulls.setState({ pulls: [{ model: 'm', state: 'running' } as Pull] })
    stage(<SettingsPage />)
    await wait(20)
    expect(answers).toHaveLength(1)
    await answer()
    await wait(3)
    expect(answers).toHaveLength(1)
    hidden.mockReturnValue(true)
    await answer()
    await wait(20)
    expect(answers).toHaveLength(0)
    hidden.mockReturnValue(false)
    await wait(3)
    expect(answers).toHaveLength(1)
  } finally {
    hidden.mockRestore()
    vi.useRealTimers()
  }
})

describe('the theme', () => {
  it('is put on the page, and taken off it to follow the system', () => {
    applyTheme('dark')
    expect(document.documentElement.dataset.theme).toBe('dark')
    applyTheme('system')
    expect(document.documentElement.hasAttribute('data-theme')).toBe(false)
  })
})
