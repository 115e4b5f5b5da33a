import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type * as contract from '../../../preload/contract.ts'
import { writeAtomically } from '../../files/atomic-file.ts'
import { ifThere } from '../../files/errno.ts'
import { PacedListeners } from '../../listeners.ts'
import { asProblem, Problem, type WithProblem } from '../../problem.ts'
import { displayShortest, foldedKey } from '../model-name.ts'
import { Rate } from './rate.ts'
import { pullName, type Registry } from './registry.ts'
import type { LayerSize } from './transfer-progress.ts'

/** A model the person wants, as the window shows it. */
export type Pull = WithProblem<contract.Pull>

export interface PullsOptions {
  readonly registry: Registry
  /** File the list is kept in. */
  readonly path: string
  /** Milliseconds until a pull that failed for the sake of the network, or of a disk that is away, is tried again. */
  readonly retryAfter?: number
  /** Milliseconds without a byte after which one that fails again and again is nothing to stay for. */
  readonly patience?: number
}

/** Pulls that run at the same time; the others wait, in the order they were asked for. */
const atOnce = 2
const retryMs = 60_000
const patienceMs = 60 * 60_000
/** How often watchers are told while bytes come in. Milliseconds. */
const toldEvery = 250

const layerSchema = z.object({ digest: z.string(), size: z.number() })
const keptSchema = z.object({
  model: z.string(),
  insecure: z.boolean(),
  paused: z.boolean(),
  layers: z.array(layerSchema),
})

interface Job {
  readonly model: string
  readonly insecure: boolean
  state: Pull['state']
  layers: readonly LayerSize[]
  /** Bytes that are here, by digest. */
  readonly completed: Map<string, number>
  readonly rate: Rate
  problem: Problem | null
  /** When it failed, with no byte since then; by the process's clock. */
  failedAt?: number | undefined
  retry?: NodeJS.Timeout
  /** While it runs. */
  run?: { readonly abort: AbortController; readonly ended: Promise<void> }
}

/**
 * The models the person is pulling: a list that outlives the window and the process. The bytes are shared with whoever
 * pulls the same through the API; what is on the disk is gone on with, whoever began it.
 */
export class Pulls {
  readonly #registry: Registry
  readonly #path: string
  readonly #retryAfter: number
  readonly #patience: number
  readonly #jobs = new Map<string, Job>()
  readonly #listeners = new PacedListeners<readonly Pull[]>(() => this.list(), toldEvery)
  #writing: Promise<void> = Promise.resolve()
  #closed = false
  /** How many hold all pulls. */
  #holds = 0

  private constructor({ registry, path, retryAfter, patience }: PullsOptions) {
    this.#registry = registry
    this.#path = path
    this.#retryAfter = retryAfter ?? retryMs
    this.#patience = patience ?? patienceMs
  }

  /** Reads the list and goes on with what was under way. A list that cannot be read is an empty one. */
  static async open(options: PullsOptions): Promise<Pulls> {
    const pulls = new Pulls(options)
    for (const { model, insecure, paused, layers } of await readKept(options.path)) {
      const job = pulls.#add(model, insecure)
      job.layers = layers
      job.state = paused ? 'paused' : 'waiting'
      await pulls.#look(job)
    }
    pulls.#next()
    return pulls
  }

  /** Digests of all blobs that pulls on the list need. */
  get digests(): Set<string> {
    return new Set([...this.#jobs.values()].flatMap(({ layers }) => layers.map(({ digest }) => digest)))
  }

  list(): Pull[] {
    return [...this.#jobs.values()].map(toPull)
  }

  /**
   * Those that come nearer without anybody's doing: they run, wait for their turn, or are tried again by themselves. A
   * registry that is gone may be gone for good: what it was to bring waits for the next start. A disk comes back by
   * somebody's hand.
   */
  underWay(): Pull[] {
    const isHopeful = (job: Job) =>
      isTriedAgain(job) &&
      job.problem?.code !== 'models-away' &&
      performance.now() - (job.failedAt ?? 0) < this.#patience
    const runs = (job: Job) =>
      job.state === 'running' || (job.state === 'waiting' && this.#holds === 0) || isHopeful(job)
    return [...this.#jobs.values()].filter(runs).map(toPull)
  }

  /** Calls at once with the whole list, then at every change, at most four times a second. @returns ends it */
  watch(listener: (pulls: readonly Pull[]) => void): () => void {
    return this.#listeners.add(listener)
  }

  /**
   * Puts a model on the list; one that is there already goes on.
   * @returns its name on the list
   * @throws Problem 400 `invalid model name`
   */
  start(model: string, { insecure = false }: { insecure?: boolean } = {}): string {
    const name = pullName(model)
    const shown = name.scheme === 'https' ? displayShortest(name) : `${name.scheme}://${displayShortest(name)}`
    const job = this.#jobs.get(foldedKey(name))
    if (job && job.state !== 'done') this.#wake(job)
    else this.#add(shown, insecure)
    this.#changed()
    return shown
  }

  /** Stops a pull; what it has stays. */
  async pause(model: string): Promise<void> {
    const job = this.#find(model)
    if (!job || job.state === 'done') return
    job.state = 'paused'
    clearTimeout(job.retry)
    this.#changed()
    await stop(job)
  }

  /** Goes on with a pull that was paused, or failed. */
  resume(model: string): void {
    const job = this.#find(model)
    if (!job) return
    this.#wake(job)
    this.#changed()
  }

  /** Takes a pull off the list. One that is not done is stopped, and what it alone had downloaded is removed. */
  async remove(model: string): Promise<void> {
    const job = this.#find(model)
    if (!job) return
    this.#jobs.delete(keyOf(job.model))
    clearTimeout(job.retry)
    this.#changed()
    await stop(job)
    if (job.state === 'done') return
    const wanted = this.digests
    const digests = job.layers.map(({ digest }) => digest).filter(digest => !wanted.has(digest))
    await this.#registry.discard(digests).catch(error => {
      // Where the folder is away, or on its way to another place, pruning finds them later.
      if (!(error instanceof Problem && ['models-away', 'models-moving'].includes(error.code))) throw error
    })
  }

  /** Stops what runs and lets nothing start, so that the models folder stays as it is. @returns goes on with all of it */
  async hold(): Promise<() => void> {
    this.#holds += 1
    const running = [...this.#jobs.values()].filter(({ run }) => run)
    // Those that were paused or removed a moment ago are only waited for.
    for (const job of running) if (job.state === 'running') job.state = 'waiting'
    this.#changed()
    await Promise.all(running.map(stop))
    let holds = true
    return () => {
      if (holds) void this.#letGo()
      holds = false
    }
  }

  async #letGo(): Promise<void> {
    // Another folder may be in use now, with less of it.
    for (const job of this.#jobs.values()) if (job.state !== 'done') await this.#look(job).catch(() => undefined)
    this.#holds -= 1
    this.#changed()
  }

  /** Counts what is on the disk. */
  async #look({ layers, completed }: Job): Promise<void> {
    for (const { digest, size } of layers) completed.set(digest, await this.#registry.present(digest, size))
  }

  /** Stops everything; the next `open` goes on. */
  async close(): Promise<void> {
    this.#closed = true
    this.#listeners.close()
    for (const job of this.#jobs.values()) clearTimeout(job.retry)
    await Promise.all([...this.#jobs.values()].map(stop))
    await this.#writing
  }

  #find(model: string): Job | undefined {
    return this.#jobs.get(keyOf(model))
  }

  #add(model: string, insecure: boolean): Job {
    const started = { layers: [], completed: new Map(), rate: new Rate(), problem: null }
    const job: Job = { model, insecure, state: 'waiting', ...started }
    this.#jobs.set(keyOf(model), job)
    return job
  }

  #wake(job: Job): void {
    if (job.state !== 'paused' && job.state !== 'failed') return
    clearTimeout(job.retry)
    job.state = 'waiting'
    job.problem = null
  }

  /** What is on the list has changed: keeps it, starts what may run now, tells. */
  #changed(): void {
    if (this.#closed) return
    this.#next()
    this.#keep()
    this.#listeners.tell()
  }

  #next(): void {
    const jobs = [...this.#jobs.values()]
    let running = jobs.filter(({ state }) => state === 'running').length
    for (const job of jobs) {
      // One that was paused a moment ago is still letting go of its files.
      if (running === atOnce || this.#holds > 0) return
      if (job.state !== 'waiting' || job.run) continue
      running++
      this.#run(job)
    }
  }

  #run(job: Job): void {
    const abort = new AbortController()
    job.state = 'running'
    const ended = this.#pull(job, abort.signal).finally(() => {
      job.run = undefined
      job.rate.reset()
      this.#changed()
    })
    job.run = { abort, ended }
  }

  async #pull(job: Job, signal: AbortSignal): Promise<void> {
    const onLayers = (layers: readonly LayerSize[]) => {
      job.layers = layers
      this.#keep()
    }
    try {
      await this.#registry.pull(
        job.model,
        ({ digest, completed }) => {
          if (digest === undefined || completed === undefined) return
          if (completed > (job.completed.get(digest) ?? 0)) job.failedAt = undefined
          job.completed.set(digest, completed)
          job.rate.see(completedOf(job))
          this.#listeners.soon()
        },
        { insecure: job.insecure, signal, onLayers },
      )
      job.state = 'done'
    } catch (error) {
      if (signal.aborted) return
      job.state = 'failed'
      job.problem = asProblem(error)
      if (isTriedAgain(job)) {
        job.failedAt ??= performance.now()
        job.retry = setTimeout(() => this.resume(job.model), this.#retryAfter)
        job.retry.unref()
      }
    }
  }

  #keep(): void {
    const kept = [...this.#jobs.values()]
      .filter(({ state }) => state !== 'done')
      .map(({ model, insecure, state, layers }) => ({ model, insecure, paused: state === 'paused', layers }))
    this.#writing = this.#writing
      .then(() => writeAtomically(this.#path, `${JSON.stringify(kept, null, 2)}\n`))
      // A disk that takes no list: the downloads go on, and their parts are on it anyway.
      .catch(() => undefined)
  }
}

/** Where waiting may help. */
const isTriedAgain = ({ state, problem }: Job): boolean =>
  state === 'failed' && (problem?.code === 'registry' || problem?.code === 'models-away')

const keyOf = (model: string): string => foldedKey(pullName(model))

async function stop(job: Job): Promise<void> {
  job.run?.abort.abort()
  await job.run?.ended
}

function completedOf({ layers, completed }: Job): number {
  return layers.reduce((sum, { digest }) => sum + (completed.get(digest) ?? 0), 0)
}

function toPull(job: Job): Pull {
  const { model, state, problem } = job
  const total = job.layers.reduce((sum, { size }) => sum + size, 0)
  const completed = completedOf(job)
  const speed = state === 'running' ? job.rate.perSecond : 0
  const secondsLeft = speed > 0 ? Math.max(0, total - completed) / speed : null
  return { model, state, completed, total, speed, secondsLeft, problem }
}

async function readKept(path: string): Promise<z.output<typeof keptSchema>[]> {
  const text = (await ifThere(readFile(path, 'utf8'))) ?? '[]'
  try {
    const entries = z.array(z.unknown()).parse(JSON.parse(text))
    return entries.flatMap(entry => keptSchema.safeParse(entry).data ?? []).filter(({ model }) => isName(model))
  } catch {
    return []
  }
}

function isName(model: string): boolean {
  try {
    pullName(model)
    return true
  } catch {
    return false
  }
}
