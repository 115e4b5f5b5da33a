import { create } from 'zustand'
import type { CallInput, Settings } from '../../preload/contract.ts'
import { defaultSettings } from '../../preload/contract-app.ts'
import { call, subscribe } from './bridge.ts'

/** The person's settings as main holds them; every window sees the same. */
export const useSettings = create<Settings>(() => defaultSettings)

/** Follows the settings from now on; resolves with the first whole picture. */
export function followSettings(): Promise<Settings> {
  return new Promise(resolve => {
    subscribe('settings.watch', {}, settings => {
      useSettings.setState(settings)
      resolve(settings)
    })
  })
}

/** Shows the change at once and hands it to main; what main answers wins. */
export async function changeSettings(change: CallInput<'settings.change'>): Promise<void> {
  const before = useSettings.getState()
  useSettings.setState(change)
  try {
    useSettings.setState(await call('settings.change', change))
  } catch (error) {
    useSettings.setState(before)
    throw error
  }
}
