import { DatabaseProblem, type Trouble } from '../database/database-problem.ts'
import { minding } from '../database/lost-file.ts'
import { asProblem, Problem } from '../problem.ts'
import type { Notices } from '../settings/notices.ts'
import type { Session } from './session.ts'

/** Milliseconds between tries to open a database that cannot be. */
const retry = 2_000

/** What may go wrong apart from a call of the person's. */
export type Work = 'opening' | 'reading' | 'saving'

export interface AvailabilityOptions {
  readonly open: () => Promise<Session>
  readonly notices: Notices
  /** The database's path, for notices. */
  readonly path: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly opened: (session: Session) => void
}

/**
 * Whether there is a database to work on. A locked file, a full or read-only disk must not keep the app from starting:
 * it is told as a notice, tried again, and the notice goes when it has passed.
 */
export class Availability {
  readonly #options: AvailabilityOptions
  #session: Session | undefined
  #opening: Promise<Session> | undefined
  /** The end of work that nobody else may touch the database in. */
  #held: Promise<unknown> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false
  /** The trouble last told of each kind of work: one the person has closed does not come back every two seconds. */
  readonly #told = new Map<Work, { trouble: Trouble; notice: string }>()

  constructor(options: AvailabilityOptions) {
    this.#options = options
  }

  get session(): Session | undefined {
    return this.#session
  }

  /** @throws DatabaseProblem; Problem `cancelled` once closed */
  ready(): Promise<Session> {
    if (this.#closed) return Promise.reject(new Problem('cancelled', 499, 'the conversations are closed'))
    if (this.#held) return this.#held.then(() => this.ready())
    if (this.#session) return Promise.resolve(this.#session)
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /**
   * Does something while every call that comes waits for its end.
   * @throws what `work` throws, or as `ready`
   */
  async hold<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const held = work(await this.ready())
    this.#held = held
      .catch(() => undefined)
      .finally(() => {
        this.#held = undefined
      })
    return held
  }

  /** Tells a trouble that no call of the person's will hear of. */
  report(work: Work, error: unknown): void {
    const problem = asProblem(error)
    const trouble = problem instanceof DatabaseProblem ? problem.trouble : 'unreadable'
    if (this.#told.get(work)?.trouble === trouble) return
    this.passed(work)
    const { notices, path } = this.#options
    const notice = notices.add(
      work === 'saving' && trouble === 'disk-full'
        ? { code: 'disk-full', values: { path } }
        : { code: 'database-unavailable', values: { path, reason: trouble === 'damaged' ? 'unreadable' : trouble } },
    )
    this.#told.set(work, { trouble, notice })
  }

  /** Work of that kind succeeded: what was told of it has passed. */
  passed(work: Work): void {
    const told = this.#told.get(work)
    if (!told) return
    this.#told.delete(work)
    this.#options.notices.dismiss(told.notice)
  }

  /** @returns the session, for the caller to close when nothing needs it any more */
  async close(): Promise<Session | undefined> {
    this.#closed = true
    clearTimeout(this.#retry)
    // An opening that fails has been told; what matters here is that none is under way.
    await this.#opening?.catch(() => undefined)
    await this.#held
    return this.#session
  }

  async #open(): Promise<Session> {
    clearTimeout(this.#retry)
    try {
      this.#session = await this.#options.open()
    } catch (error) {
      this.report('opening', error)
      if (!this.#closed) this.#retry = setTimeout(() => void this.ready().catch(() => undefined), retry).unref()
      throw error
    }
    this.passed('opening')
    this.#tellSetAside(this.#session)
    this.#mind(this.#session)
    this.#options.opened(this.#session)
    return this.#session
  }

  #mind({ store }: Session): void {
    const { notices, path, now } = this.#options
    minding(store.database, path, now, lost => {
      const code = lost.isReplaced ? 'database-replaced' : 'database-put-back'
      notices.add({ code, values: { path: lost.path } })
    })
  }

  #tellSetAside({ setAside }: Session): void {
    if (!setAside) return
    const { path, at, conversations, messages } = setAside
    this.#options.notices.add({ code: 'database-set-aside', values: { path, at, conversations, messages } })
  }
}
