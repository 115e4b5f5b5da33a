import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CallOutput, StreamEvent } from '../../preload/contract.ts'
import { FileLock } from '../database/file-lock.ts'
import { Listeners } from '../listeners.ts'
import { asProblem, Problem } from '../problem.ts'
import type { Notices } from '../settings/notices.ts'
import { type Kept, readBackups, removeBackup } from './about.ts'
import { compare } from './comparison.ts'
import { cutOff, forgetCutOff, goBack } from './going-back.ts'
import { migrationCopies } from './migration-copies.ts'
import type { BackedUp } from './part.ts'
import { PicturePool } from './picture-pool.ts'
import type { Place } from './place.ts'
import { dayOf } from './retention.ts'
import { adopt, takeSnapshot } from './snapshot.ts'
import { freedBy, tidy } from './tidy.ts'

/** Milliseconds after the start until it is looked whether a backup is due, and between two looks. */
const firstLook = 20_000
const lookEvery = 30 * 60 * 1_000

export type BackupsState = StreamEvent<'backups.watch'>

export interface BackupsOptions {
  /** The folder of the person's data; backups/ lies in it. */
  readonly home: string
  readonly parts: readonly BackedUp[]
  /** Whether backups are made by themselves. */
  readonly wanted: () => boolean
  readonly notices: Notices
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Backups of the person's chats and forms, on the same disk: one a day when something has changed, one of before each
 * migration, and those asked for. They save from what people and programs do, not from the loss of the disk.
 */
export class Backups {
  readonly #place: Place
  readonly #settings: string
  readonly #wanted: () => boolean
  readonly #notices: Notices
  readonly #now: () => number
  readonly #listeners = new Listeners<BackupsState>()
  #kept: Kept[] = []
  #working: BackupsState['working'] = null
  #failed: BackupsState['problem'] = null
  /** Of the trouble that was told, while it lasts. */
  #notice: string | undefined
  #timers: NodeJS.Timeout[] = []
  #running: Promise<unknown> = Promise.resolve()

  constructor({ home, parts, wanted, notices, now = Date.now }: BackupsOptions) {
    const folder = join(home, 'backups')
    this.#place = { folder, parts, pool: new PicturePool(join(folder, 'pictures')) }
    this.#settings = join(home, 'settings.json')
    this.#wanted = wanted
    this.#notices = notices
    this.#now = now
  }

  /** Reads what is there, and ends a going back that was cut off. */
  async start(): Promise<void> {
    await this.#read()
    await this.#endCutOff()
  }

  /** From now on looks every half hour whether a backup is due. */
  keepLooking(): void {
    const look = () => void this.look().catch(() => undefined)
    this.#timers = [setTimeout(look, firstLook).unref(), setInterval(look, lookEvery).unref()]
  }

  get folder(): string {
    return this.#place.folder
  }

  /** Calls at once with the state, then at every change. @returns ends it */
  watch(listener: (state: BackupsState) => void): () => void {
    return this.#listeners.add(listener, this.#state())
  }

  /**
   * Takes in what migrations left, and makes a backup where one is due. What fails is told as a notice, and in the
   * state. Never while something else is under way, here or in another process.
   */
  async look(): Promise<void> {
    if (this.#working !== null) return
    const copies = await migrationCopies(this.#place.parts)
    await this.#read()
    const isDue = this.#wanted() && this.#isDue()
    if (copies.length === 0 && !isDue) {
      // Nothing is left that could fail.
      if (this.#failed) this.#passed()
      return
    }
    try {
      await this.#work('backing-up', async () => {
        // First, so that a copy that cannot be read keeps nobody from a backup.
        if (isDue) await takeSnapshot(this.#place, this.#settings, this.#now(), 'daily')
        // Asked again: another process may have taken them in until now.
        for (const copy of await migrationCopies(this.#place.parts)) await adopt(this.#place, copy)
      })
      this.#passed()
    } catch (error) {
      const problem = asProblem(error)
      // Another process is at it.
      if (problem.code === 'in-use') return
      this.#failed = { code: problem.code, message: problem.message, details: problem.details }
      this.#notice = this.#notices.add({ code: 'backup-failed', values: { reason: problem.code } })
      this.#tell()
    }
  }

  /** Makes a backup now. @throws Problem in-use, disk-full or database */
  async take(): Promise<void> {
    await this.#work('backing-up', () => takeSnapshot(this.#place, this.#settings, this.#now(), 'asked'))
    this.#passed()
  }

  /** What would change by going back: chats outside the trash. @throws Problem not-found or database */
  async compare(id: string): Promise<CallOutput<'backups.compare'>> {
    return compare(this.#place, await this.#backup(id))
  }

  /**
   * Gives chats and forms the state of a backup, after one of the present. Answers being written are ended and kept in
   * that one.
   * @throws Problem not-found, in-use, disk-full or database; nothing has changed then
   */
  async goBack(id: string): Promise<void> {
    const backup = await this.#backup(id)
    await this.#work('going-back', () => this.#goBackTo(backup), id)
  }

  /** Bytes the disk gets back when a backup is removed. @throws Problem not-found */
  async freedBy(id: string): Promise<number> {
    return freedBy(this.#place, await this.#backup(id))
  }

  /**
   * Removes one backup, and the pictures that nothing else refers to.
   * @throws Problem not-found, in-use, or of the file system
   */
  async remove(id: string): Promise<void> {
    await this.#backup(id)
    await this.#work('removing', async () => {
      // Going back to it was cut off, and another process may be ending that.
      if (cutOff(this.folder) === id) throw inUse()
      await removeBackup(join(this.folder, id))
    })
  }

  /** Makes sure there is something to show. */
  shown(): string {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    return this.folder
  }

  /** Lets what is under way end. A backup that is not whole by then is removed by the next start. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#listeners.clear()
    await this.#running.catch(() => undefined)
  }

  /**
   * One thing at a time, of all processes. What was left unfinished, and what has outlived its use, goes before and
   * after it.
   * @param needed a backup that stays, however old
   */
  async #work(
    kind: NonNullable<BackupsState['working']>,
    work: () => Promise<unknown>,
    needed?: string,
  ): Promise<void> {
    if (this.#working !== null) throw inUse()
    this.#working = kind
    this.#tell()
    const running = this.#alone(work, needed)
    this.#running = running
    try {
      await running
    } catch (error) {
      throw asProblem(error)
    } finally {
      this.#working = null
      await this.#read()
    }
  }

  /** Called under the lock. */
  async #goBackTo(backup: Kept): Promise<void> {
    const before = () => takeSnapshot(this.#place, this.#settings, this.#now(), 'before-going-back')
    try {
      await goBack(this.#place, backup, before, this.#now())
    } catch (error) {
      await this.#tellPart()
      throw error
    }
  }

  /** After a kill some databases may have gone back, and others not. */
  async #endCutOff(): Promise<void> {
    const id = cutOff(this.folder)
    if (id === undefined) return
    try {
      const backup = await this.#backup(id)
      const end = async () => {
        // Another process may have come to its end meanwhile.
        if (cutOff(this.folder) === id) await this.#goBackTo(backup)
      }
      await this.#work('going-back', end, id)
    } catch (error) {
      // Another process is at it.
      if (asProblem(error).code !== 'in-use') await this.#tellPart()
    }
  }

  /** What is left in part stays so, as the person goes on from there: no later start may undo what they do. */
  async #tellPart(): Promise<void> {
    if (cutOff(this.folder) === undefined) return
    this.#notices.add({ code: 'went-back-in-part', values: {} })
    await forgetCutOff(this.folder).catch(() => undefined)
  }

  async #alone(work: () => Promise<unknown>, needed: string | undefined): Promise<void> {
    const lock = FileLock.take(join(this.folder, 'lock'))
    if (!lock) throw inUse()
    try {
      await tidy(this.#place, this.#now(), needed)
      await work()
      await tidy(this.#place, this.#now(), needed)
    } finally {
      lock.release()
    }
  }

  async #read(): Promise<void> {
    this.#kept = (await readBackups(this.folder)).kept
    this.#tell()
  }

  /** @throws Problem not-found */
  async #backup(id: string): Promise<Kept> {
    await this.#read()
    const backup = this.#kept.find(one => one.id === id)
    if (!backup) throw new Problem('not-found', 404, 'the backup is no longer there')
    return backup
  }

  /** No backup of today, and something was written since the last. */
  #isDue(): boolean {
    // One of days to come is of a clock that was wrong: it must not keep the others off until then.
    const last = this.#kept.find(({ reason, at }) => reason !== 'migration' && at <= this.#now())
    if (!last) return this.#changedAt() > 0
    return dayOf(last.at) !== dayOf(this.#now()) && this.#changedAt() > last.at
  }

  /** When a database was written last, at least; 0 where there is none. An empty log only says that it was opened. */
  #changedAt(): number {
    const files = this.#place.parts.flatMap(({ path }) => [path, `${path}-wal`])
    const stats = files.map(path => statSync(path, { throwIfNoEntry: false }))
    return Math.max(0, ...stats.flatMap(stat => (stat && stat.size > 0 ? stat.mtimeMs : [])))
  }

  #passed(): void {
    this.#failed = null
    if (this.#notice !== undefined) this.#notices.dismiss(this.#notice)
    this.#notice = undefined
    this.#tell()
  }

  #state(): BackupsState {
    const backups = this.#kept.map(({ files: _, ...backup }) => backup)
    return { backups, working: this.#working, problem: this.#failed, folder: this.folder }
  }

  #tell(): void {
    this.#listeners.tell(this.#state())
  }
}

const inUse = (): Problem => new Problem('in-use', 409, 'a backup is being made, or gone back to')
