import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../database/database.ts'
import { finishedMessages, lastMessageNumber, searchable } from './message-rows.ts'
import type { Passage } from './passages.ts'
import type { Entry, SearchIndex } from './search-index.ts'

/** Message numbers looked at in one slice, and texts taken in by one write: each holds main for a few milliseconds. */
const slice = 2_000
const together = 50
/** Milliseconds between slices, so that a window that opens is not kept waiting. */
const rest = 5

/**
 * Keeps the index in step with the messages. What this process writes is noted as it happens; a walk over both, once
 * after the start, finds everything else: what was written while the index was missing, what another process wrote,
 * what left the trash for good, what a backup gave back. Replies in flight are taken in when they have ended. Documents
 * follow their messages, passage by passage, and a search does not wait for them.
 */
export class IndexKeeper {
  readonly #index: SearchIndex
  readonly #database: Database
  readonly #passages: (messageId: string) => AsyncIterable<Passage>
  readonly #noted = new Set<string>()
  #work: Promise<void> = Promise.resolve()
  #walks = 0
  #reading = false
  #closed = false

  /** @param passages of the documents of a message */
  constructor(index: SearchIndex, database: Database, passages: (messageId: string) => AsyncIterable<Passage>) {
    this.#index = index
    this.#database = database
    this.#passages = passages
  }

  /** Messages are walked through, or documents read: a search may not find everything yet. */
  get isBehind(): boolean {
    return this.#walks > 0 || this.#reading
  }

  /** A message was written or removed. */
  note(messageId: string): void {
    this.#noted.add(messageId)
  }

  /** Takes in what was noted, and reads its documents in the background. @throws DatabaseProblem */
  async catchUp(): Promise<void> {
    await this.#next(async () => {
      while (this.#noted.size > 0) {
        const ids = [...this.#noted].slice(0, together)
        const texts = searchable(this.#database, ids)
        const here = new Set(texts.map(({ id }) => id))
        // A reply in flight is noted again at its end.
        await this.#index.change(texts, this.#index.numbersOf(ids.filter(id => !here.has(id))))
        for (const id of ids) this.#noted.delete(id)
      }
    })
    this.#readDocuments()
  }

  /** Compares the index with all messages, slice by slice, and mends what differs. @throws DatabaseProblem */
  async walk(): Promise<void> {
    this.#walks += 1
    try {
      const end = Math.max(this.#index.lastNumber, lastMessageNumber(this.#database)) + 1
      for (let from = 0; from < end && !this.#closed; from += slice) {
        await this.#next(() => this.#mend(from, from + slice))
        await delay(rest)
      }
    } finally {
      this.#walks -= 1
    }
    this.#readDocuments()
  }

  /** Ends the walk, and resolves when nothing is being written any more. */
  close(): Promise<void> {
    this.#closed = true
    return this.#work
  }

  /** What fails here is left unread, and tried again by the next search. */
  #readDocuments(): void {
    if (this.#reading || this.#closed || this.#index.unread() === undefined) return
    this.#reading = true
    const ended = () => {
      this.#reading = false
    }
    void this.#readAll().then(ended, ended)
  }

  async #readAll(): Promise<void> {
    for (let message = this.#index.unread(); message; message = this.#closed ? undefined : this.#index.unread())
      await this.#readDocumentsOf(message)
  }

  /** Ends early where the message has gone, or was taken in anew: then it is unread again, and begun from its start. */
  async #readDocumentsOf({ number, id }: { readonly number: number; readonly id: string }): Promise<void> {
    let passage = 0
    for await (const { text } of this.#passages(id)) {
      const hit = { number, passage }
      if (!(await this.#next(() => this.#index.addPassage(hit, text)))) return
      passage += 1
      await delay(rest)
    }
    await this.#next(() => this.#index.markRead(number, passage))
  }

  async #mend(from: number, to: number): Promise<void> {
    const indexed = new Map(this.#index.entries(from, to).map(entry => [entry.number, entry]))
    const there = new Map(finishedMessages(this.#database, from, to).map(entry => [entry.number, entry]))
    const differs = ({ number }: Entry) => !isSame(indexed.get(number), there.get(number))
    const gone = [...indexed.values()].filter(differs).map(({ number }) => number)
    if (gone.length > 0) await this.#index.change([], gone)
    const missing = [...there.values()].filter(differs).map(({ id }) => id)
    for (let at = 0; at < missing.length && !this.#closed; at += together) {
      await this.#index.change(searchable(this.#database, missing.slice(at, at + together)), [])
      await delay(rest)
    }
  }

  /** One thing after the other. @returns what `work` does; undefined when it was not begun, as all is closed */
  #next<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#work.then(() => (this.#closed ? undefined : work()))
    this.#work = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }
}

const isSame = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one?.id === other?.id && one?.bytes === other?.bytes
