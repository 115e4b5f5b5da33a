import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { FileLock } from '../../database/file-lock.ts'
import { Problem } from '../../problem.ts'
import { beingMoved } from '../folder-changes.ts'

/**
 * Tells every Hearth of one home that a models folder is in use, and keeps it where it is: all share it, and who moves
 * it must be alone. The lock lies in Hearth's home, as the models folder holds nothing that Ollama would not know.
 */
export class FolderInUse {
  readonly #home: string
  #lock: FileLock | undefined

  private constructor(home: string, lock: FileLock | undefined) {
    this.#home = home
    this.#lock = lock
  }

  /** @throws Problem `models-moving` while another process moves that folder */
  static share(home: string, root: string): FolderInUse {
    return new FolderInUse(home, acquire('share', home, root, beingMoved))
  }

  /**
   * From now on nobody else may use the folder.
   * @throws Problem `models-in-use` while somebody does; it stays shared then
   */
  becomeAlone(root: string): void {
    this.release()
    try {
      this.#lock = acquire('takeAlone', this.#home, root, inUse)
    } catch (error) {
      this.shareAgain(root)
      throw error
    }
  }

  /** Lets others in, in the folder that is in use now. */
  shareAgain(root: string): void {
    this.release()
    this.#lock = acquire('share', this.#home, root, beingMoved)
  }

  release(): void {
    this.#lock?.release()
    this.#lock = undefined
  }
}

function acquire(how: 'share' | 'takeAlone', home: string, root: string, refused: () => Problem): FileLock | undefined {
  const name = createHash('sha256').update(realFolder(root)).digest('hex').slice(0, 16)
  let lock: FileLock | undefined
  try {
    lock = FileLock[how](join(home, 'locks', `models-${name}`))
  } catch {
    // A disk that takes no file, or knows no locks: we go on without one, as Ollama always does.
    return undefined
  }
  if (!lock) throw refused()
  return lock
}

/** One folder has one lock, whatever links lead to it. */
function realFolder(root: string): string {
  try {
    return realpathSync(root)
  } catch {
    // Not there yet, or away with its disk.
    return root
  }
}

const inUse = () => new Problem('models-in-use', 503, 'another process is using the models folder')
