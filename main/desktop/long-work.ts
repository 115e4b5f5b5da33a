import type { Form, Making, ModelsPlace, Pull, StreamEvent } from '../../preload/contract.ts'

/** Milliseconds from which work was long: who waited for a shorter one is still there. A pull always is. */
const long = 10_000

/** Work that has come to its end. */
export type Ended =
  | { readonly kind: 'answer'; readonly conversationId: string; readonly title: string }
  | { readonly kind: 'pull'; readonly model: string }
  | { readonly kind: 'making'; readonly model: string }
  /** `failed`: how many of the form's rows. */
  | { readonly kind: 'form'; readonly formId: string; readonly name: string; readonly failed: number }
  | { readonly kind: 'move'; readonly to: string; readonly failed: boolean }

/** Work of one kind that goes on, by its ids. */
class Underway {
  readonly #began = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  goesOn(id: string): void {
    if (!this.#began.has(id)) this.#began.set(id, this.#now())
  }

  /** @returns whether it was known to go on, and had for long */
  ended(id: string): boolean {
    const began = this.#began.get(id)
    this.#began.delete(id)
    return began !== undefined && this.#now() - began >= long
  }

  /** Forgets what is not there any more: it was put away, and has not ended. */
  keepOnly(ids: readonly string[]): void {
    const kept = new Set(ids)
    for (const id of this.#began.keys()) if (!kept.has(id)) this.#began.delete(id)
  }
}

/** Finds out from what the windows are told, too, that something long has ended. */
export class LongWork {
  readonly #tell: (ended: Ended) => void
  readonly #answers: Underway
  readonly #makings: Underway
  readonly #forms: Underway
  readonly #moves: Underway
  /** Models that were on their way when they were last looked at. */
  #pulled = new Set<string>()

  /** @param now milliseconds since 1970 */
  constructor(tell: (ended: Ended) => void, now: () => number = Date.now) {
    this.#tell = tell
    this.#answers = new Underway(now)
    this.#makings = new Underway(now)
    this.#forms = new Underway(now)
    this.#moves = new Underway(now)
  }

  chats(event: StreamEvent<'conversations.list'>): void {
    if (event.type !== 'changed') return
    const { id, title, answering } = event.conversation
    if (answering) this.#answers.goesOn(id)
    else if (this.#answers.ended(id)) this.#tell({ kind: 'answer', conversationId: id, title })
  }

  pulls(list: readonly Pick<Pull, 'model' | 'state'>[]): void {
    for (const { model, state } of list)
      if (state === 'done' && this.#pulled.has(model)) this.#tell({ kind: 'pull', model })
    this.#pulled = new Set(list.flatMap(({ model, state }) => (state === 'done' ? [] : model)))
  }

  /** One that is only tried is nothing to come back for. */
  makings(list: readonly Pick<Making, 'id' | 'model' | 'state' | 'trial'>[]): void {
    for (const { id, model, state, trial } of list)
      if (state === 'running' && !trial) this.#makings.goesOn(id)
      else if (this.#makings.ended(id) && state === 'done') this.#tell({ kind: 'making', model })
    this.#makings.keepOnly(list.map(({ id }) => id))
  }

  /** A queue has ended when nothing waits any more; one that is paused, or put away, has not. */
  forms(list: readonly Pick<Form, 'id' | 'name' | 'waiting' | 'failed'>[]): void {
    for (const { id, name, waiting, failed } of list)
      if (waiting > 0) this.#forms.goesOn(id)
      else if (this.#forms.ended(id)) this.#tell({ kind: 'form', formId: id, name, failed })
    this.#forms.keepOnly(list.map(({ id }) => id))
  }

  /** One that was cancelled ended at the person's own hand; a folder taken as it is takes a moment. */
  move(move: Pick<NonNullable<ModelsPlace['move']>, 'to' | 'inPlace' | 'state'> | null): void {
    if (!move || move.inPlace) return
    const { to, state } = move
    if (state !== 'done' && state !== 'failed' && state !== 'cancelled') this.#moves.goesOn(to)
    else if (this.#moves.ended(to) && state !== 'cancelled')
      this.#tell({ kind: 'move', to, failed: state === 'failed' })
  }
}
