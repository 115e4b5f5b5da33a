import type { Making, Pull, StreamEvent } from '../../preload/contract.ts'

/** Milliseconds from which an answer, or making a model, was long: who waited for a shorter one is still there. */
const long = 10_000

/** Work that has come to its end. */
export type Ended =
  | { readonly kind: 'answer'; readonly conversationId: string; readonly title: string }
  | { readonly kind: 'pull'; readonly model: string }
  | { readonly kind: 'making'; readonly model: string }

/** Finds out from what the windows are told, too, that something long has ended. */
export class LongWork {
  readonly #now: () => number
  readonly #tell: (ended: Ended) => void
  /** When the answer of a chat began. */
  readonly #answering = new Map<string, number>()
  /** When models that are being made were begun, by the ids of their makings. */
  readonly #making = new Map<string, number>()
  /** Models that were on their way when they were last looked at. */
  #underway = new Set<string>()

  /** @param now milliseconds since 1970 */
  constructor(tell: (ended: Ended) => void, now: () => number = Date.now) {
    this.#tell = tell
    this.#now = now
  }

  chats(event: StreamEvent<'conversations.list'>): void {
    if (event.type !== 'changed') return
    const { id, title, answering } = event.conversation
    const began = this.#answering.get(id)
    if (answering) this.#answering.set(id, began ?? this.#now())
    else {
      this.#answering.delete(id)
      if (began !== undefined && this.#now() - began >= long) this.#tell({ kind: 'answer', conversationId: id, title })
    }
  }

  pulls(list: readonly Pick<Pull, 'model' | 'state'>[]): void {
    for (const { model, state } of list)
      if (state === 'done' && this.#underway.has(model)) this.#tell({ kind: 'pull', model })
    this.#underway = new Set(list.flatMap(({ model, state }) => (state === 'done' ? [] : model)))
  }

  /** One that is only tried is nothing to come back for. */
  makings(list: readonly Pick<Making, 'id' | 'model' | 'state' | 'trial'>[]): void {
    const running = new Set(list.filter(({ state, trial }) => state === 'running' && !trial).map(({ id }) => id))
    for (const { id, model, state } of list) {
      const began = this.#making.get(id)
      if (state === 'done' && began !== undefined && this.#now() - began >= long) this.#tell({ kind: 'making', model })
    }
    for (const id of this.#making.keys()) if (!running.has(id)) this.#making.delete(id)
    for (const id of running) if (!this.#making.has(id)) this.#making.set(id, this.#now())
  }
}
