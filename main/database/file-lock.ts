import { mkdirSync, rmSync } from 'node:fs'
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
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const database = Database.openPlain(path)
    try {
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE')
      return new FileLock(path, database)
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

  /** Releases and removes the file: for a lock no one else waits for by this name. */
  remove(): void {
    this.release()
    rmSync(this.#path, { force: true })
  }
}
