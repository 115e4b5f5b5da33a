import type { Form, Making, ModelsPlace, Pull } from '../../preload/contract.ts'

/** Something that takes its time and needs no window. */
export interface Work {
  readonly kind: 'answer' | 'pull' | 'making' | 'form' | 'move'
  /**
   * The model, the form or the folder it is about; empty for an answer, which may be another program's, and a trial.
   */
  readonly subject: string
  /** The fraction that is done; null where it cannot be told. */
  readonly done: number | null
  /**
   * What the end of Hearth does to it. resumed: it goes on at the next start; cut: what there is stays; lost: nothing
   * does.
   */
  readonly atEnd: 'resumed' | 'cut' | 'lost'
}

interface Doers {
  readonly inference: { readonly isBusy: boolean }
  readonly pulls: { underWay(): readonly Pick<Pull, 'model' | 'completed' | 'total'>[] }
  readonly makings: { list(): readonly Pick<Making, 'model' | 'trial' | 'state' | 'completed' | 'total'>[] }
  readonly modelsMove: {
    place(): { readonly move: Pick<Move, 'to' | 'inPlace' | 'state' | 'completed' | 'total'> | null }
  }
  readonly forms: {
    watchList(listener: (event: FormsEvent) => void): () => void
    readonly isHeldUp: boolean
  }
}

type Move = NonNullable<ModelsPlace['move']>
type FormsEvent = { readonly type: string; readonly forms?: readonly Pick<Form, 'name' | 'paused' | 'waiting'>[] }

/** What is at work: the one answer to whether Hearth may end, by itself, for an update or at the person's word. */
export class AtWork {
  readonly #doers: Doers
  #forms: NonNullable<FormsEvent['forms']> = []

  constructor(doers: Doers) {
    this.#doers = doers
    doers.forms.watchList(({ forms = this.#forms }) => {
      this.#forms = forms
    })
  }

  list(): Work[] {
    const { inference, pulls, makings, modelsMove, forms } = this.#doers
    const { move } = modelsMove.place()
    return [
      ...pulls.underWay().map(pull => aWork('pull', pull.model, fraction(pull), 'resumed')),
      ...makings
        .list()
        .filter(({ state }) => state === 'running')
        // What is only tried is made again in a moment.
        .map(making =>
          making.trial
            ? aWork('making', '', fraction(making), 'cut')
            : aWork('making', making.model, fraction(making), 'lost'),
        ),
      // A folder taken as it is only waits for other work; nothing is lost with it.
      ...(move && !move.inPlace && moving.has(move.state)
        ? [aWork('move', move.to, fraction(move), move.state === 'removing' ? 'resumed' : 'lost')]
        : []),
      ...this.#forms
        .filter(({ paused, waiting }) => !paused && waiting > 0 && !forms.isHeldUp)
        .map(({ name }) => aWork('form', name, null, 'resumed')),
      ...(inference.isBusy ? [aWork('answer', '', null, 'cut')] : []),
    ]
  }

  /** Something would be cut off by a restart. What goes on afterwards by itself is nothing to wait for. */
  get isToBeWaitedFor(): boolean {
    return this.list().some(({ atEnd }) => atEnd !== 'resumed')
  }

  /** What nothing would be left of. */
  get lostAtEnd(): Work | undefined {
    return this.list().find(({ atEnd }) => atEnd === 'lost')
  }
}

const moving: ReadonlySet<Move['state']> = new Set(['waiting', 'copying', 'removing'])

const aWork = (kind: Work['kind'], subject: string, done: number | null, atEnd: Work['atEnd']): Work => ({
  kind,
  subject,
  done,
  atEnd,
})

const fraction = ({ completed, total }: { completed: number; total: number }): number | null =>
  total > 0 ? Math.min(1, completed / total) : null
