import { setTimeout as pause } from 'node:timers/promises'
import { BrowserWindow, desktopCapturer, screen, systemPreferences } from 'electron'
import type { ScreenSystem } from './screenshot.ts'

/** Until a window that was hidden is off the screen, its fading included. Milliseconds. */
const fading = 300

/** A world of scripts of its own, where a page's scripts change nothing. Any number that is not in use. */
const ownWorld = 2701

/** The screen under Electron. @param current the window the person is at */
export function electronScreen(current: () => BrowserWindow | undefined): ScreenSystem {
  const display = () => {
    const bounds = current()?.getBounds()
    return bounds ? screen.getDisplayMatching(bounds) : screen.getPrimaryDisplay()
  }
  return {
    isRefused: () =>
      process.platform === 'darwin' &&
      ['denied', 'restricted'].includes(systemPreferences.getMediaAccessStatus('screen')),
    isAsked: async () => {
      const code = 'navigator.userActivation.isActive'
      return (await current()?.webContents.executeJavaScriptInIsolatedWorld(ownWorld, [{ code }])) === true
    },
    displayId: () => String(display().id),
    hideWindows: async () => {
      const focused = BrowserWindow.getFocusedWindow()
      const hidden = BrowserWindow.getAllWindows().filter(window => window.isVisible() && !window.isMinimized())
      for (const window of hidden) window.hide()
      await pause(fading)
      return () => {
        for (const window of hidden) if (!window.isDestroyed()) window.showInactive()
        if (focused && !focused.isDestroyed()) focused.focus()
      }
    },
    capture: async () => {
      const { size, scaleFactor } = display()
      // Every screen is drawn to fit into that many pixels, so the one that is meant keeps its own.
      const thumbnailSize = {
        width: Math.round(size.width * scaleFactor),
        height: Math.round(size.height * scaleFactor),
      }
      const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize })
      return sources.map(({ display_id, thumbnail }) => ({
        displayId: display_id,
        png: thumbnail.isEmpty() ? new Uint8Array() : thumbnail.toPNG(),
      }))
    },
  }
}
