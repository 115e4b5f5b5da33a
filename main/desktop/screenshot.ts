import { Problem } from '../problem.ts'

/** A screen as the system draws it. */
export interface ScreenPicture {
  /** Of the display; empty where the system does not tell. */
  readonly displayId: string
  /** The whole screen as a PNG; empty where the system does not let it be seen. */
  readonly png: Uint8Array
}

/** What taking a picture of the screen needs of the system. */
export interface ScreenSystem {
  /** Whether the system is known to say no, without being asked. */
  isRefused(): boolean
  /** Whether the person has just clicked or pressed a key in the window: no page looks at the screen by itself. */
  isAsked(): Promise<boolean>
  /** The display the person is at. */
  displayId(): string
  /** Takes Hearth's windows off the screen. @returns puts them back as they were */
  hideWindows(): Promise<() => void>
  capture(): Promise<readonly ScreenPicture[]>
}

/** Pictures of the screen, without Hearth on it. */
export class Screenshots {
  readonly #system: ScreenSystem
  #taking: Promise<Uint8Array<ArrayBuffer>> | undefined

  constructor(system: ScreenSystem) {
    this.#system = system
  }

  /**
   * The screen the person is at, as a PNG. Asked for twice at once, one is taken: the second would find the windows
   * hidden, and leave them so.
   * @throws Problem `screen-refused`
   */
  take(): Promise<Uint8Array<ArrayBuffer>> {
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  async #take(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#system.isRefused()) throw refused('the system does not allow it')
    if (!(await this.#system.isAsked())) throw refused('nobody has asked for it')
    // Before the windows are hidden: it is the screen they stand on.
    const display = this.#system.displayId()
    const showWindows = await this.#system.hideWindows()
    let pictures: readonly ScreenPicture[]
    try {
      pictures = await this.#system.capture()
    } catch (error) {
      // Also when the person closes the system's own question without a choice (Wayland).
      throw refused(String(error))
    } finally {
      showWindows()
    }
    const picture = pictures.find(({ displayId }) => displayId === display) ?? pictures[0]
    if (!picture || picture.png.length === 0) throw refused('the system gave no picture')
    // A copy: what the system gave may lie in memory that is shared.
    return new Uint8Array(picture.png)
  }
}

const refused = (details: string) => new Problem('screen-refused', 403, 'the screen cannot be seen', details)
