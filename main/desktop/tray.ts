import { join } from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { Hearth } from '../compose.ts'
import type { QuickWindow } from './quick-window.ts'
import type { DesktopTexts } from './texts.ts'
import type { Windows } from './windows.ts'

/** Milliseconds between two looks at the models in memory: a menu cannot be asked to be new when it is opened. */
const lookEvery = 3000
/** Pixels of the picture, which the system scales where it wants another size. */
const size = 22

/** Hearth beside the clock: with it, closing the last window leaves the app at work. */
export class TrayIcon {
  readonly #hearth: Hearth
  readonly #windows: Windows
  readonly #quick: QuickWindow
  readonly #texts: () => DesktopTexts
  #tray: Tray | undefined
  #timer: NodeJS.Timeout | undefined
  /** What the menu says now, so that it is only made anew when it would say something else. */
  #shown = ''

  constructor(hearth: Hearth, windows: Windows, quick: QuickWindow, texts: () => DesktopTexts) {
    this.#hearth = hearth
    this.#windows = windows
    this.#quick = quick
    this.#texts = texts
  }

  /** Whether the app stays without a window. */
  get stays(): boolean {
    return this.#tray !== undefined
  }

  /** Puts the icon there, or takes it away. */
  set(wanted: boolean): void {
    if (!wanted) {
      clearInterval(this.#timer)
      this.#tray?.destroy()
      this.#tray = undefined
      this.#shown = ''
      return
    }
    if (this.#tray === undefined) {
      const picture = nativeImage.createFromPath(join(app.getAppPath(), 'assets', 'icons', '256x256.png'))
      this.#tray = new Tray(picture.resize({ width: size, height: size }))
      this.#tray.setToolTip('Hearth')
      this.#tray.on('click', () => this.#windows.show())
      this.#timer = setInterval(() => this.#draw(), lookEvery)
    }
    this.#draw()
  }

  #draw(): void {
    const texts = this.#texts()
    const models = this.#hearth.inference.running().map(({ name }) => name.replace(/:latest$/, ''))
    const running = models.length === 0 ? [texts.noModel] : models
    const shown = [texts.show, ...running].join('\n')
    if (shown === this.#shown) return
    this.#shown = shown
    const menu = Menu.buildFromTemplate([
      { label: texts.show, click: () => this.#windows.show() },
      { label: texts.newChat, click: () => this.#windows.show('#/chat') },
      { label: texts.quick, click: () => this.#quick.show() },
      { type: 'separator' },
      { label: texts.inMemory, enabled: false },
      ...running.map(name => ({
        label: name,
        click: () => this.#windows.show('#/models'),
        enabled: models.length > 0,
      })),
      { type: 'separator' },
      { label: texts.quit, click: () => app.quit() },
    ])
    this.#tray?.setContextMenu(menu)
  }
}
