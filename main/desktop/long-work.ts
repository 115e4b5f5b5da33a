import type { Form, Making, ModelsPlace, Pull, StreamEvent } from '../../preload/contract.ts'

/** Milliseconds from which work was long: who waited for a shorter one is still there. A pull always is. */
const long = 10_000

/** Work that has come to its end. */
export type Ended =
  | { readonly kind: 'answer'; readonly conversationId: string; readonly title: string }
  | { readonly kind: 'pull'; readonly model: string }
  | { readonly kind: 'making'; readonly model: string }
  | { readonly kind: 'form'; readonly formId: string; readonly name: string }
  | { readonly kind: 'move'; readonly to: string; readonly failed: boolean }

/** Finds out from what the windows are told, too, that something long has ended. */
export class LongWork {
  readonly #now: () => number
  readonly #tell: (ended: Ended) => void
  /** When the answer of a chat began. */
  readonly #answering = new Map<string, number>()
  /** When models that are being made were begun, by the ids of their makings. */
  readonly #making = new Map<string, number>()
  /** When the queues of forms began, by the ids of the forms. */
  readonly #filling = new Map<string, number>()
  /** When the models folder set out for another place. */
  #moving: number | undefined
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

  /** A queue has ended when nothing waits any more; one that is paused, or put away, has not. */
  forms(list: readonly Pick<Form, 'id' | 'name' | 'waiting'>[]): void {
    for (const { id, name, waiting } of list) {
      const began = this.#filling.get(id)
      if (waiting === 0 && began !== undefined && this.#now() - began >= long)
        this.#tell({ kind: 'form', formId: id, name })
    }
    const filling = new Set(list.flatMap(({ id, waiting }) => (waiting > 0 ? id : [])))
    for (const id of this.#filling.keys()) if (!filling.has(id)) this.#filling.delete(id)
    for (const id of filling) if (!this.#filling.has(id)) this.#filling.set(id, this.#now())
  }

  /** One that was cancelled ended at the person's own hand. */
  move(move: Pick<NonNullable<ModelsPlace['move']>, 'to' | 'state'> | null): void {
    if (!move) return
    const { to, state } = move
    const ended = state === 'done' || state === 'failed' || state === 'cancelled'
    const began = this.#moving
    this.#moving = ended ? undefined : (began ?? this.#now())
    if (!ended || state === 'cancelled' || began === undefined || this.#now() - began < long) return
    this.#tell({ kind: 'move', to, failed: state === 'failed' })
  }
}
