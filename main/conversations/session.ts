import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AttachmentFolder } from '../attachments/attachment-folder.ts'
import type { Database } from '../database/database.ts'
import { isSetAside } from '../database/database-file.ts'
import { DatabaseProblem, databaseProblem } from '../database/database-problem.ts'
import { FileLock } from '../database/file-lock.ts'
import { openDatabase, type SetAside } from './opening.ts'
import { ConversationStore } from './store.ts'

/** Milliseconds something stays in the trash. */
export const trashTime = 30 * 24 * 60 * 60 * 1_000
/** Milliseconds to wait while another process opens, which may mean checking and copying a large file. */
const patience = 15_000

/**
 * This process at work on conversations.db, beside others. `owner` stands in the row of every reply it writes; a lock
 * on a file of that name says for how long the process lives. Whoever opens next, and finds the lock free, knows that
 * the replies of that owner were interrupted.
 */
export class Session {
  readonly owner: string
  readonly store: ConversationStore
  readonly setAside: SetAside | undefined
  readonly #home: string
  readonly #database: Database
  readonly #lock: FileLock

  private constructor(home: string, owner: string, lock: FileLock, database: Database, setAside: SetAside | undefined) {
    this.#home = home
    this.owner = owner
    this.#lock = lock
    this.#database = database
    this.store = new ConversationStore(database)
    this.setAside = setAside
  }

  /**
   * Opens the database and ends what dead processes left unfinished.
   * @param owner a UUID, unique among all processes
   * @param now milliseconds since 1970
   * @throws DatabaseProblem
   */
  static open(home: string, owner: string, now: number): Promise<Session> {
    return whileOpening(home, async () => {
      const { database, setAside } = await openDatabase(home, now)
      let session: Session | undefined
      try {
        const lock = FileLock.take(lockPath(home, owner))
        if (!lock) throw new DatabaseProblem('locked', `owner ${owner}`)
        session = new Session(home, owner, lock, database, setAside)
        await session.#interruptTheDead()
        return session
      } catch (error) {
        if (session) session.close()
        else database.close()
        throw error
      }
    })
  }

  /** Whether another living process writes a reply of this conversation. What a dead one left is cleared up first. */
  async othersAnswering(conversationId: string): Promise<boolean> {
    if (!this.othersOwn(conversationId)) return false
    await whileOpening(this.#home, () => this.#interruptTheDead())
    return this.othersOwn(conversationId)
  }

  /** The same, of living and dead alike: for a last look inside the transaction that begins a reply. */
  othersOwn(conversationId: string): boolean {
    return this.store.owners(conversationId).some(owner => owner !== this.owner)
  }

  /** Ends as interrupted what nobody writes: not even this process, whose replies have ended. */
  async interruptUnfinished(): Promise<void> {
    await whileOpening(this.#home, async () => {
      await this.#unlessFull(() => this.store.interruptReplies(this.owner))
      await this.#interruptTheDead()
    })
  }

  /**
   * Removes pictures that nothing has referred to for 30 days. While a damaged database is kept, so are the pictures
   * that it may refer to.
   * @param now milliseconds since 1970
   */
  async sweepAttachments(now: number): Promise<void> {
    if (this.#keepsDamaged()) return
    const referenced = this.store.attachedHashes()
    // What cannot be removed now is tried again at the next start.
    await new AttachmentFolder(this.#home).sweep(referenced, now - trashTime).catch(() => undefined)
  }

  /** Removes those of these pictures that nothing refers to any more. */
  async removePictures(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0 || this.#keepsDamaged()) return
    const referenced = this.store.attachedHashes()
    const folder = new AttachmentFolder(this.#home)
    for (const hash of hashes) if (!referenced.has(hash)) await folder.remove(hash)
  }

  close(): void {
    this.#database.close()
    this.#lock.remove()
  }

  /** Called under the opening lock, under which owners also take theirs: none is taken for dead before it is born. */
  async #interruptTheDead(): Promise<void> {
    const names = new Set([...this.store.owners(), ...readdirSync(lockFolder(this.#home))])
    for (const owner of names) {
      if (owner === this.owner || owner === openingLock) continue
      // A name that no process has is damage, and no path to touch.
      const lock = isOwner(owner) ? FileLock.take(lockPath(this.#home, owner)) : undefined
      if (isOwner(owner) && !lock) continue
      try {
        await this.#unlessFull(() => this.store.interruptReplies(owner))
      } finally {
        lock?.remove()
      }
    }
  }

  #keepsDamaged(): boolean {
    return readdirSync(this.#home).some(isSetAside)
  }

  /** Clearing up can wait until there is space again; reading old conversations must not. */
  async #unlessFull(work: () => void): Promise<void> {
    try {
      await this.#database.write(work)
    } catch (error) {
      if (!(error instanceof DatabaseProblem && error.trouble === 'disk-full')) throw error
    }
  }
}

const openingLock = 'opening'
const lockFolder = (home: string) => join(home, 'locks')
const lockPath = (home: string, name: string) => join(lockFolder(home), name)

const isOwner = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

/** One process at a time checks, sets aside, creates, migrates and clears up. @throws DatabaseProblem */
async function whileOpening<T>(home: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience
  try {
    for (;;) {
      const lock = FileLock.take(lockPath(home, openingLock))
      if (lock) {
        try {
          return await work()
        } finally {
          lock.release()
        }
      }
      if (Date.now() > deadline) throw new DatabaseProblem('locked', 'another process is opening the conversations')
      await delay(25)
    }
  } catch (error) {
    throw databaseProblem(error, home)
  }
}
