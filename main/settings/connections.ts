import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Connection } from '../../preload/contract.ts'
import { connectionSchema } from '../../preload/contract-app.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { Listeners } from '../listeners.ts'

/** Milliseconds after which a request to the same host, for the same reason, is told as another connection. */
const pause = 10 * 60_000
/** Entries that are kept. */
const kept = 500
/** Milliseconds until what happened is written and told: a download is many requests and thousands of pieces. */
const calm = 1000

/** What a request may add to its entry while it goes on. Bytes. */
export interface Counted {
  sent(bytes: number): void
  received(bytes: number): void
}

/** What makes a connection to another computer has to say so here, before it does. */
export type TellConnection = (about: Pick<Connection, 'host' | 'purpose' | 'subject'>) => Counted

/**
 * Every connection the app has made to other computers, for the person to read: to where, when, why, how much. Kept in
 * a file over restarts.
 */
export class Connections {
  readonly #path: string
  readonly #now: () => number
  /** Newest last. */
  #entries: Connection[]
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  readonly #listeners = new Listeners<Connection[]>()

  /**
   * @param path of the file
   * @param now milliseconds since 1970
   */
  constructor(path: string, now: () => number = Date.now) {
    this.#path = path
    this.#now = now
    this.#entries = read(path)
  }

  readonly tell: TellConnection = about => {
    const now = this.#now()
    const same = this.#entries.findLast(
      ({ host, purpose, subject }) => host === about.host && purpose === about.purpose && subject === about.subject,
    )
    const open = same && now - same.until < pause
    const entry = open ? same : { ...about, from: now, until: now, requests: 0, sent: 0, received: 0 }
    if (!open) this.#entries = [...this.#entries.slice(1 - kept), entry]
    this.#change(entry, { requests: entry.requests + 1 })
    return {
      sent: bytes => this.#change(entry, { sent: entry.sent + bytes }),
      received: bytes => this.#change(entry, { received: entry.received + bytes }),
    }
  }

  /** Calls at once with all entries, newest first, then when there is news, once a second. @returns ends it */
  watch(listener: (entries: Connection[]) => void): () => void {
    return this.#listeners.add(listener, this.#entries.toReversed())
  }

  /** Forgets them all. A download that goes on is told anew. */
  clear(): void {
    this.#entries = []
    this.#flush()
  }

  /** Writes what is not on disk yet. */
  async close(): Promise<void> {
    if (this.#timer) this.#flush()
    await this.#writing
  }

  #change(entry: Connection, change: Partial<Connection>): void {
    Object.assign(entry, change, { until: this.#now() })
    this.#timer ??= setTimeout(() => this.#flush(), calm)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#listeners.tell(this.#entries.map(entry => ({ ...entry })).reverse())
    const text = `${JSON.stringify(this.#entries)}\n`
    // A disk that takes no list: it is written with the next happening.
    this.#writing = this.#writing.then(() => writeAtomically(this.#path, text)).catch(() => undefined)
  }
}

/** Leniently: a file that is missing or broken holds nothing. */
function read(path: string): Connection[] {
  try {
    return z
      .array(z.unknown())
      .parse(JSON.parse(readFileSync(path, 'utf8')))
      .flatMap(entry => {
        const known = connectionSchema.safeParse(entry)
        return known.success ? [known.data] : []
      })
  } catch {
    return []
  }
}
