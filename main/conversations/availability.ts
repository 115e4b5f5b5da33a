import { asProblem, Problem } from '../problem.ts'
import type { Notices } from '../settings/notices.ts'
import { DatabaseProblem, type Trouble } from './database-problem.ts'
import type { Session } from './session.ts'

/** Milliseconds between tries to open a database that cannot be. */
const retry = 2_000

export interface AvailabilityOptions {
  readonly open: () => Promise<Session>
  readonly notices: Notices
  /** The database's path, for notices. */
  readonly path: string
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
  #retry: NodeJS.Timeout | undefined
  #closed = false
  /** The trouble last told: one the person has closed does not come back every two seconds. */
  #told: { trouble: Trouble; notice: string } | undefined

  constructor(options: AvailabilityOptions) {
    this.#options = options
  }

  get session(): Session | undefined {
    return this.#session
  }

  /** @throws DatabaseProblem; Problem `cancelled` once closed */
  ready(): Promise<Session> {
    if (this.#closed) return Promise.reject(new Problem('cancelled', 499, 'the conversations are closed'))
    if (this.#session) return Promise.resolve(this.#session)
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /** Tells a trouble that no call of the person's will hear of. @param saving a reply's text could not be written */
  report(error: unknown, saving = false): void {
    const problem = asProblem(error)
    const trouble = problem instanceof DatabaseProblem ? problem.trouble : 'unreadable'
    if (this.#told?.trouble === trouble) return
    this.recovered()
    const { notices, path } = this.#options
    const notice =
      saving && trouble === 'disk-full'
        ? notices.add('disk-full', { path })
        : notices.add('database-unavailable', { path, reason: trouble === 'damaged' ? 'unreadable' : trouble })
    this.#told = { trouble, notice }
  }

  /** What was reported has passed. */
  recovered(): void {
    if (this.#told) this.#options.notices.dismiss(this.#told.notice)
    this.#told = undefined
  }

  /** @returns the session, for the caller to close when nothing needs it any more */
  async close(): Promise<Session | undefined> {
    this.#closed = true
    clearTimeout(this.#retry)
    // An opening that fails has been told; what matters here is that none is under way.
    await this.#opening?.catch(() => undefined)
    return this.#session
  }

  async #open(): Promise<Session> {
    clearTimeout(this.#retry)
    try {
      this.#session = await this.#options.open()
    } catch (error) {
      this.report(error)
      if (!this.#closed) this.#retry = setTimeout(() => void this.ready().catch(() => undefined), retry).unref()
      throw error
    }
    this.recovered()
    this.#tellSetAside(this.#session)
    this.#options.opened(this.#session)
    return this.#session
  }

  #tellSetAside({ setAside }: Session): void {
    if (!setAside) return
    const { path, conversations, messages } = setAside
    this.#options.notices.add('database-set-aside', {
      path,
      conversations: String(conversations),
      messages: String(messages),
    })
  }
}
