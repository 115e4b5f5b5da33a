import { randomBytes } from 'node:crypto'
import { access, constants, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ToolEngine, ToolHooks, TranslateJob } from '../engine/tool-engine.ts'
import { errno, ifThere } from '../files/errno.ts'
import { removed } from '../files/removed.ts'
import { syncFolder } from '../files/sync-folder.ts'
import { bringsProjector, isForOllama, translationVersion } from '../gguf/ollama/translation.ts'
import type { GgufHeader } from '../gguf/types.ts'
import { KeyedMutex } from '../mutex.ts'
import { Problem } from '../problem.ts'
import type { GgufFiles } from './gguf/gguf-files.ts'
import type { ModelsFolder } from './models-folder.ts'

const hour = 3_600_000
const namePattern =
  /^(?<blob>sha256-[0-9a-f]{64})-(?:model|projector)-(?<version>\d+)\.gguf(?<making>\.making-[0-9a-f]+)?$/

/** What an engine loads. Absolute paths. */
export interface Weights {
  readonly modelPath: string
  readonly projectorPath?: string
}

interface TranslationsOptions {
  readonly folder: ModelsFolder
  /** Where translations lie when the models folder is not ours to write in, as that of an Ollama run by the system. */
  readonly elsewhere: string
  readonly files: GgufFiles
  readonly toolEngine: ToolEngine
}

interface TranslatedFile {
  readonly path: string
  /** `sha256-<hex>`: what it was translated from. */
  readonly blob: string
  /** Bytes. */
  readonly size: number
  readonly isStale: boolean
}

/**
 * Files made for Ollama's own engine, a second time in the form that llama.cpp reads (main/gguf/ollama). A translation
 * is made when its model is first loaded, and goes with the blob; Ollama, which knows nothing of it, is in no one's
 * way.
 */
export class Translations {
  readonly #options: TranslationsOptions
  /** By the names of the files being made. */
  readonly #turns = new KeyedMutex()

  constructor(options: TranslationsOptions) {
    this.#options = options
  }

  /**
   * The files to load in place of a model's own, translated where that is needed.
   * @param options.sees whether an encoder for pictures inside the model's file is wanted as well
   * @throws Problem `disk-full`, `broken-model-file`, `unsupported-architecture`, `engine-crashed`, `model-not-found`
   * for
   *   one that was deleted meanwhile; the signal's reason
   */
  async readable(weights: Weights, options: ToolHooks & { sees: boolean }): Promise<Weights> {
    const { sees, ...hooks } = options
    const modelPath = await this.#readableFile(weights.modelPath, hooks)
    const projectorPath = sees ? await this.#readableProjector(weights, hooks) : undefined
    return projectorPath === undefined ? { modelPath } : { modelPath, projectorPath }
  }

  /** Bytes that the translations of each blob take on the disk, by its digest. */
  async sizes(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>()
    for (const { blob, size } of await this.#list()) {
      const digest = blob.replace('-', ':')
      sizes.set(digest, (sizes.get(digest) ?? 0) + size)
    }
    return sizes
  }

  /** Removes translations of blobs that are gone, those of an earlier version, and what a crash left. */
  async clear(): Promise<void> {
    // A disk that is away: what lies elsewhere was made of its blobs, and will be wanted again.
    if (!(await ifThere(lstat(this.#options.folder.blobs)))) return
    for (const { path, blob, isStale } of await this.#list()) {
      const isOrphan = (await ifThere(lstat(join(this.#options.folder.blobs, blob)))) === undefined
      if (!isStale && !isOrphan) continue
      // One that an engine reads now: the next time will do.
      await removed(path)
    }
  }

  /** A file as it is, or its translation. */
  async #readableFile(path: string, hooks: ToolHooks): Promise<string> {
    return isForOllama(await this.#header(path)) ? this.#translated(path, 'model', hooks) : path
  }

  /** The encoder for pictures: a file of its own, or inside the model's. */
  async #readableProjector({ modelPath, projectorPath }: Weights, hooks: ToolHooks): Promise<string | undefined> {
    if (projectorPath !== undefined) return this.#readableFile(projectorPath, hooks)
    return bringsProjector(await this.#header(modelPath)) ? this.#translated(modelPath, 'projector', hooks) : undefined
  }

  #header(path: string): Promise<GgufHeader> {
    return this.#options.files.header(path)
  }

  async #translated(source: string, part: TranslateJob['part'], hooks: ToolHooks): Promise<string> {
    const name = `${basename(source)}-${part}-${translationVersion}.gguf`
    return (await this.#made(name)) ?? this.#inTurn(name, hooks.signal, () => this.#make(name, source, part, hooks))
  }

  async #made(name: string): Promise<string | undefined> {
    for (const place of this.#places()) {
      const path = join(place, name)
      if (await ifThere(lstat(path))) return path
    }
    return undefined
  }

  /**
   * Two loads of a model at once, for a chat and for embeddings, make one file. Who gives up does not wait for that.
   */
  async #inTurn(name: string, signal: AbortSignal | undefined, make: () => Promise<string>): Promise<string> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
      const turn = this.#turns.run(name, async () => {
        signal?.removeEventListener('abort', leave)
        signal?.throwIfAborted()
        return (await this.#made(name)) ?? make()
      })
      turn.then(resolve, reject)
    })
  }

  #make(name: string, source: string, part: TranslateJob['part'], hooks: ToolHooks): Promise<string> {
    return this.#options.folder.changes.run(async () => {
      const place = await this.#writable()
      const path = join(place, name)
      const making = `${path}.making-${randomBytes(4).toString('hex')}`
      await this.#options.toolEngine.translate({ source, part, output: making }, hooks)
      try {
        if (!(await ifThere(lstat(source)))) throw deletedMeanwhile()
        await rename(making, path)
      } catch (error) {
        await rm(making, { force: true })
        // Windows replaces no file that is read: another Hearth was faster, and loads it.
        if (error instanceof Problem || !(await ifThere(lstat(path)))) throw error
      }
      await syncFolder(place)
      return path
    })
  }

  #places(): readonly string[] {
    return [this.#options.folder.translations, this.#options.elsewhere]
  }

  async #writable(): Promise<string> {
    const [beside, elsewhere] = this.#places() as [string, string]
    try {
      // Not with the folders above it, which are there: on a disk that is read-only Node would say that they are not.
      await mkdir(beside).catch(unlessThere)
      await access(beside, constants.W_OK)
      return beside
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(errno(error) ?? '')) throw error
      await mkdir(elsewhere, { recursive: true })
      return elsewhere
    }
  }

  async #list(): Promise<TranslatedFile[]> {
    const files: TranslatedFile[] = []
    for (const place of this.#places()) {
      for (const name of (await ifThere(readdir(place))) ?? []) {
        const { blob, version, making } = namePattern.exec(name)?.groups ?? {}
        const found = blob && (await ifThere(lstat(join(place, name))))
        if (!blob || !found) continue
        const isLeft = making !== undefined && Date.now() - found.mtimeMs > hour
        const isStale = Number(version) !== translationVersion || isLeft
        files.push({ path: join(place, name), blob, size: found.size, isStale })
      }
    }
    return files
  }
}

const deletedMeanwhile = () => new Problem('model-not-found', 404, 'the model was deleted while it was being loaded')

function unlessThere(error: unknown): void {
  if (errno(error) !== 'EEXIST') throw error
}
