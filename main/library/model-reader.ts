import { wordsOf } from '../go/system-error.ts'
import type { Blobs } from './blobs.ts'
import type { LibraryWarning, ManifestStore } from './manifest-store.ts'
import type { Model } from './model.ts'
import { foldedKey, type ModelName } from './model-name.ts'
import type { ModelsFolder } from './models-folder.ts'
import { readModel } from './read-model.ts'

/** Manifests read at once when the whole folder is listed. */
const readsAtOnce = 16

/** Reads models, each once per state of its manifest: another program may change the folder at any time. */
export class ModelReader {
  readonly #folder: ModelsFolder
  readonly #manifests: ManifestStore
  readonly #blobs: Blobs
  /** By the paths of their manifests. */
  readonly #models = new Map<string, { stamp: string; model: Promise<Model> }>()

  constructor(folder: ModelsFolder, manifests: ManifestStore, blobs: Blobs) {
    this.#folder = folder
    this.#manifests = manifests
    this.#blobs = blobs
  }

  /**
   * All readable models, the last changed first (by the second, as upstream), then by name; and what had to be left out,
   * and why.
   */
  async all(): Promise<{ models: Model[]; warnings: LibraryWarning[] }> {
    const { names, warnings } = await this.#manifests.scan()
    const all = [...warnings]
    const models: Model[] = []
    const queue = names[Symbol.iterator]()
    const readSome = async () => {
      for (const name of queue) {
        try {
          const stamp = await this.#manifests.stamp(name)
          const model = stamp === undefined ? undefined : await this.read(name, stamp)
          if (model) models.push(model)
        } catch (error) {
          all.push({ path: this.#folder.manifestPath(name), reason: wordsOf(error) })
        }
      }
    }
    await Promise.all(Array.from({ length: readsAtOnce }, readSome))
    this.#forgetAllBut(names)
    const second = (model: Model) => Math.floor(model.modifiedAt.getTime() / 1000)
    const order = new Map(names.map((name, i) => [foldedKey(name), i]))
    const place = (model: Model) => order.get(foldedKey(model.name)) ?? 0
    return { models: models.sort((a, b) => second(b) - second(a) || place(a) - place(b)), warnings: all }
  }

  /**
   * @param stamp of the manifest, as it was found
   * @returns undefined when it is no longer there
   */
  async read(name: ModelName, stamp: string): Promise<Model | undefined> {
    const path = this.#folder.manifestPath(name)
    const cached = this.#models.get(path)
    if (cached?.stamp === stamp) return cached.model
    const stored = await this.#manifests.read(name)
    if (!stored) return undefined
    const model = readModel(stored, this.#blobs)
    this.#models.set(path, { stamp, model })
    // A failure may be over the next time: a missing blob comes back by a pull.
    model.catch(() => {
      if (this.#models.get(path)?.model === model) this.#models.delete(path)
    })
    return model
  }

  /** The model of that name is gone. */
  forget(name: ModelName): void {
    this.#models.delete(this.#folder.manifestPath(name))
  }

  #forgetAllBut(names: readonly ModelName[]): void {
    const paths = new Set(names.map(name => this.#folder.manifestPath(name)))
    for (const path of this.#models.keys()) if (!paths.has(path)) this.#models.delete(path)
  }
}
