import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FileLock } from '../../database/file-lock.ts'

/** After how long a trial is nobody's of which this home knows nothing. Milliseconds. */
const day = 24 * 3_600_000

/**
 * Which models on trial are in somebody's hands. Processes of one home see each other's locks, which end with their
 * process; what another home made in the same models folder has none here, and is spared for a day.
 */
export class TrialLocks {
  readonly #home: string
  readonly #held = new Map<string, FileLock | undefined>()

  constructor(home: string) {
    this.#home = home
  }

  /** A trial is ours from now on. */
  hold(id: string): void {
    this.#held.set(id, this.#take(id))
  }

  /** A trial is over. */
  end(id: string): void {
    this.#held.get(id)?.remove()
    this.#held.delete(id)
  }

  /** @returns whether nobody has a trial in hand any more; then it must be removed, as its lock is gone */
  isLeft(id: string, madeAt: Date): boolean {
    if (this.#held.has(id)) return false
    if (!existsSync(this.#path(id))) return Date.now() - madeAt.getTime() > day
    const lock = this.#take(id)
    lock?.remove()
    return lock !== undefined
  }

  /** What is still on trial is left to whoever starts next. */
  close(): void {
    for (const lock of this.#held.values()) lock?.release()
    this.#held.clear()
  }

  #take(id: string): FileLock | undefined {
    try {
      return FileLock.take(this.#path(id))
    } catch {
      // A disk that takes no file, or knows no locks: then a trial is spared for its age.
      return undefined
    }
  }

  #path(id: string): string {
    return join(this.#home, 'locks', `trial-${id}`)
  }
}
