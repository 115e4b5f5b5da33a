import type { LoggedRequest } from '../../../preload/contract.ts'
import { Listeners } from '../../listeners.ts'
import type { RequestLogEntry } from '../http.ts'

/** Requests that are kept. */
const kept = 1000
/** Letters of an address that are kept: a query may hold anything. */
const longestUrl = 300
/** Milliseconds of a frame: no window is told more often. */
const frame = 16

export type LogEvent = { readonly type: 'all' | 'more'; readonly requests: LoggedRequest[] }

/** The last requests that came over HTTP, in memory alone. */
export class RequestLog {
  #requests: LoggedRequest[] = []
  #count = 0
  #untold: LoggedRequest[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #listeners = new Listeners<LogEvent>()
  readonly #now: () => number

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  add({ url, ...entry }: RequestLogEntry): void {
    this.#count += 1
    const request = { ...entry, id: this.#count, at: this.#now(), url: url.slice(0, longestUrl) }
    this.#requests.push(request)
    // Cut now and then, as each cut moves all of them.
    if (this.#requests.length >= 2 * kept) this.#requests = this.#requests.slice(-kept)
    if (this.#listeners.size === 0) return
    this.#untold.push(request)
    this.#timer ??= setTimeout(() => this.#tell(), frame)
  }

  /** Calls with what is kept, oldest first, then with what came since, at most once a frame. @returns ends it */
  watch(listener: (event: LogEvent) => void): () => void {
    this.#tell()
    return this.#listeners.add(listener, { type: 'all', requests: this.#requests.slice(-kept) })
  }

  /** Forgets all of them. */
  clear(): void {
    this.#requests = []
    this.#untold = []
    this.#listeners.tell({ type: 'all', requests: [] })
  }

  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const requests = this.#untold.slice(-kept)
    this.#untold = []
    if (requests.length > 0) this.#listeners.tell({ type: 'more', requests })
  }
}
