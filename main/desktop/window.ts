import { BrowserWindow, clipboard, dialog, nativeTheme, screen, type WebPreferences } from 'electron'
import { windowArgument } from '../../preload/contract-limits.ts'
import { appOrigin } from './app-protocol.ts'
import type { Log } from './log.ts'
import { serveContextMenu } from './menu.ts'
import { paper } from './paper.ts'
import type { DesktopTexts } from './texts.ts'
import { rememberedPlace, rememberPlace, smallest } from './window-place.ts'

const paperNow = (): string => (nativeTheme.shouldUseDarkColors ? paper.dark : paper.light)

const firstSize = { width: 1180, height: 780 }

/** Milliseconds after which the window of a page that was loaded appears, though nobody has told that it is drawn. */
const drawnWithin = 2_000

/** A page that stops working twice within this many milliseconds is not loaded again without asking. */
const patience = 60_000

export interface WindowOptions {
  readonly preload: string
  /** File that remembers where the window was. */
  readonly placeFile: string
  /** Where the page begins, e.g. `#/settings`; empty for its first place. */
  readonly hash: string
  /** Its number among the windows, which its page is told. */
  readonly number: number
  readonly icon?: string
  readonly texts: () => DesktopTexts
  readonly log: Log
  /** The page had stopped working and was loaded again. */
  readonly onRecovered: () => void
}

/** Opens the window where it was last; it appears when its page has been drawn, or should have been. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map(display => display.workArea)
  const place = rememberedPlace(options.placeFile, areas)
  const window = new BrowserWindow({
    ...firstSize,
    ...place?.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Hearth',
    icon: options.icon,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: paperNow(),
    webPreferences: pagePreferences(options.preload, options.number),
  })
  if (place?.maximized) window.maximize()
  appear(window, options)
  const repaint = () => window.setBackgroundColor(paperNow())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))
  serveContextMenu(window, options.texts, text => clipboard.writeText(text))
  keepPlace(window, options)
  recover(window, options)
  loadPage(window, options.hash)
  return window
}

/** A window that waits for ever for its first frame is an app that does not start. */
function appear(window: BrowserWindow, { log }: WindowOptions): void {
  let late: NodeJS.Timeout | undefined
  window.webContents.once('did-finish-load', () => {
    if (window.isVisible()) return
    late = setTimeout(() => {
      log.write('the window appears before it is known to be drawn')
      window.show()
    }, drawnWithin)
  })
  window.once('closed', () => clearTimeout(late))
  window.once('ready-to-show', () => {
    clearTimeout(late)
    window.show()
  })
}

/** What a page of ours may do, which is the same in every window. @param number which its page is told */
export const pagePreferences = (preload: string, number: number): WebPreferences => ({
  preload,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webviewTag: false,
  additionalArguments: [`${windowArgument}${number}`],
  // Elsewhere than on macOS Chromium would download a dictionary, and no connection is made unasked.
  spellcheck: process.platform === 'darwin',
})

/**
 * Sends a window's page to one of its places. One that is still being loaded begins anew there, and breaks off before.
 */
export function loadPage(window: BrowserWindow, hash: string): void {
  window.loadURL(`${appOrigin}/${hash}`).catch(error => {
    if (error.code !== 'ERR_ABORTED' && !window.isDestroyed()) throw error
  })
}

function keepPlace(window: BrowserWindow, { placeFile, log }: WindowOptions): void {
  let pending: NodeJS.Timeout | undefined
  const keep = () => {
    clearTimeout(pending)
    pending = setTimeout(() => {
      if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
      const place = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
      rememberPlace(placeFile, place).catch(error => log.write('the place of the window could not be saved', error))
    }, 300)
  }
  for (const happening of ['resize', 'move', 'maximize', 'unmaximize'] as const) {
    window.on(happening as 'resize', keep)
  }
}

/** A page that crashed is loaded again; conversations and replies live in main and are not touched by it. */
function recover(window: BrowserWindow, { texts, log, onRecovered }: WindowOptions): void {
  let last = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', async (_, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    log.write(`the window's page is gone: ${details.reason}, exit code ${details.exitCode}`)
    const again = Date.now() - last < patience
    last = Date.now()
    if (again) {
      const { response } = await dialog.showMessageBox(window, {
        type: 'warning',
        message: texts().stoppedAgain,
        detail: texts().stoppedAgainText,
        buttons: [texts().tryAgain, texts().quit],
        cancelId: 1,
      })
      if (response === 1) return window.close()
    }
    if (window.isDestroyed()) return
    window.webContents.reload()
    onRecovered()
  })
}
