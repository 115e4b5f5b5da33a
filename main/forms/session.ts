import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AttachmentFolder } from '../conversations/attachments/attachment-folder.ts'
import type { Database } from '../database/database.ts'
import { isSetAside } from '../database/database-file.ts'
import { DatabaseProblem } from '../database/database-problem.ts'
import { FileLock } from '../database/file-lock.ts'
import { openDatabaseFile } from '../database/opening.ts'
import { formsDatabase } from './schema.ts'
import { FormStore } from './store.ts'

/** Milliseconds something stays in the trash. */
const trashTime = 30 * 24 * 60 * 60 * 1_000

/**
 * forms.db and the pictures beside it, for this process alone: whose queue it is, two processes would run every row
 * twice. The window's app is one for each home, so only a second Hearth that a person started by hand meets the lock.
 */
export class FormSession {
  readonly store: FormStore
  readonly pictures: AttachmentFolder
  /** Where a file that could not be read lies now. */
  readonly setAside: string | null
  /** The id that sorted last among those of rows when it was opened. */
  readonly newestRow: string | undefined
  readonly #database: Database
  readonly #lock: FileLock

  private constructor(folder: string, lock: FileLock, database: Database, setAside: string | undefined) {
    this.#lock = lock
    this.#database = database
    this.store = new FormStore(database)
    this.newestRow = this.store.newestRow()
    this.pictures = new AttachmentFolder(folder)
    this.setAside = setAside ?? null
  }

  /**
   * Opens the database and takes up what the last process left.
   * @param folder made when missing
   * @param now milliseconds since 1970
   * @throws DatabaseProblem
   */
  static async open(folder: string, now: number): Promise<FormSession> {
    const lock = FileLock.take(join(folder, 'lock'))
    if (!lock) throw new DatabaseProblem('locked', 'another Hearth works on the forms')
    try {
      const { database, aside } = await openDatabaseFile(join(folder, 'forms.db'), now, formsDatabase)
      const session = new FormSession(folder, lock, database, aside)
      await session.takeUp(now)
      if (!readdirSync(folder).some(isSetAside)) await session.#sweepPictures(now)
      return session
    } catch (error) {
      lock.release()
      throw error
    }
  }

  close(): void {
    this.#database.close()
    this.#lock.release()
  }

  /** Puts back into the queue what was being run when it was written last. @param now milliseconds since 1970 */
  async takeUp(now: number): Promise<void> {
    const problem = { code: 'interrupted', message: 'the app ended while this was being read, more than once' }
    try {
      await this.#database.write(() => {
        this.store.takeUp(problem)
        this.store.emptyTrash(now - trashTime)
      })
    } catch (error) {
      // On a full disk what is there can still be read.
      if (!(error instanceof DatabaseProblem && error.trouble === 'disk-full')) throw error
    }
  }

  async #sweepPictures(now: number): Promise<void> {
    // What cannot be removed now is tried again at the next start.
    await this.pictures.sweep(this.store.pictureHashes(), now - trashTime).catch(() => undefined)
  }
}
