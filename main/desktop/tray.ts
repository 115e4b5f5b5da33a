import { join } from 'node:path'
import { app, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import type { Hearth } from '../compose.ts'
import type { AtWork } from './at-work.ts'
import type { QuickWindow } from './quick-window.ts'
import { shownModel } from './shown-model.ts'
import type { DesktopTexts } from './texts.ts'
import type { Windows } from './windows.ts'
import { workWords } from './work-words.ts'

/** Milliseconds between two looks at what goes on: a menu cannot be asked to be new when it is opened. */
const lookEvery = 3000
/** Pixels of the picture, which the system scales where it wants another size. */
const size = 22

interface TrayOptions {
  readonly hearth: Hearth
  readonly atWork: AtWork
  readonly windows: Windows
  readonly quick: QuickWindow
  readonly texts: () => DesktopTexts
  readonly quit: () => void
}

/** Hearth beside the clock: always where the person wants it, else while it works without a window. */
export class TrayIcon {
  readonly #options: TrayOptions
  #wanted = false
  #needed = false
  #tray: Tray | undefined
  #timer: NodeJS.Timeout | undefined
  /** What the menu says now, so that it is only made anew when it would say something else. */
  #shown = ''

  constructor(options: TrayOptions) {
    this.#options = options
  }

  /** The person wants it there, or does not. */
  want(wanted: boolean): void {
    this.#wanted = wanted
    this.#set()
  }

  /** It is the only thing that shows that Hearth is at work, or is not any more. */
  need(needed: boolean): void {
    this.#needed = needed
    this.#set()
  }

  #set(): void {
    if (!this.#wanted && !this.#needed) {
      clearInterval(this.#timer)
      this.#tray?.destroy()
      this.#tray = undefined
      this.#shown = ''
      return
    }
    if (this.#tray === undefined) {
      const picture = nativeImage.createFromPath(join(app.getAppPath(), 'assets', 'icons', '256x256.png'))
      this.#tray = new Tray(picture.resize({ width: size, height: size }))
      this.#tray.on('click', () => this.#options.windows.show())
      this.#timer = setInterval(() => this.#draw(), lookEvery)
    }
    this.#draw()
  }

  #draw(): void {
    const { hearth, atWork, windows, quick, quit } = this.#options
    const texts = this.#options.texts()
    const works = atWork.list().map(work => workWords(work, texts))
    const models = hearth.inference.running().map(({ name }) => shownModel(name))
    const shown = [texts.show, ...works, '', ...models].join('\n')
    if (shown === this.#shown) return
    this.#shown = shown
    this.#tray?.setToolTip(['Hearth', ...works].join('\n'))
    const toModels = () => windows.show('#/models')
    const running: MenuItemConstructorOptions[] =
      models.length === 0
        ? [{ label: texts.noModel, enabled: false }]
        : models.map(name => ({ label: name, click: toModels }))
    const underWay: MenuItemConstructorOptions[] = works.map(words => ({ label: words, click: () => windows.show() }))
    const separator = { type: 'separator' as const }
    const menu = Menu.buildFromTemplate([
      { label: texts.show, click: () => windows.show() },
      { label: texts.newChat, click: () => windows.show('#/chat') },
      { label: texts.quick, click: () => quick.show() },
      ...(underWay.length > 0 ? [separator, { label: texts.atWork, enabled: false }, ...underWay] : []),
      separator,
      { label: texts.inMemory, enabled: false },
      ...running,
      separator,
      { label: texts.quit, click: quit },
    ])
    this.#tray?.setContextMenu(menu)
  }
}
