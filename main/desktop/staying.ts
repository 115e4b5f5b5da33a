/** Takes back what was said. */
type Untold = () => void

interface StayingOptions {
  /** Something is at work that needs no window. */
  readonly isAtWork: () => boolean
  /** The person wants Hearth to stay in any case. */
  readonly isWanted: () => boolean
  readonly hasWindow: () => boolean
  /** Shows that Hearth is still there, or that it need not be seen any more. */
  readonly show: (on: boolean) => void
  /** Says that Hearth is still there: some desktops show no icon beside the clock, and nobody looks for one. */
  readonly tell: () => Untold
  /** Whether such a desktop is in use: there it is said, too, where the person wants Hearth to stay. */
  readonly hidesIcons: boolean
  readonly quit: () => void
  /** Milliseconds between two looks. */
  readonly pace?: number
}

/** The app without a window: it stays while something is at work, and ends by itself afterwards. */
export class Staying {
  readonly #options: StayingOptions
  #looking: NodeJS.Timeout | undefined
  #untold: Untold | undefined

  constructor(options: StayingOptions) {
    this.#options = options
  }

  /** Call it when the last window has closed. */
  windowsClosed(): void {
    const { isAtWork, isWanted, show, quit, hidesIcons, pace = 1000 } = this.#options
    if (this.#looking) return
    if (isWanted()) {
      if (hidesIcons) this.#tell()
      return
    }
    if (!isAtWork()) {
      quit()
      return
    }
    show(true)
    this.#tell()
    this.#looking = setInterval(() => this.#look(), pace)
  }

  #look(): void {
    const { isAtWork, isWanted, hasWindow, show, quit } = this.#options
    const needed = isWanted() || hasWindow()
    if (!needed && isAtWork()) return
    clearInterval(this.#looking)
    this.#looking = undefined
    show(false)
    // It would stand there when Hearth is gone, and a click on it do nothing.
    this.#untold?.()
    if (!needed) quit()
  }

  /** Once: who has heard it knows it. */
  #tell(): void {
    this.#untold ??= this.#options.tell()
  }
}

/**
 * Whether a desktop shows no icons beside the clock: GNOME does with an extension alone, which those that make GNOME
 * their own bring along and name themselves before it.
 * @param desktops the variable XDG_CURRENT_DESKTOP, e.g. `GNOME` or `ubuntu:GNOME`
 */
export const hidesIcons = (desktops: string | undefined): boolean => /^GNOME(-|:|$)/i.test(desktops ?? '')
