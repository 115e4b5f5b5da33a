import type { HeldMemory, Machine, ToolEngine } from '../../engine/tool-engine.ts'
import { freeAt } from '../../files/free-space.ts'
import { encoderBytes, isForOllama } from '../../gguf/ollama/translation.ts'
import { Problem } from '../../problem.ts'
import type { CatalogueSize } from '../catalogue/family.ts'
import { factsOf } from '../gguf/facts.ts'
import type { Library } from '../library.ts'
import { MediaType } from '../manifest.ts'
import { displayShortest } from '../model-name.ts'
import type { Registry } from '../registry/registry.ts'
import type { RemoteModel } from '../registry/remote-model.ts'
import { type Fit, guessLoad, judgeFit } from './fit.ts'

export interface FittingOptions {
  readonly library: Library
  readonly registry: Registry
  readonly toolEngine: ToolEngine
  /** What loaded models hold. */
  readonly held: () => HeldMemory
  /** Whether a model's weights are in memory, or planned to be. */
  readonly isLoaded: (modelPath: string) => boolean
}

/** Milliseconds for which what was seen of the machine is as good as new. */
const lookedRecently = 20_000

/** Says whether models run on this computer, before they are downloaded and before they are loaded. */
export class Fitting {
  readonly #options: FittingOptions
  #machine: { readonly seen: Promise<Machine>; readonly at: number } | undefined

  constructor(options: FittingOptions) {
    this.#options = options
  }

  /** By what the catalogue knows; nothing is asked of any other computer. */
  async guess(sizes: readonly CatalogueSize[]): Promise<Fit[]> {
    const [machine, diskFree] = await Promise.all([this.#look(), freeAt(this.#options.library.folder.root)])
    return sizes.map(({ bytes, parameters, active = parameters }) =>
      judgeFit({
        machine,
        diskFree,
        download: bytes,
        exact: false,
        load: guessLoad(bytes, machine),
        activeBytes: (bytes * active) / parameters,
      }),
    )
  }

  /**
   * How the models on this computer would run, by their short names, guessed by the size of their files; without those
   * that have no weights or cannot be read.
   */
  async installed(): Promise<Record<string, Fit>> {
    const { library, isLoaded } = this.#options
    const [machine, models] = await Promise.all([this.#look(), library.list()])
    const fits = models.map(async ({ name, size, modelPath }): Promise<[string, Fit][]> => {
      if (modelPath === undefined) return []
      const facts = await library.facts(modelPath).catch(() => undefined)
      if (!facts) return []
      const { activeBytes, contextLength } = facts
      const guess = guessLoad(size, machine, contextLength || undefined)
      // What is in memory fits, whatever its size lets expect.
      const load = isLoaded(modelPath) ? { ...guess, contextSize: guess.asked } : guess
      const fit = judgeFit({ machine, load, activeBytes, exact: false, download: 0, diskFree: null })
      return [[displayShortest(name), fit]]
    })
    return Object.fromEntries((await Promise.all(fits)).flat())
  }

  /**
   * By the header of its weights, which the registry is asked for.
   * @throws Problem as a pull does for a model that is not there
   */
  check(model: string, options: { insecure?: boolean; signal?: AbortSignal } = {}): Promise<Fit> {
    return this.#options.registry.look(model, remote => this.#checkRemote(remote, options.signal), options)
  }

  async #checkRemote(remote: RemoteModel, signal: AbortSignal | undefined): Promise<Fit> {
    const { toolEngine, held } = this.#options
    const download = await this.#download(remote)
    const diskFree = await freeAt(this.#options.library.folder.root)
    const { weights } = remote
    const unsupported: Fit = {
      verdict: 'unsupported',
      exact: true,
      download,
      diskFree,
      needed: 0,
      free: 0,
      total: 0,
      computedBy: 'processor',
      wordsPerSecond: 0,
      contextSize: 0,
    }
    const { layers } = remote.manifest
    if (!weights || layers.some(({ mediaType }) => mediaType === MediaType.tensor)) return unsupported
    const beside = layers
      .filter(({ mediaType }) => besideWeights.has(mediaType))
      .reduce((sum, { size }) => sum + size, 0)
    const { vision, audio, activeBytes } = await factsOf(weights.path, weights.header)
    // The encoder among the weights: see main/inference/load-options.ts.
    const sees = layers.some(({ mediaType }) => mediaType === MediaType.projector)
    const isOwn = isForOllama(weights.header)
    if ((vision || audio) && !sees && !isOwn) return unsupported
    try {
      const { machine, load } = await toolEngine.forecast({ path: weights.path, held: held() }, { signal })
      if (!load) return unsupported
      return judgeFit({
        machine,
        download,
        diskFree,
        exact: true,
        copied: isOwn ? weights.layer.size : 0,
        load: {
          ...load,
          needed: { ram: load.needed.ram + beside + encoderBytes(weights.header), vram: load.needed.vram },
        },
        activeBytes,
      })
    } catch (error) {
      if (error instanceof Problem && error.code === 'unsupported-architecture') return unsupported
      throw error
    }
  }

  /** Bytes that are not here yet. */
  async #download({ manifest }: RemoteModel): Promise<number> {
    const { registry } = this.#options
    const missing = [...manifest.layers, manifest.config].map(
      async ({ digest, size }) => size - (await registry.present(digest, size)),
    )
    return (await Promise.all(missing)).reduce((sum, bytes) => sum + Math.max(0, bytes), 0)
  }

  async #look(): Promise<Machine> {
    const now = performance.now()
    if (!this.#machine || now - this.#machine.at > lookedRecently) {
      const { toolEngine, held } = this.#options
      const seen = toolEngine.forecast({ held: held() }).then(({ machine }) => machine)
      this.#machine = { seen, at: now }
      seen.catch(() => {
        this.#machine = undefined
      })
    }
    return this.#machine.seen
  }
}

/** Kinds of layers that are in memory beside the weights. */
const besideWeights = new Set<string>([MediaType.projector, MediaType.adapter])
