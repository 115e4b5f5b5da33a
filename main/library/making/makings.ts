import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type * as contract from '../../../preload/contract.ts'
import { trialNamespace } from '../../../preload/contract-limits.ts'
import { PacedListeners } from '../../listeners.ts'
import { asProblem, Problem, type WithProblem } from '../../problem.ts'
import type { CreateProgress } from '../create-request.ts'
import { Library } from '../library.ts'
import { displayShortest, fullName } from '../model-name.ts'
import type { ModelFile } from '../modelfile-folder.ts'
import { FileChoices } from './chosen-files.ts'
import { KeptDraft } from './kept-draft.ts'
import type { MakeOrder } from './order.ts'
import { TrialLocks } from './trial-locks.ts'

/** A model in the making, as the window shows it. */
export type Making = WithProblem<contract.Making>

interface Job {
  making: Making
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** How often watchers are told while work goes on. Milliseconds. */
const toldEvery = 150

/** The models the person has made: a list that outlives the window. What is made does not outlive the process. */
export class Makings {
  readonly choices: FileChoices
  readonly draft: KeptDraft
  readonly #library: Library
  readonly #trials: TrialLocks
  readonly #jobs = new Map<string, Job>()
  readonly #listeners = new PacedListeners<readonly Making[]>(() => this.list(), toldEvery)

  /** @param home where the draft is kept */
  constructor(library: Library, home: string) {
    this.#library = library
    this.choices = new FileChoices((name, source) => library.requireLoadable(name, source))
    this.#trials = new TrialLocks(home)
    this.draft = new KeptDraft(join(home, 'making.json'), this.choices)
  }

  /** Calls at once with the whole list, then at every change, a few times a second at most. @returns ends it */
  watch(listener: (makings: readonly Making[]) => void): () => void {
    return this.#listeners.add(listener)
  }

  list(): Making[] {
    return [...this.#jobs.values()].map(({ making }) => making)
  }

  /** Begins to make a model. @returns what it is called on the list */
  start(order: MakeOrder): { id: string; model: string } {
    const id = randomUUID()
    const trial = order.model === ''
    const model = trial ? `${trialNamespace}/${id}` : order.model.trim()
    if (trial) this.#trials.hold(id)
    const abort = new AbortController()
    const begun = { state: 'running', step: 'writing', completed: 0, total: 0, problem: null } as const
    const job: Job = {
      making: { id, model, trial, ...begun, warnings: [] },
      abort,
      // Not before the job is on the list.
      ended: Promise.resolve().then(() => this.#run(id, { ...order, model }, abort.signal)),
    }
    this.#forgetEnded(model)
    this.#jobs.set(id, job)
    this.#listeners.tell()
    return { id, model }
  }

  /** What came of earlier attempts at a model is no longer of interest. */
  #forgetEnded(model: string): void {
    for (const [id, { making }] of this.#jobs) {
      if (making.state !== 'running' && making.model.toLowerCase() === model.toLowerCase()) this.#jobs.delete(id)
    }
  }

  /** Takes one off the list; what is under way ends, and nothing of it stays. A model that was only tried goes, too. */
  async remove(id: string): Promise<void> {
    const job = this.#jobs.get(id)
    if (!job) return
    job.abort.abort()
    await job.ended
    this.#jobs.delete(id)
    this.#listeners.tell()
    const { trial, state, model } = job.making
    if (trial && state === 'done') await this.#removeTrial(model)
    if (trial) this.#trials.end(id)
  }

  /** Removes the models of earlier trials that nobody kept or removed, or has in hand. */
  async clearTrials(): Promise<void> {
    for (const { name, modifiedAt } of await this.#library.list()) {
      if (name.namespace !== trialNamespace || !this.#trials.isLeft(name.model, modifiedAt)) continue
      await this.#removeTrial(fullName(name))
    }
  }

  /**
   * Takes the models on trial off the list and out of a models folder that is not in use any more: who looks into it next
   * knows nothing of them.
   * @param folder absolute path
   */
  async leave(folder: string): Promise<void> {
    const left = new Library({ modelsFolder: folder })
    for (const [id, { making }] of this.#jobs) {
      if (!making.trial || making.state !== 'done') continue
      this.#jobs.delete(id)
      await this.#removeTrial(making.model, left)
      this.#trials.end(id)
    }
    this.#listeners.tell()
  }

  async #removeTrial(model: string, library = this.#library): Promise<void> {
    try {
      await library.remove(model)
    } catch (error) {
      // Another program was faster.
      if (!(error instanceof Problem && error.code === 'model-not-found')) throw error
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#listeners.close()
    for (const { abort } of this.#jobs.values()) abort.abort()
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended))
    this.#trials.close()
  }

  async #run(id: string, order: MakeOrder, signal: AbortSignal): Promise<void> {
    try {
      // One change of the models folder, from the first file to the manifest: who moves it waits for all of it.
      await this.#library.folder.changes.run(() => this.#make(id, order, signal))
      this.#change(id, { state: 'done' })
    } catch (error) {
      this.#change(id, { state: 'failed', problem: asProblem(error) })
    }
    this.#listeners.tell()
  }

  async #make(id: string, order: MakeOrder, signal: AbortSignal): Promise<void> {
    const { model, base, quantize, system, template, license, parameters, messages } = order
    const { choices } = this
    const texts = {
      model,
      ...(quantize && { quantize }),
      ...(system && { system }),
      ...(template && { template }),
      ...(license && { license }),
      ...(messages.length > 0 && { messages }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
    }
    this.#library.checkCreate(texts)
    // Named, so that one that is gone is not looked for at a registry.
    const from = base.kind === 'model' ? displayShortest((await this.#library.get(base.model)).name) : undefined
    const weights = base.kind === 'files' ? await this.#bring(id, await choices.files(base.token), signal) : undefined
    const projector = order.projector ? await this.#bring(id, await choices.files(order.projector), signal) : {}
    const files = weights && { ...weights, ...renamed(projector, 'mmproj.gguf') }
    const adapters = order.adapter ? await this.#bring(id, await choices.files(order.adapter), signal) : undefined
    const request = {
      ...texts,
      ...(from !== undefined && { from }),
      ...(files && { files }),
      ...(adapters && { adapters }),
    }
    const tell = ({ status, warning, completed = 0, total = 0 }: CreateProgress) => {
      if (warning) this.#change(id, { warnings: [...new Set(this.#jobs.get(id)?.making.warnings).add(warning)] })
      else this.#change(id, { step: stepOf(status), completed, total })
    }
    await this.#library.create(request, tell, signal)
  }

  /** Brings files into the models folder. @returns digests by their names */
  async #bring(id: string, files: readonly ModelFile[], signal: AbortSignal): Promise<Record<string, string>> {
    const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const digests: [name: string, digest: string][] = []
    let completed = 0
    const progress = () => this.#change(id, { step: 'copying', completed, total })
    progress()
    for (const [index, { path, name }] of files.entries()) {
      const source = counted(createReadStream(path, { highWaterMark: 1024 * 1024 }), bytes => {
        completed += bytes
        progress()
      })
      const { digest } = await this.#library.blobs.write(source, { size: sizes[index], signal })
      digests.push([name, digest])
    }
    return Object.fromEntries(digests)
  }

  #change(id: string, change: Partial<Making>): void {
    const job = this.#jobs.get(id)
    if (!job) return
    job.making = { ...job.making, ...change }
    this.#listeners.soon()
  }
}

/** The one file there is, under a name that no file beside it has for something else. */
const renamed = (digests: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.values(digests).map(digest => [name, digest]))

async function* counted(source: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const bytes of source) {
    yield bytes
    onBytes(bytes.length)
  }
}

function stepOf(status: string): Making['step'] {
  if (status.startsWith('converting')) return 'converting'
  return status.startsWith('quantizing') ? 'quantizing' : 'writing'
}
