import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuAction } from '../../preload/contract.ts'
import type { TextSizeStep } from './text-size.ts'
import type { DesktopTexts } from './texts.ts'

type Items = MenuItemConstructorOptions[]

interface MenuOptions {
  readonly platform: string
  readonly developer: boolean
  /** What can be done in a window: the window's own list, as it tells it. */
  readonly actions: readonly MenuAction[]
  /** Asks a quick question, which needs no window. */
  readonly quick: () => void
  readonly changeTextSize: (step: TextSizeStep) => void
  readonly quit: () => void
}

/**
 * The application's menu: on macOS at the top of the screen, elsewhere behind the Alt key, with its shortcuts at work.
 */
export function showMenu(texts: DesktopTexts, options: MenuOptions): void {
  const mac = options.platform === 'darwin'
  // Not by its role, which ends the app without a question. Windows has Alt+F4.
  const accelerator = options.platform === 'win32' ? undefined : 'CommandOrControl+Q'
  const quit = { label: texts.quit, accelerator, click: options.quit }
  const appMenu: Items = [
    { role: 'about', label: texts.about },
    { type: 'separator' },
    { role: 'hide', label: texts.hide },
    { role: 'hideOthers', label: texts.hideOthers },
    { role: 'unhide', label: texts.showAll },
    { type: 'separator' },
    quit,
  ]
  const resizes = (accelerator: string, step: TextSizeStep) => ({
    accelerator,
    click: () => options.changeTextSize(step),
  })
  const view: Items = [
    { role: 'reload', label: texts.reload },
    { type: 'separator' },
    // Not by their roles, which know nothing of the settings.
    { label: texts.actualSize, ...resizes('CommandOrControl+0', 'usual') },
    { label: texts.larger, ...resizes('CommandOrControl+Plus', 'larger') },
    // The plus sign needs no Shift on some keyboards and does on others.
    { label: texts.larger, ...resizes('CommandOrControl+=', 'larger'), visible: false },
    { label: texts.smaller, ...resizes('CommandOrControl+-', 'smaller') },
    { type: 'separator' },
    { role: 'togglefullscreen', label: texts.fullScreen },
  ]
  if (options.developer) view.push({ role: 'toggleDevTools', label: texts.developerTools })

  const template: Items = [
    ...(mac ? [{ role: 'appMenu' as const, submenu: appMenu }] : []),
    {
      label: texts.file,
      submenu: [
        { label: texts.quick, click: options.quick },
        { type: 'separator' },
        mac ? { role: 'close', label: texts.close } : quit,
      ],
    },
    { label: texts.edit, submenu: [...history(texts), { type: 'separator' }, ...clipboard(texts)] },
    { label: texts.view, submenu: view },
    { label: texts.go, submenu: options.actions.map(actionItem) },
    { label: texts.window, role: 'windowMenu', submenu: [{ role: 'minimize', label: texts.minimize }] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** An action of the window: choosing it types its keys there, which the window listens for anyway. */
function actionItem({ name, shortcut }: MenuAction): MenuItemConstructorOptions {
  const keys = shortcut.split('+')
  const modifiers = keys
    .slice(0, -1)
    .map(key => (key === 'Mod' ? (process.platform === 'darwin' ? 'meta' : 'control') : key.toLowerCase()))
  return {
    label: name,
    accelerator: shortcut.replace('Mod', 'CommandOrControl'),
    // The window hears the keys first and knows when they mean something else.
    registerAccelerator: false,
    click: (_, window) => {
      const { webContents } = (window as BrowserWindow | undefined) ?? {}
      webContents?.sendInputEvent({ type: 'keyDown', keyCode: keys.at(-1) ?? '', modifiers: modifiers as 'shift'[] })
    },
  }
}

/** The menu under the right mouse button: what can be done with the text or the link there; none where nothing can. */
export function serveContextMenu(window: BrowserWindow, texts: () => DesktopTexts, copy: (text: string) => void): void {
  window.webContents.on('context-menu', (_, at) => {
    const items: Items = []
    if (at.linkURL !== '') items.push({ label: texts().copyLink, click: () => copy(at.linkURL) })
    if (at.isEditable) items.push(...clipboard(texts()))
    else if (at.selectionText.trim() !== '') items.push({ role: 'copy', label: texts().copy })
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window })
  })
}

const history = (texts: DesktopTexts): Items => [
  { role: 'undo', label: texts.undo },
  { role: 'redo', label: texts.redo },
]

const clipboard = (texts: DesktopTexts): Items => [
  { role: 'cut', label: texts.cut },
  { role: 'copy', label: texts.copy },
  { role: 'paste', label: texts.paste },
  { role: 'selectAll', label: texts.selectAll },
]
