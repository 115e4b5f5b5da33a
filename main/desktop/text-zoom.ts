import { app, webContents } from 'electron'
import type { SettingsStore } from '../settings/settings-store.ts'

/**
 * Gives every page of the app the size of text from the settings, now and whenever it changes. Chromium remembers a
 * size for each origin by itself; the settings have the last word, so that a choice can be seen and taken back.
 */
export function followTextSize(settings: Pick<SettingsStore, 'get' | 'watch'>): void {
  const apply = (page: Electron.WebContents) => {
    if (page.getType() === 'window') page.setZoomFactor(settings.get().textSize / 100)
  }
  app.on('web-contents-created', (_, page) => page.on('dom-ready', () => apply(page)))
  settings.watch(() => {
    for (const page of webContents.getAllWebContents()) apply(page)
  })
}
