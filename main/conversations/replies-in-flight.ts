import { setTimeout as delay } from 'node:timers/promises'
import type { Wait } from '../../preload/contract.ts'
import type { Inference } from '../inference/requests.ts'
import { Problem } from '../problem.ts'
import { Reply, type ReplyEvents, type ReplyOptions } from './reply.ts'
import { ReplySaver } from './reply-saver.ts'
import type { StoredMessage } from './rows.ts'
import type { ConversationStore, NewReply } from './store.ts'

/** Milliseconds between two looks whether replies have begun that are about to. */
const settling = 5

export interface RepliesInFlightOptions {
  readonly inference: Pick<Inference, 'chat'>
  readonly events: ReplyEvents
  /** Text could not be saved; it is kept in memory and tried again. */
  readonly savingFailed: (problem: Problem) => void
  readonly savingRecovered: () => void
  /** A reply that has ended is on disk whole. */
  readonly saved: (reply: Reply) => void
}

/**
 * The replies this process writes, at most one in a conversation. What is here is newer than the database: a reply
 * stays until it has ended and is on disk whole.
 */
export class RepliesInFlight {
  readonly #options: RepliesInFlightOptions
  readonly #replies = new Map<string, Reply>()
  readonly #reserved = new Set<string>()
  #saver: ReplySaver | undefined
  #closed = false

  constructor(options: RepliesInFlightOptions) {
    this.#options = options
  }

  /** Says where to save, once there is a database. */
  saveTo(store: ConversationStore): void {
    this.#saver = new ReplySaver(store, {
      saved: reply => {
        this.#replies.delete(reply.id)
        this.#options.saved(reply)
      },
      failed: this.#options.savingFailed,
      recovered: this.#options.savingRecovered,
    })
  }

  /** The reply being written in a conversation. */
  of(conversationId: string): Reply | undefined {
    return [...this.#replies.values()].find(reply => reply.conversationId === conversationId && reply.running)
  }

  /** A message as it is now, newer than the database has it. */
  current(message: StoredMessage): StoredMessage {
    return this.#replies.get(message.id)?.message() ?? message
  }

  /** What a reply without a word waits for. */
  wait(messageId: string): Wait | null {
    return this.#replies.get(messageId)?.message().wait ?? null
  }

  /**
   * Keeps a conversation for one reply until that has begun, or failed to begin.
   * @returns gives it free
   * @throws Problem `in-use`
   */
  reserve(conversationId: string): () => void {
    if (this.of(conversationId)) throw inUse()
    return this.hold(conversationId)
  }

  /**
   * Keeps any reply from beginning in a conversation; one may be being written.
   * @returns gives it free
   * @throws Problem `in-use` while one begins
   */
  hold(conversationId: string): () => void {
    if (this.#reserved.has(conversationId)) throw inUse()
    this.#reserved.add(conversationId)
    return () => void this.#reserved.delete(conversationId)
  }

  /**
   * Takes on a reply whose row is on disk; `run` is for the caller to call.
   * @throws Problem `cancelled` once closed; the row then counts as interrupted at the next start
   */
  begin(
    row: NewReply,
    { versions, history, parameters, begun }: Pick<ReplyOptions, 'versions' | 'history' | 'parameters' | 'begun'>,
  ): Reply {
    if (this.#closed) throw new Problem('cancelled', 499, 'the conversations are closed')
    const { inference, events } = this.#options
    const reply = new Reply({
      row,
      versions,
      history,
      parameters,
      inference,
      begun,
      events: {
        changed: changed => {
          // The first text comes as a change of state.
          if (changed.content || changed.thinking) this.#saver?.touch(changed)
          events.changed(changed)
        },
        grown: (grown, content, thinking) => {
          this.#saver?.touch(grown)
          events.grown(grown, content, thinking)
        },
        ended: ended => {
          this.#saver?.touch(ended)
          events.ended(ended)
        },
      },
    })
    this.#replies.set(reply.id, reply)
    return reply
  }

  /** Ends a reply with the text so far; one that has ended already is left as it is. */
  stop(messageId: string): void {
    this.#replies.get(messageId)?.stop('stopped')
  }

  /**
   * Ends all replies as interrupted and saves them, those included that are about to begin.
   * @returns whether everything is on disk
   */
  async interrupt(): Promise<boolean> {
    while (this.#reserved.size > 0) await delay(settling)
    for (const reply of this.#replies.values()) reply.stop('interrupted')
    return (await this.#saver?.saveAll()) ?? true
  }

  /** The same for good: what is about to begin does not. */
  async close(): Promise<void> {
    this.#closed = true
    for (const reply of this.#replies.values()) reply.stop('interrupted')
    await this.#saver?.saveAll()
  }
}

export function inUse(): Problem {
  return new Problem('in-use', 409, 'another reply of this conversation is being written')
}
