import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { loadPage, openWindow, type WindowOptions } from './window.ts'

/** Pixels that a further window stands beside the one before it. */
const cascade = 32

/** The app's windows. Each remembers its place under the number it has, the smallest that is free. */
export class Windows {
  readonly #home: string
  readonly #options: Omit<WindowOptions, 'placeFile' | 'hash'>
  readonly #open = new Map<number, BrowserWindow>()

  /** @param home the folder the places are remembered in */
  constructor(home: string, options: Omit<WindowOptions, 'placeFile' | 'hash'>) {
    this.#home = home
    this.#options = options
  }

  /** The one the person is at, or was last. */
  get current(): BrowserWindow | undefined {
    return BrowserWindow.getFocusedWindow() ?? [...this.#open.values()].at(-1)
  }

  /** @param hash where it is to begin, e.g. `#/settings` */
  open(hash = ''): void {
    let number = 1
    while (this.#open.has(number)) number += 1
    const before = this.current
    const placeFile = join(this.#home, number === 1 ? 'window.json' : `window-${number}.json`)
    const window = openWindow({ ...this.#options, placeFile, hash })
    if (before) keepOff(window, before)
    this.#open.set(number, window)
    window.once('closed', () => this.#open.delete(number))
  }

  /** Brings a window to the front, opening one where there is none. @param hash where it is to go, e.g. `#/settings` */
  show(hash?: string): void {
    if (this.#open.size === 0) {
      this.open(hash)
      return
    }
    const window = this.current
    if (window?.isMinimized()) window.restore()
    window?.show()
    window?.focus()
    if (window !== undefined && hash !== undefined) loadPage(window, hash)
  }
}

/** A window that would lie exactly on another looks as if nothing had happened. */
function keepOff(window: BrowserWindow, other: BrowserWindow): void {
  const [x = 0, y = 0] = window.getPosition()
  const [otherX = 0, otherY = 0] = other.getPosition()
  if (Math.abs(x - otherX) < cascade && Math.abs(y - otherY) < cascade)
    window.setPosition(otherX + cascade, otherY + cascade)
}
