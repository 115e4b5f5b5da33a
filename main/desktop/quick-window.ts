import { BrowserWindow, globalShortcut, nativeTheme, screen } from 'electron'
import type { Settings, StreamEvent } from '../../preload/contract.ts'
import { Listeners } from '../listeners.ts'
import { paper } from './paper.ts'
import { loadPage, pagePreferences } from './window.ts'

/** In the screen's own units. */
const size = { width: 640, height: 460 }
/** How far down its screen it stands, as a fraction of the height that is left. */
const down = 0.25

type QuickState = StreamEvent<'quick.watch'>

interface QuickOptions {
  readonly preload: string
  /** Brings a window of the app to the front, at a page of it. */
  readonly show: (hash: string) => void
}

/**
 * A small window over any program: a question, and the answer below. A new one each time, gone when it closes; the key
 * that opens it is taken from the system only when the person has chosen one.
 */
export class QuickWindow {
  readonly #options: QuickOptions
  readonly #listeners = new Listeners<QuickState>()
  #window: BrowserWindow | undefined
  #key: Settings['quickKey'] = 'off'
  #state: QuickState = { state: 'off' }

  constructor(options: QuickOptions) {
    this.#options = options
  }

  /** Takes a key from the system, and gives the last one back. What came of it is told. */
  setKey(key: Settings['quickKey']): void {
    if (key === this.#key) return
    if (this.#key !== 'off') globalShortcut.unregister(acceleratorOf(this.#key))
    this.#key = key
    this.#state = { state: key === 'off' ? 'off' : this.#take(key) }
    this.#listeners.tell(this.#state)
  }

  /** Calls at once with what became of the key, then at every change. @returns ends it */
  watch(listener: (state: QuickState) => void): () => void {
    return this.#listeners.add(listener, this.#state)
  }

  /** Opens it, or brings it to the front. */
  show(): void {
    this.#window ??= this.#open()
    this.#window.show()
    this.#window.focus()
  }

  /** Goes on with what stands in it in a window of the app. */
  openInHearth(conversationId: string): void {
    this.#options.show(`#/chat/${encodeURIComponent(conversationId)}`)
    this.#window?.close()
  }

  #take(key: Settings['quickKey']): QuickState['state'] {
    const taken = globalShortcut.register(acceleratorOf(key), () => {
      // The key that brought it takes it away again.
      if (this.#window?.isFocused()) this.#window.close()
      else this.show()
    })
    if (!taken) return 'refused'
    // There the compositor hands out keys, and a program gets those of its own windows alone.
    return process.env.XDG_SESSION_TYPE === 'wayland' ? 'wayland' : 'ready'
  }

  #open(): BrowserWindow {
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
    const window = new BrowserWindow({
      ...size,
      x: Math.round(workArea.x + (workArea.width - size.width) / 2),
      y: Math.round(workArea.y + (workArea.height - size.height) * down),
      minWidth: 420,
      minHeight: 260,
      title: 'Hearth',
      frame: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      fullscreenable: false,
      maximizable: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? paper.dark : paper.light,
      webPreferences: pagePreferences(this.#options.preload, 0),
    })
    // A page that stopped working is not waited for: the chat is in the list.
    window.webContents.on('render-process-gone', () => window.destroy())
    window.once('closed', () => {
      if (this.#window === window) this.#window = undefined
    })
    loadPage(window, '')
    return window
  }
}

const acceleratorOf = (key: string): string => key.replace('Mod', 'CommandOrControl')
