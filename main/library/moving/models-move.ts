import { setTimeout as pause } from 'node:timers/promises'
import type * as contract from '../../../preload/contract.ts'
import { errno } from '../../files/errno.ts'
import { PacedListeners } from '../../listeners.ts'
import { asProblem, Problem, type WithProblem } from '../../problem.ts'
import { carryDeletedDemo, carryDemoRecord } from '../demo-model.ts'
import { beingMoved } from '../folder-changes.ts'
import type { Library } from '../library.ts'
import type { Pulls } from '../registry/pulls.ts'
import { destination } from './destination.ts'
import { existingFolder, isSame } from './existing-folder.ts'
import { FolderCopy, movable, prepare, requireOurs, sizeOf } from './folder-copy.ts'
import type { FolderInUse } from './folder-in-use.ts'
import { type OtherFolder, otherFolders } from './other-folders.ts'

/** A move of the models folder, as the window shows it. */
export type Move = WithProblem<NonNullable<contract.ModelsPlace['move']>>

/** Where the models lie. */
export type ModelsPlace = Readonly<Omit<contract.ModelsPlace, 'move'>> & { readonly move: Move | null }

export interface ModelsMoveOptions {
  readonly library: Library
  readonly pulls: Pick<Pulls, 'hold'>
  /** The lock on the folder in use. */
  readonly inUse: FolderInUse
  /** Hearth's home. */
  readonly home: string
  /** OLLAMA_MODELS is set. */
  readonly fixed: boolean
  /** Where an Ollama has its models as a rule. */
  readonly homes: readonly string[]
  /** The folder as the settings name it; null for the usual one. */
  readonly remembered: () => string | null
  /** Writes the folder into the settings: the one moment from which the new one is in use. */
  readonly remember: (path: string | null) => Promise<unknown>
  /**
   * The new folder is in use: models that are loaded from the old one may leave once they are idle.
   * @param left the old one, where it stays as it is
   */
  readonly onSwitched: (left?: string) => Promise<void>
  /** Whether a model is being loaded, or answers. */
  readonly isBusy: () => boolean
}

/** How often it is looked whether the last answer has ended. Milliseconds. */
const lookMs = 250
/** How often watchers are told while bytes are copied. Milliseconds. */
const toldEvery = 250

/**
 * Moves the models folder while the app runs, or takes another one that has models in it as it is. At every moment one
 * whole folder is in use: everything is copied and verified, the settings change in one write, and only then the old
 * files go. What a kill interrupts is put in order by the next start, which knows from the settings on which side of that
 * write it was.
 */
export class ModelsMove {
  readonly #options: ModelsMoveOptions
  readonly #copy: FolderCopy
  readonly #settled: Promise<void>
  readonly #closing = new AbortController()
  readonly #listeners = new PacedListeners<ModelsPlace>(() => this.place(), toldEvery)
  #move: Move | null = null
  #job: { readonly abort: AbortController; ended: Promise<void> } | undefined

  /** Puts in order, in its own time, what an interrupted move has left. */
  constructor(options: ModelsMoveOptions) {
    this.#options = options
    this.#copy = new FolderCopy(options.home, this.#closing.signal)
    options.library.folder.watchAway(() => this.#listeners.tell())
    // Tried again, and told, when somebody moves; until then a folder that cannot be cleared does no harm.
    this.#settled = this.#settle().catch(() => undefined)
  }

  place(): ModelsPlace {
    const { library, fixed } = this.#options
    const { root, isWritable, isAway } = library.folder
    return { path: root, writable: isWritable, away: isAway, fixed, move: this.#move }
  }

  /** A move is on its way that a restart would undo; one that only has old files to remove goes on at the next start. */
  get isUndecided(): boolean {
    return this.#move?.state === 'waiting' || this.#move?.state === 'copying'
  }

  /** Calls at once with the place, then at every change, at most four times a second. @returns ends it */
  watch(listener: (place: ModelsPlace) => void): () => void {
    return this.#listeners.add(listener)
  }

  /**
   * Begins to move the models; `watch` tells how it goes on.
   * @param chosen absolute path of a folder, or of one to be made
   * @throws Problem `models-folder-fixed`, `models-moving`, `models-in-use`, `models-not-ours`, `folder-not-usable`,
   *   `folder-not-empty`, `disk-full`, `file-unreadable`, `file-unwritable`; nothing has changed then
   */
  async start(chosen: string): Promise<void> {
    await this.#begin(async () => {
      const { library, inUse } = this.#options
      const from = library.folder.root
      const to = await destination(from, chosen)
      await requireOurs(library.folder)
      const files = await movable(library.folder)
      inUse.becomeAlone(from)
      await prepare(to, sizeOf(files))
      const told = { from, to, inPlace: false, total: 2 * sizeOf(files) }
      return { told, work: signal => this.#moveAll(from, to, signal) }
    })
  }

  /**
   * Begins to take another folder with models in it as it is, in place of the one in use, which stays as it is.
   * @param chosen absolute path of the folder, or of Ollama's own around it
   * @throws Problem `models-folder-fixed`, `models-moving`, `no-models-there`, `file-unreadable`; nothing has changed then
   */
  async use(chosen: string): Promise<void> {
    await this.#begin(async () => {
      const from = this.#options.library.folder.root
      const { path } = await existingFolder(chosen)
      const to = (await isSame(from, path)) ? from : path
      return { told: { from, to, inPlace: true, total: 0 }, work: signal => this.#takeInPlace(to, signal) }
    })
  }

  /** Other folders with models on this computer, which could be used instead; none where OLLAMA_MODELS has the say. */
  async others(): Promise<OtherFolder[]> {
    const { fixed, library, homes } = this.#options
    return fixed ? [] : otherFolders(library.folder.root, homes)
  }

  /** What a move and a folder taken as it is have in common: one at a time, and the last one is settled before. */
  async #begin(prepared: () => Promise<Begun>): Promise<void> {
    const { library, fixed, inUse } = this.#options
    if (this.#job) throw beingMoved()
    const job = { abort: new AbortController(), ended: Promise.resolve() }
    this.#job = job
    try {
      await this.#settled
      if (fixed) throw new Problem('models-folder-fixed', 409, 'the models folder is set by OLLAMA_MODELS')
      // What an earlier move could not remove yet, as Windows keeps files that are read; the journal has room for one.
      await this.#settle()
      const { told, work } = await prepared()
      this.#set({ ...told, state: 'waiting', completed: 0, problem: null })
      job.ended = this.#run(told.to, work(job.abort.signal))
    } catch (error) {
      this.#job = undefined
      inUse.shareAgain(library.folder.root)
      throw fileProblem(error)
    }
  }

  /** Gives up a move that has not come to the new folder yet, and removes what was copied. */
  async cancel(): Promise<void> {
    if (!this.isUndecided) return
    this.#job?.abort.abort()
    await this.#job?.ended
  }

  /** Ends what is under way; what is left to remove goes at the next start. */
  async close(): Promise<void> {
    this.#listeners.close()
    this.#closing.abort()
    this.#job?.abort.abort()
    await this.#job?.ended
    await this.#settled
  }

  async #run(to: string, work: Promise<Partial<Move>>): Promise<void> {
    const outcome = await work.catch(error => this.#outcome(to, error))
    // Before it is told: who hears of the end may begin the next.
    this.#job = undefined
    this.#set(outcome)
  }

  async #moveAll(from: string, to: string, signal: AbortSignal): Promise<Partial<Move>> {
    await this.#alone(signal, async () => {
      try {
        await this.#copyAndSwitch(from, to, signal)
      } catch (error) {
        // This error is the one to tell; what cannot be removed, the next start tries.
        if (!(error instanceof Unsure)) await this.#copy.clear(to, from).catch(() => undefined)
        throw error
      }
    })
    await this.#options.onSwitched()
    this.#set({ state: 'removing' })
    // An answer that was asked for before may still wait for its model, by the old path.
    while (this.#options.isBusy()) await pause(lookMs, undefined, { signal: this.#closing.signal })
    await this.#copy.clear(from, to)
    return { state: 'done' }
  }

  async #takeInPlace(to: string, signal: AbortSignal): Promise<Partial<Move>> {
    const { library, inUse, home, onSwitched } = this.#options
    const from = library.folder.root
    if (to === from) {
      // Its disk may have come back.
      await onSwitched()
      return { state: 'done' }
    }
    await this.#alone(signal, async () => {
      // Nobody may be moving it away.
      inUse.shareAgain(to)
      await carryDeletedDemo(library, home, to)
      // What an earlier move had left over stays: its journal would tell by the settings which of two folders goes.
      await this.#copy.forget()
      signal.throwIfAborted()
      await this.#remember(to)
      library.folder.moveTo(to)
    })
    await onSwitched(from)
    return { state: 'done' }
  }

  /** Works with no pull and no change of the models under way. */
  async #alone(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { library, pulls, inUse } = this.#options
    const letPullsGo = await pulls.hold()
    try {
      await library.folder.changes.hold(work, signal)
    } finally {
      letPullsGo()
      inUse.shareAgain(library.folder.root)
    }
  }

  async #copyAndSwitch(from: string, to: string, signal: AbortSignal): Promise<void> {
    const { library, home } = this.#options
    // What came while it waited is moved as well.
    const files = await movable(library.folder)
    await prepare(to, sizeOf(files))
    await this.#copy.begin({ from, to })
    this.#set({ state: 'copying', total: 2 * sizeOf(files) })
    await this.#copy.make({ from, to }, files, { signal, onBytes: bytes => this.#count(bytes) })
    await carryDemoRecord(home, from, to)
    signal.throwIfAborted()
    await this.#remember(to)
    library.folder.moveTo(to)
  }

  /** The switch. One that failed is taken back, as the file may have been written all the same. */
  async #remember(to: string): Promise<void> {
    const { remember, remembered } = this.#options
    const before = remembered()
    try {
      await remember(to)
    } catch (error) {
      await remember(before).catch(() => {
        throw new Unsure(error)
      })
      throw error
    }
  }

  /** What became of a move that met an error. */
  #outcome(to: string, error: unknown): Partial<Move> {
    // The new folder is in use; what is left in the old one is the next start's.
    if (this.#options.library.folder.root === to) return { state: 'done' }
    const problem = fileProblem(error instanceof Unsure ? error.cause : error)
    return problem.code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', problem }
  }

  async #settle(): Promise<void> {
    const { fixed, remembered } = this.#options
    // OLLAMA_MODELS may name one of the two, or a third: then our lock does not say whether a move is under way.
    if (!fixed) await this.#copy.settle(remembered())
  }

  #count(bytes: number): void {
    if (this.#move) this.#move = { ...this.#move, completed: this.#move.completed + bytes }
    this.#listeners.soon()
  }

  #set(change: Partial<Move>): void {
    const none = { from: '', to: '', inPlace: false, state: 'waiting', completed: 0, total: 0, problem: null } as const
    this.#move = { ...(this.#move ?? none), ...change }
    this.#listeners.tell()
  }
}

interface Begun {
  /** What is shown of it. */
  readonly told: Pick<Move, 'from' | 'to' | 'inPlace' | 'total'>
  readonly work: (signal: AbortSignal) => Promise<Partial<Move>>
}

/** Nobody knows which folder the settings name now: neither may be touched. */
class Unsure extends Error {
  constructor(cause: unknown) {
    super('the settings could not be written', { cause })
  }
}

/** A folder that lets nobody write is told as that. */
function fileProblem(error: unknown): Problem {
  const problem = asProblem(error)
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(errno(error) ?? '')) return problem
  return new Problem('file-unwritable', 500, problem.message, problem.details)
}
