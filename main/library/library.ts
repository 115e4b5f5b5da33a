import type { ToolEngine, ToolHooks } from '../engine/tool-engine.ts'
import { goQuote } from '../go/text.ts'
import { KeyedMutex, Mutex } from '../mutex.ts'
import { Problem } from '../problem.ts'
import { Blobs } from './blobs.ts'
import { baseReference, createModel } from './create.ts'
import { checkCreate } from './create-check.ts'
import type { CreateProgress, CreateRequest } from './create-request.ts'
import type { CreateTools } from './creation.ts'
import { GgufFiles, type MetadataValue, type TensorInfo } from './gguf/gguf-files.ts'
import { requireLoadable } from './gguf/loadable.ts'
import type { GgufSource } from './gguf/rewrite.ts'
import { digestsOf, parseManifest } from './manifest.ts'
import { type LibraryWarning, ManifestStore, type StoredManifest } from './manifest-store.ts'
import type { GgufFacts, Model } from './model.ts'
import {
  displayShortest,
  foldedKey,
  fullName,
  type ModelName,
  parseModelName,
  parseModelReference,
  storedName,
} from './model-name.ts'
import { ModelReader } from './model-reader.ts'
import { ModelsFolder } from './models-folder.ts'
import { type PruneReport, prune } from './prune.ts'
import { Translations, type Weights } from './translations.ts'

export interface LibraryOptions {
  /** Absolute path of the models folder; made when something is first written. */
  readonly modelsFolder: string
  /** The models were moved to that folder: where it is missing it is not made anew. */
  readonly isFolderChosen?: boolean
  /** Remove blobs that nothing refers to any more; off with OLLAMA_NOPRUNE. Deleting a model always removes its own. */
  readonly pruning?: boolean
  /** Throws an Error in Go's words when a text is no template; the library itself knows none. */
  readonly checkTemplate?: (template: string) => void
  /** The Go template that does what a GGUF's own template does, if one is known. */
  readonly detectTemplate?: CreateTools['detectTemplate']
  /** Converts and quantises; without it the library makes models of ready GGUF files alone. */
  readonly toolEngine?: ToolEngine
  /** Where second forms of blobs lie when the models folder cannot be written; see `Translations`. */
  readonly translationsElsewhere?: string
  /** Brings a model from its registry. */
  readonly pull?: (
    model: string,
    tell: (progress: CreateProgress) => void,
    options: { signal?: AbortSignal },
  ) => Promise<void>
}

/**
 * The models on disk, in Ollama's own layout. Nothing is held in memory that the folder does not say: another program
 * may change it at any time.
 */
export class Library {
  readonly folder: ModelsFolder
  readonly blobs: Blobs
  readonly #manifests: ManifestStore
  readonly #files = new GgufFiles()
  readonly #translations: Translations
  readonly #models: ModelReader
  /** Held per model, so that two changes of one name follow each other. */
  readonly #names = new KeyedMutex()
  /** Held for short moments, see `Blobs`. */
  readonly #gate = new Mutex()
  readonly #pruning: boolean
  readonly #checkTemplate: (template: string) => void
  readonly #detectTemplate: NonNullable<LibraryOptions['detectTemplate']>
  readonly #toolEngine: ToolEngine
  readonly #pull: LibraryOptions['pull']
  #warnings: readonly LibraryWarning[] = []

  constructor(options: LibraryOptions) {
    this.folder = new ModelsFolder(options.modelsFolder, options.isFolderChosen)
    this.blobs = new Blobs(this.folder, this.#gate)
    this.#manifests = new ManifestStore(this.folder)
    this.#models = new ModelReader(this.folder, this.#manifests, this.blobs)
    this.#pruning = options.pruning ?? true
    this.#checkTemplate = options.checkTemplate ?? (() => undefined)
    this.#detectTemplate = options.detectTemplate ?? (async () => undefined)
    this.#toolEngine = options.toolEngine ?? noToolEngine
    this.#translations = new Translations({
      folder: this.folder,
      elsewhere: options.translationsElsewhere ?? this.folder.translations,
      files: this.#files,
      toolEngine: this.#toolEngine,
    })
    this.#pull = options.pull
  }

  /** What the last `list` had to leave out, and why. */
  get warnings(): readonly LibraryWarning[] {
    return this.#warnings
  }

  /** All readable models, the last changed first (by the second, as upstream), then by name. */
  async list(): Promise<Model[]> {
    this.folder.look()
    const { models, warnings } = await this.#models.all()
    this.#warnings = warnings
    return models
  }

  /**
   * The model of a request's `model` field, found whatever its case, with or without `:local`.
   * @throws Problem 404 `model '…' not found` as sent, 400 for a name that is none, 403 for a cloud model
   */
  async get(name: string): Promise<Model> {
    const model = await this.find(localName(name))
    if (!model) throw notFound(name)
    return model
  }

  /**
   * The model of a name, found whatever its case.
   * @throws Problem `broken-model-file` when its files say nonsense, 404 when one of its small layers is missing
   */
  async find(name: ModelName): Promise<Model | undefined> {
    const stored = await this.#manifests.look(name)
    if (!stored) {
      this.folder.look()
      return undefined
    }
    try {
      return await this.#models.read(stored.name, stored.stamp)
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'not-found')) throw error
      const shown = goQuote(displayShortest(stored.name))
      throw new Problem('model-not-found', 404, `model ${shown} not found, try pulling it first`, error.message)
    }
  }

  /** Whether a manifest of that name is there, readable or not. False for a name that is none. */
  async exists(name: string): Promise<boolean> {
    const parsed = parseModelName(name.trim())
    return parsed !== undefined && (await this.#manifests.find(parsed)) !== undefined
  }

  /** Tells one state of a model's manifest from another by a look at the file; undefined when it is not there. */
  stamp(name: ModelName): Promise<string | undefined> {
    return this.#manifests.stamp(name)
  }

  /** The spelling under which a name is stored, or would be: each part as existing names spell it. */
  canonical(name: ModelName): Promise<ModelName> {
    return this.#manifests.canonical(name)
  }

  /** Facts of a GGUF file's header, read once per state of the file. */
  facts(path: string): Promise<GgufFacts> {
    return this.#files.facts(path)
  }

  /** `model_info` of /api/show for a GGUF file; with `arrays`, vocabularies and the like in full, else null. */
  metadata(path: string, options: { arrays?: boolean } = {}): Promise<Record<string, MetadataValue>> {
    return this.#files.metadata(path, options)
  }

  /** The files to load in place of a model's own, where llama.cpp does not read those; see `Translations`. */
  readable(weights: Weights, options: ToolHooks & { sees: boolean }): Promise<Weights> {
    return this.#translations.readable(weights, options)
  }

  /** Bytes that second forms of blobs take on the disk, by digest; see `Translations`. */
  translationSizes(): Promise<Map<string, number>> {
    return this.#translations.sizes()
  }

  /**
   * Looks at a model's file before anything is copied, as `create` does once it is here.
   * @param name what the person calls it
   * @throws Problem 400 `broken-model-file` where llama.cpp is certain not to load it
   */
  requireLoadable(name: string, source: GgufSource): Promise<void> {
    return requireLoadable(name, source, this.#toolEngine)
  }

  /** Names, types and shapes of a GGUF file's tensors. */
  tensors(path: string): Promise<TensorInfo[]> {
    return this.#files.tensors(path)
  }

  /**
   * Makes a model from uploaded files or from another model. What is wrong with the request itself is thrown before
   * the first status; nothing of the model is there unless it is complete.
   * @param onStatus told each step, `success` last
   * @throws Problem in the words of /api/create, or an AbortError
   */
  async create(
    request: CreateRequest,
    onStatus: (progress: CreateProgress) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const asked = this.checkCreate(request)
    await this.folder.changes.run(async () => {
      // Before the name is held: the base may be the model itself, which its pull then writes.
      await this.#pullBase(request, onStatus, signal)
      await this.#changing([asked], () => this.#create(asked, request, onStatus, signal))
    })
  }

  /**
   * Makes sure of what a request says, but for its files, which need not be there yet.
   * @returns the name it asks for
   * @throws Problem in the words of /api/create
   */
  checkCreate(request: CreateRequest): ModelName {
    const asked = parseModelName(request.model.trim())
    if (!asked) throw new Problem('invalid-request', 400, 'invalid model name')
    checkCreate(request, this.#checkTemplate)
    return asked
  }

  /**
   * Writes the manifest of a model whose blobs are all there, replacing a model of that name. It is the end of a pull,
   * which is one change of the folder (`folder.changes`).
   * @param bytes the manifest as the registry sent it; they are what the model's digest is made of
   * @param onRemoving told before blobs are removed that only the replaced model needed
   * @throws Problem 500 `open …: no such file or directory` when a blob is missing
   */
  async install(asked: ModelName, bytes: Buffer, onRemoving: () => void = () => undefined): Promise<void> {
    await this.#names.run(foldedKey(asked), async () => {
      const name = await this.canonical(asked)
      const replaced = await this.#readable(name)
      const digests = digestsOf(parseManifest(bytes.toString('utf8')))
      await this.blobs.hold(digests)
      try {
        await this.#gate.run(() => this.#manifests.write(name, bytes))
      } finally {
        this.blobs.release(digests)
      }
      this.blobs.forgetPromises(digests)
      const left = replaced ? digestsOf(replaced.manifest).filter(digest => !digests.includes(digest)) : []
      if (!replaced || !this.#pruning || left.length === 0) return
      onRemoving()
      await this.#removeUnreferenced(left, replaced.modifiedAt)
    })
  }

  /**
   * The manifest of a name as it is stored.
   * @returns undefined when it is not there
   * @throws Problem `broken-model-file`
   */
  async manifest(name: ModelName): Promise<StoredManifest | undefined> {
    const stored = await this.#manifests.find(name)
    return stored && this.#manifests.read(stored)
  }

  /**
   * Gives a model a second name; only the manifest is copied. A model of that name is replaced.
   * @throws Problem 400 `source "…" is invalid`, `destination "…" is invalid`, 404 `model "…" not found`
   */
  async copy(source: string, destination: string): Promise<void> {
    const from = referenced(source)
    if (!from) throw new Problem('invalid-request', 400, `source ${goQuote(source)} is invalid`)
    const to = referenced(destination)
    if (!to) throw new Problem('invalid-request', 400, `destination ${goQuote(destination)} is invalid`)
    await this.#changing([from, to], async () => {
      this.folder.requireWritable()
      const target = await this.canonical(to)
      const stored = await this.#manifests.find(from)
      const original = stored && (await this.#manifests.read(stored))
      if (!stored || !original) throw new Problem('model-not-found', 404, `model ${goQuote(source)} not found`)
      if (foldedKey(stored) === foldedKey(target)) return
      const replaced = await this.#readable(target)
      await this.#gate.run(() => this.#manifests.write(target, original.bytes))
      if (replaced && this.#pruning) await this.#removeUnreferenced(digestsOf(replaced.manifest), replaced.modifiedAt)
    })
  }

  /**
   * Deletes a model and the blobs only it needed.
   * @throws Problem 400 `model is required` or `name "…" is invalid`, 404 `model '…' not found`, `models-read-only`
   */
  async remove(name: string): Promise<void> {
    if (name.trim() === '') throw new Problem('invalid-request', 400, 'model is required')
    const parsed = referenced(name, storedName)
    if (!parsed) throw new Problem('invalid-request', 400, `name ${goQuote(name)} is invalid`)
    await this.#changing([parsed], async () => {
      const stored = await this.#manifests.find(parsed)
      if (!stored) throw notFound(name)
      this.folder.requireWritable()
      const manifest = await this.#readable(stored)
      if (!(await this.#manifests.remove(stored))) throw notFound(name)
      this.#models.forget(stored)
      if (manifest) await this.#removeUnreferenced(digestsOf(manifest.manifest), manifest.modifiedAt)
    })
  }

  /**
   * Removes those of the blobs that no model needs, but for what another program touched a moment ago; for a work that
   * was given up, which is the change it is part of.
   */
  async removeUnreferenced(digests: readonly string[]): Promise<void> {
    this.blobs.forgetPromises(digests)
    await this.#removeUnreferenced(digests, new Date(0))
  }

  /**
   * Clears away what earlier crashes left; meant for the start. Does nothing when pruning is off.
   * @param keep digests of blobs somebody is about to need, whole or begun
   */
  async prune(keep: ReadonlySet<string> = new Set()): Promise<PruneReport> {
    if (!this.#pruning) return { removed: [] }
    const clear = () => prune(this.folder, this.#manifests, this.blobs, { keep })
    const report = await this.folder.changes.run(() => this.#gate.run(clear))
    await this.#translations.clear()
    return report
  }

  async #create(
    asked: ModelName,
    request: CreateRequest,
    onStatus: (progress: CreateProgress) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.folder.requireWritable()
    const name = await this.canonical(asked)
    const replaced = await this.#readable(name)
    await createModel(request, name, {
      blobs: this.blobs,
      manifests: this.#manifests,
      files: this.#files,
      gate: this.#gate,
      toolEngine: this.#toolEngine,
      detectTemplate: this.#detectTemplate,
      onStatus,
      signal,
      removeUnreferenced: (digests: readonly string[]) => this.#removeUnreferenced(digests, new Date()),
    })
    if (replaced && this.#pruning) {
      await this.#removeUnreferenced(digestsOf(replaced.manifest), replaced.modifiedAt)
    }
    onStatus({ status: 'success' })
  }

  /** Changes models while nobody else does, and while the folder stays where it is. */
  #changing(names: readonly ModelName[], work: () => Promise<void>): Promise<void> {
    return this.folder.changes.run(() => this.#names.runAll(names.map(foldedKey), work))
  }

  /** Brings the model that another is going to be built on, where it is not here (upstream server/create.go). */
  async #pullBase(
    { from, remoteHost }: CreateRequest,
    onStatus: (progress: CreateProgress) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (!from || remoteHost || !this.#pull) return
    const base = baseReference(from)
    if (base.source === 'cloud' || (await this.#manifests.find(base.name))) return
    await this.#pull(fullName(base.name), onStatus, { signal })
  }

  /** The manifest of a name if it is there and makes sense; a broken one may be replaced and deleted all the same. */
  async #readable(name: ModelName): Promise<StoredManifest | undefined> {
    try {
      return await this.#manifests.read(name)
    } catch (error) {
      if (error instanceof Problem && error.code === 'broken-model-file') return undefined
      throw error
    }
  }

  /** Removes those of the blobs that no manifest mentions; none when that cannot be told for sure. */
  async #removeUnreferenced(digests: readonly string[], manifestTime: Date): Promise<void> {
    if (digests.length === 0) return
    await this.#gate.run(async () => {
      const references = await this.#manifests.references()
      if (!references) return
      for (const digest of digests) {
        if (!references.has(digest)) await this.blobs.removeUnreferenced(digest, manifestTime)
      }
    })
    await this.#translations.clear()
  }
}

const unequipped = () => Promise.reject(new Problem('internal', 500, 'there is no tool engine here'))
const noToolEngine: ToolEngine = {
  convert: unequipped,
  quantize: unequipped,
  translate: unequipped,
  forecast: unequipped,
}

function notFound(name: string): Problem {
  return new Problem('model-not-found', 404, `model '${name}' not found`)
}

function localName(name: string): ModelName {
  const reference = parseModelReference(name)
  if (reference.source !== 'cloud') return reference.name
  throw new Problem('invalid-request', 403, 'ollama cloud is disabled: remote model is unavailable')
}

/** A name with its source suffix taken off, or undefined where it is none. */
function referenced(text: string, read: (text: string) => ModelName = raw => parseModelReference(raw).name) {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
