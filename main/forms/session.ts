import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AttachmentFolder } from '../attachments/attachment-folder.ts'
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
  readonly #folder: string
  readonly #lock: FileLock

  private constructor(
    folder: string,
    lock: FileLock,
    store: FormStore,
    newestRow: string | undefined,
    setAside: string | undefined,
  ) {
    this.#folder = folder
    this.#lock = lock
    this.store = store
    this.newestRow = newestRow
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
    let database: Database | undefined
    try {
      const opened = await openDatabaseFile(join(folder, 'forms.db'), now, formsDatabase)
      database = opened.database
      const store = new FormStore(database)
      const session = new FormSession(folder, lock, store, store.newestRow(), opened.aside)
      await session.takeUp(now)
      if (!session.#keepsDamaged()) await session.#sweepPictures(now)
      return session
    } catch (error) {
      database?.close()
      lock.release()
      throw error
    }
  }

  close(): void {
    this.store.database.close()
    this.#lock.release()
  }

  /** Puts back into the queue what was being run when it was written last. @param now milliseconds since 1970 */
  async takeUp(now: number): Promise<void> {
    const problem = { code: 'interrupted', message: 'the app ended while this was being read, more than once' }
    try {
      await this.store.database.write(() => {
        this.store.takeUp(problem)
        this.store.emptyTrash(now - trashTime)
      })
    } catch (error) {
      // On a full disk what is there can still be read.
      if (!(error instanceof DatabaseProblem && error.trouble === 'disk-full')) throw error
    }
  }

  /** Removes those of these pictures that no row was made from, as nothing else can show them any more. */
  async removePictures(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0 || this.#keepsDamaged()) return
    const referenced = this.store.pictureHashes()
    for (const hash of hashes) if (!referenced.has(hash)) await this.pictures.remove(hash)
  }

  /** A damaged database beside may be all that still names a picture. */
  #keepsDamaged(): boolean {
    return readdirSync(this.#folder).some(isSetAside)
  }

  async #sweepPictures(now: number): Promise<void> {
    // What cannot be removed now is tried again at the next start.
    await this.pictures.sweep(this.store.pictureHashes(), now - trashTime).catch(() => undefined)
  }
}
