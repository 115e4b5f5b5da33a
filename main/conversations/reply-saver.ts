import { setTimeout as delay } from 'node:timers/promises'
import { asProblem, type Problem } from '../problem.ts'
import type { Reply } from './reply.ts'
import type { ConversationStore } from './store.ts'

/** Milliseconds between saves of growing replies: half of the second that a crash may cost. */
const interval = 500
/** Milliseconds until a save that failed is tried again. */
const retry = 1_000

export interface ReplySaverEvents {
  /** An ended reply is on disk whole. */
  saved(reply: Reply): void
  /** Nothing could be written; the text stays in memory and is tried again. */
  failed(problem: Problem): void
  /** It could be written again. */
  recovered(): void
}

interface Progress {
  content: number
  thinking: number
  parts: number
}

/**
 * Writes replies in flight to disk: what was appended since the last time, of all replies in one commit, so that the
 * cost does not grow with the text already there nor with the number of conversations answering at once.
 */
export class ReplySaver {
  readonly #store: ConversationStore
  readonly #events: ReplySaverEvents
  readonly #replies = new Map<Reply, Progress>()
  #timer: NodeJS.Timeout | undefined
  /** performance.now() of the next save, while there is a timer. */
  #due = 0
  #saving: Promise<boolean> | undefined
  #failing = false

  constructor(store: ConversationStore, events: ReplySaverEvents) {
    this.#store = store
    this.#events = events
  }

  /** Says that a reply has grown or ended. */
  touch(reply: Reply): void {
    if (!this.#replies.has(reply)) this.#replies.set(reply, { ...reply.begunAt, parts: 0 })
    // An end is saved at once, though not before whoever waits for the stop or the last word has it: a sync takes time.
    this.#schedule(this.#failing ? retry : reply.running ? interval : 0)
  }

  /**
   * Saves all there is, trying again for a while.
   * @returns whether everything is on disk
   */
  async saveAll(): Promise<boolean> {
    for (let tries = 0; tries < 3; tries += 1) {
      if (tries > 0) await delay(retry)
      if (await this.#save()) break
    }
    // What could not be saved whole is in parts; the next start joins them.
    clearTimeout(this.#timer)
    return this.#replies.size === 0
  }

  #schedule(wait: number): void {
    const due = performance.now() + wait
    if (this.#timer && this.#due <= due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => void this.#save(), wait)
  }

  /** One save at a time; what is touched meanwhile is saved by the next. */
  async #save(): Promise<boolean> {
    while (this.#saving) await this.#saving
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#saving = this.#saveOnce()
    const saved = await this.#saving
    this.#saving = undefined
    return saved
  }

  async #saveOnce(): Promise<boolean> {
    if (this.#replies.size === 0) return true
    try {
      const done = await this.#store.database.write(() =>
        [...this.#replies].map(([reply, progress]) => this.#write(reply, progress)),
      )
      for (const { reply, progress, ended } of done) {
        if (ended) this.#replies.delete(reply)
        else this.#replies.set(reply, progress)
        if (ended) this.#events.saved(reply)
      }
    } catch (error) {
      this.#failing = true
      this.#events.failed(asProblem(error))
      this.#schedule(retry)
      return false
    }
    if (this.#failing) this.#events.recovered()
    this.#failing = false
    return true
  }

  #write(reply: Reply, progress: Progress): { reply: Reply; progress: Progress; ended: boolean } {
    if (!reply.running) {
      this.#store.endReply(reply.id, reply.end())
      return { reply, progress, ended: true }
    }
    const content = wholeCharacters(reply.content.slice(progress.content))
    const thinking = wholeCharacters(reply.thinking.slice(progress.thinking))
    if (content || thinking) this.#store.addReplyPart(reply.id, progress.parts, content, thinking)
    const next = {
      content: progress.content + content.length,
      thinking: progress.thinking + thinking.length,
      parts: progress.parts + 1,
    }
    return { reply, progress: next, ended: false }
  }
}

/** Without half of a surrogate pair at the end: alone it would be stored as a replacement character. */
function wholeCharacters(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
