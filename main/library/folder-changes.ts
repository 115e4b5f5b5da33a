import { AsyncLocalStorage } from 'node:async_hooks'
import { Problem } from '../problem.ts'

/**
 * Who is changing the models folder. Changes go on beside each other; while the folder is held, to be moved, a new one
 * is refused at once, as it would have to wait for as long as gigabytes take. Reading is never held up, but for a push,
 * which counts as a change.
 */
export class FolderChanges {
  /** The change that work is part of, and whether it goes on. */
  readonly #current = new AsyncLocalStorage<{ open: boolean }>()
  #running = 0
  #held = false
  #onIdle: (() => void) | undefined

  /**
   * Changes the folder. A change may be made of others: begun, it is not refused in the middle.
   * @throws Problem `models-moving` while the folder is held; what `work` throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) return work()
    if (this.#held) throw beingMoved()
    const change = { open: true }
    this.#running += 1
    try {
      return await this.#current.run(change, work)
    } finally {
      change.open = false
      this.#running -= 1
      if (this.#running === 0) this.#rest()
    }
  }

  /**
   * Waits for the changes under way, then works with nobody else at it.
   * @throws Problem `models-moving` when it is held already; the signal's reason; what `work` throws
   */
  async hold<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#held) throw beingMoved()
    this.#held = true
    try {
      await this.#idle(signal)
      return await work()
    } finally {
      this.#held = false
    }
  }

  /**
   * As long as work is told apart Node before 24 watches every promise of the process, a fifth of what a token costs
   * main.
   */
  #rest(): void {
    this.#current.disable()
    this.#onIdle?.()
  }

  async #idle(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#running === 0) return
    let leave = () => {}
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onIdle = resolve
        leave = () => reject(signal.reason)
        signal.addEventListener('abort', leave)
      })
    } finally {
      this.#onIdle = undefined
      signal.removeEventListener('abort', leave)
    }
  }
}

export const beingMoved = () => new Problem('models-moving', 503, 'the models folder is being moved, try again later')
