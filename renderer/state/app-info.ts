import { create } from 'zustand'
import type { AppInfo } from '../../preload/contract.ts'
import { call } from './bridge.ts'

/** What main says about the app and this computer; asked once, before the first render. */
export const useAppInfo = create<AppInfo>(() => ({
  version: '',
  platform: 'linux',
  systemLanguage: 'en',
  apiAddress: null,
  demoModel: '',
  laysCommand: false,
}))

export async function loadAppInfo(): Promise<AppInfo> {
  const info = await call('app.info', {})
  useAppInfo.setState(info)
  return info
}
