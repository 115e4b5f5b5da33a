import { existsSync, mkdirSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { Database } from './database.ts'
import { DatabaseProblem } from './database-problem.ts'

/**
 * A lock that ends with its process, however that ends: the kernel's own lock on an empty file, held through SQLite, as
 * Node offers none. No clock and no process id is trusted, so sleep, reuse of ids and containers do not matter.
 */
export class FileLock {
  readonly #path: string
  readonly #database: Database

  private constructor(path: string, database: Database) {
    this.#path = path
    this.#database = database
  }

  /**
   * @returns undefined while another holder, in this process or another, lives
   * @throws DatabaseProblem when the file cannot be made
   */
  static take(path: string): FileLock | undefined {
    return FileLock.#acquire(path, 'BEGIN IMMEDIATE')
  }

  /** One of many holders; none while somebody holds it alone. @returns and throws as `take` */
  static share(path: string): FileLock | undefined {
    // Reading takes SQLite's shared lock, which lasts as long as the transaction.
    return FileLock.#acquire(path, 'BEGIN; SELECT count(*) FROM sqlite_master')
  }

  /** The only holder, shared ones included. @returns and throws as `take` */
  static takeAlone(path: string): FileLock | undefined {
    return FileLock.#acquire(path, 'BEGIN EXCLUSIVE')
  }

  static #acquire(path: string, begin: string): FileLock | undefined {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const database = Database.openPlain(path)
    try {
      database.exec(`PRAGMA journal_mode = MEMORY; ${begin}`)
      const lock = new FileLock(path, database)
      if (existsSync(path)) return lock
      // Its holder removed the file after we had opened it: the lock of a file no one else will find.
      lock.release()
      return undefined
    } catch (error) {
      database.close()
      if (error instanceof DatabaseProblem && error.trouble === 'locked') return undefined
      throw error
    }
  }

  release(): void {
    this.#database.exec('ROLLBACK')
    this.#database.close()
  }

  /**
   * Releases and removes the file. It goes while it is still locked, so that whoever opened it before, and is given the
   * lock now, sees that it is gone; Windows lets go of it only afterwards, and not while another has it open.
   */
  remove(): void {
    const isGone = this.#unlink()
    this.release()
    if (!isGone) this.#unlink()
  }

  #unlink(): boolean {
    try {
      unlinkSync(this.#path)
      return true
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return true
      if (['EBUSY', 'EPERM', 'EACCES'].includes(code)) return false
      throw error
    }
  }
}
