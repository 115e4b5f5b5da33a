import type { Settings, Update } from '../../preload/contract.ts'
import { Listeners } from '../listeners.ts'
import { asProblem, Problem, type WithProblem } from '../problem.ts'
import type { Updater } from './updater.ts'

export type UpdateState = WithProblem<Update>

export interface UpdatesOptions {
  /** Undefined where this copy does not update itself. */
  readonly updater: Updater | undefined
  readonly settings: { watch(listener: (settings: Pick<Settings, 'updates'>) => void): () => void }
  /**
   * A restart would end something: an answer, in a window or through the API, a model in the making, or models on the
   * way.
   */
  readonly busy: () => boolean
  /** Ends the app in order; what is ready is installed then (`atEnd`). */
  readonly quit: () => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly times?: Partial<UpdateTimes>
}

/** Milliseconds. */
export interface UpdateTimes {
  /** After the start: the person comes first. */
  readonly first: number
  /** Between two looks. */
  readonly between: number
  /** Between two looks whether something is still under way. */
  readonly patience: number
}

const usual: UpdateTimes = { first: 30_000, between: 24 * 3_600_000, patience: 1_000 }

/**
 * Newer versions of Hearth: looked for as the person chose, downloaded and verified beside the running one, and
 * installed between two runs, never while somebody gets an answer, or makes or moves models.
 */
export class Updates {
  readonly #options: UpdatesOptions
  readonly #times: UpdateTimes
  readonly #now: () => number
  readonly #listeners = new Listeners<UpdateState>()
  readonly #unwatch: () => void
  #mode: Settings['updates'] = 'off'
  #update: UpdateState
  #timer: NodeJS.Timeout | undefined
  #wait: NodeJS.Timeout | undefined
  /** The person asked for the restart. */
  #wanted = false

  constructor(options: UpdatesOptions) {
    this.#options = options
    this.#times = { ...usual, ...options.times }
    this.#now = options.now ?? Date.now
    const state = options.updater === undefined ? 'unavailable' : 'idle'
    this.#update = { state, version: null, progress: 0, checkedAt: null, problem: null }
    this.#unwatch = options.settings.watch(({ updates }) => this.#follow(updates))
  }

  /** Calls at once, then at every change. @returns ends it */
  watch(listener: (update: UpdateState) => void): () => void {
    return this.#listeners.add(listener, this.#update)
  }

  /** Looks for a newer version; does nothing while one is on its way or here. Failures are told by the watch. */
  async check(): Promise<void> {
    const updater = this.#updater()
    if (this.#update.state !== 'idle' && this.#update.state !== 'available') return
    await this.#step('checking', 'idle', async () => {
      const version = await updater.check()
      this.#tell({
        state: version === undefined ? 'idle' : 'available',
        version: version ?? null,
        checkedAt: this.#now(),
      })
    })
  }

  /** Downloads what was found, and verifies it; `ready` afterwards. */
  async download(): Promise<void> {
    const updater = this.#updater()
    if (this.#update.state !== 'available') return
    await this.#step('downloading', 'available', async () => {
      await updater.download(progress => this.#tell({ progress }))
      this.#tell({ state: 'ready' })
    })
  }

  /** Restarts into the downloaded version; waits for what is under way. */
  install(): void {
    this.#updater()
    if (this.#update.state !== 'ready') return
    this.#wanted = true
    this.#tell({ state: 'waiting' })
    const look = () => {
      if (this.#options.busy()) return
      clearInterval(this.#wait)
      this.#tell({ state: 'installing' })
      this.#options.quit()
    }
    this.#wait = setInterval(look, this.#times.patience)
    look()
  }

  /**
   * To be called when the app ends and its services are closed.
   *
   * @returns installed: the updater ends the process; failed: the person wanted the newer version, and it could not be
   * put in place; nothing: the app just ends
   */
  atEnd(): 'installed' | 'failed' | 'nothing' {
    const { updater } = this.#options
    const here = ['ready', 'waiting', 'installing'].includes(this.#update.state)
    // Where the person did not ask: only as they chose, and only where they are not asked for a password.
    const wanted = this.#wanted || (this.#mode === 'automatic' && updater?.silent)
    if (updater === undefined || !here || !wanted) return 'nothing'
    if (updater.install({ restart: this.#wanted })) return 'installed'
    return this.#wanted ? 'failed' : 'nothing'
  }

  close(): void {
    this.#unwatch()
    this.#stopLooking()
    clearInterval(this.#wait)
  }

  #updater(): Updater {
    const { updater } = this.#options
    if (updater === undefined) throw new Problem('invalid-request', 400, 'this copy of Hearth does not update itself')
    return updater
  }

  #follow(mode: Settings['updates']): void {
    if (mode === this.#mode) return
    this.#mode = mode
    this.#stopLooking()
    if (mode !== 'off' && this.#options.updater !== undefined) this.#lookIn(this.#times.first)
  }

  #lookIn(delay: number): void {
    const timer = setTimeout(async () => {
      await this.check()
      if (this.#mode === 'automatic') await this.download()
      // Switched off, or closed, while the server was asked.
      if (this.#timer === timer) this.#lookIn(this.#times.between)
    }, delay)
    this.#timer = timer.unref()
  }

  #stopLooking(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** @param back the state to fall back to when it fails */
  async #step(state: UpdateState['state'], back: UpdateState['state'], work: () => Promise<void>): Promise<void> {
    this.#tell({ state, progress: 0, problem: null })
    try {
      await work()
    } catch (error) {
      this.#tell({ state: back, problem: updateProblem(error) })
    }
  }

  #tell(change: Partial<UpdateState>): void {
    this.#update = { ...this.#update, ...change }
    this.#listeners.tell(this.#update)
  }
}

/** electron-updater's errors, by the codes it gives them. */
function updateProblem(error: unknown): Problem {
  const { code, message } = error as { code?: unknown; message: string }
  if (code === 'ERR_CHECKSUM_MISMATCH' || code === 'ERR_UPDATER_INVALID_SIGNATURE') {
    return new Problem(
      'update-not-genuine',
      502,
      'the downloaded update is not what was announced, and was thrown away',
      message,
    )
  }
  const problem = asProblem(error)
  return problem.code === 'internal'
    ? new Problem('update-failed', 502, 'the update server cannot be reached', message)
    : problem
}
