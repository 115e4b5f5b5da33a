import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { isLasting, type OpenWindow, rememberedWindows, rememberWindows } from './open-windows.ts'
import { loadPage, openWindow, type WindowOptions } from './window.ts'

/** Pixels that a further window stands beside the one before it. */
const cascade = 32

/** Milliseconds without a change before what is open is remembered. */
const pause = 300

/**
 * The app's windows. Each remembers its place under the number it has, the smallest that is free; which were open, and
 * with what chat, is remembered for the next start.
 */
export class Windows {
  readonly #home: string
  readonly #options: Omit<WindowOptions, 'placeFile' | 'hash' | 'number'>
  readonly #open = new Map<number, BrowserWindow>()
  /** The page each came to last that is worth coming back to. */
  readonly #pages = new Map<number, string>()
  /** What is to be remembered. */
  #remembered: readonly OpenWindow[] = []
  #pending: NodeJS.Timeout | undefined
  /** While the app ends: windows that close now are to come back. */
  #ending: Promise<void> | undefined

  /** @param home the folder the places are remembered in */
  constructor(home: string, options: Omit<WindowOptions, 'placeFile' | 'hash' | 'number'>) {
    this.#home = home
    this.#options = options
  }

  /** The one the person is at, or was last. */
  get current(): BrowserWindow | undefined {
    // One that is being closed is told of as closed a moment after it is gone.
    const windows = [...this.#open.values()].filter(window => !window.isDestroyed())
    return windows.find(window => window.isFocused()) ?? windows.at(-1)
  }

  /** Opens what was open last; the first window where that is not known. */
  restore(): void {
    const windows = rememberedWindows(this.#file)
    for (const { number, page } of windows) this.#openNumber(number, page)
    if (windows.length === 0) this.open()
  }

  /** @param hash where it is to begin, e.g. `#/settings` */
  open(hash = ''): void {
    let number = 1
    while (this.#open.has(number)) number += 1
    this.#openNumber(number, hash)
  }

  /** Writes down what is open, for the next start; what closes from now on stays in it. */
  end(): Promise<void> {
    clearTimeout(this.#pending)
    this.#ending ??= this.#remember()
    return this.#ending
  }

  #openNumber(number: number, page: string): void {
    const before = this.current
    const placeFile = join(this.#home, number === 1 ? 'window.json' : `window-${number}.json`)
    const window = openWindow({ ...this.#options, placeFile, hash: page, number })
    if (before) keepOff(window, before)
    this.#open.set(number, window)
    this.#pages.set(number, isLasting(page) ? page : '')
    this.#changed()
    window.webContents.on('did-navigate-in-page', (_, url, isMainFrame) => {
      const { hash } = new URL(url)
      if (!isMainFrame || !isLasting(hash)) return
      this.#pages.set(number, hash)
      this.#changed()
    })
    window.once('closed', () => {
      this.#open.delete(number)
      this.#changed()
    })
  }

  get #file(): string {
    return join(this.#home, 'windows.json')
  }

  #changed(): void {
    // Where the last one closes, the person left off there.
    if (this.#ending || this.#open.size === 0) return
    this.#remembered = [...this.#open.keys()].map(number => ({ number, page: this.#pages.get(number) ?? '' }))
    clearTimeout(this.#pending)
    this.#pending = setTimeout(() => void this.#remember(), pause)
  }

  async #remember(): Promise<void> {
    await rememberWindows(this.#file, this.#remembered).catch(error =>
      this.#options.log.write('which windows are open could not be saved', error),
    )
  }

  /** Brings a window to the front, opening one where there is none. @param hash where it is to go, e.g. `#/settings` */
  show(hash?: string): void {
    const window = this.current
    if (!window) {
      this.open(hash)
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (hash !== undefined) loadPage(window, hash)
  }
}

/** A window that would lie exactly on another looks as if nothing had happened. */
function keepOff(window: BrowserWindow, other: BrowserWindow): void {
  const [x = 0, y = 0] = window.getPosition()
  const [otherX = 0, otherY = 0] = other.getPosition()
  if (Math.abs(x - otherX) < cascade && Math.abs(y - otherY) < cascade)
    window.setPosition(otherX + cascade, otherY + cascade)
}
