import { join } from 'node:path'
import { Problem } from '../../problem.ts'
import type { TellConnection } from '../../settings/connections.ts'
import type { Library } from '../library.ts'
import { type ModelName, parseModelName, storedName } from '../model-name.ts'
import { DiskSpace } from './disk-space.ts'
import { Downloads } from './downloads.ts'
import { Hasher } from './hasher.ts'
import { type Identity, loadIdentity } from './identity.ts'
import { PartFiles } from './part.ts'
import { pullModel } from './pull.ts'
import { pushModel } from './push.ts'
import { blockMemory } from './recent-blocks.ts'
import { lookAtRemote, type RemoteModel } from './remote-model.ts'
import { Repository } from './repository.ts'
import type { LayerSize, Tell } from './transfer-progress.ts'
import { Transport } from './transport.ts'
import { Uploads } from './uploads.ts'

export interface RegistryOptions {
  readonly library: Library
  /** The person's home, where Ollama's key lies. */
  readonly userHome: string
  /** Hearth's own. */
  readonly version: string
  /** The built hash-worker.js. */
  readonly hashWorker: string
  /** The built receive-worker.js. */
  readonly receiveWorker: string
  /** Milliseconds to wait before try number `next`, counted from 1; upstream's are 1, 2, 4, … seconds. */
  readonly backoff?: (next: number) => number
  /** Milliseconds after which a silent peer is taken for stalled. */
  readonly stall?: number
  /** See DownloadTools. */
  readonly atOnce?: (rate: number) => number
  /** Hears of each request. */
  readonly tell?: TellConnection
}

export interface TransferOptions {
  /** Talk plain HTTP. */
  readonly insecure?: boolean
  readonly signal?: AbortSignal
}

export interface PullOptions extends TransferOptions {
  /** Told once, when the manifest is here: all that the model needs. */
  readonly onLayers?: (layers: readonly LayerSize[]) => void
}

/** Models from registries and to them. Everybody who pulls shares the same downloads. */
export class Registry {
  readonly #library: Library
  readonly #transport: Transport
  readonly #hasher: Hasher
  readonly #downloads: Downloads
  readonly #uploads = new Uploads()
  readonly #keyPath: string
  readonly #backoff: (next: number) => number
  #identity: Promise<Identity> | undefined

  constructor({
    library,
    userHome,
    version,
    hashWorker,
    receiveWorker,
    backoff,
    stall,
    atOnce,
    tell,
  }: RegistryOptions) {
    this.#library = library
    const memory = blockMemory()
    this.#transport = new Transport({ version, receiveWorker, memory, stall, tell })
    this.#hasher = new Hasher(hashWorker, memory)
    this.#backoff = backoff ?? (next => 1000 * 2 ** (next - 1))
    const space = new DiskSpace(library.folder)
    this.#downloads = new Downloads(library, { hasher: this.#hasher, space, backoff: this.#backoff, atOnce })
    this.#keyPath = join(userHome, '.ollama', 'id_ed25519')
  }

  /**
   * Pulls a model.
   * @param model as the request has it
   * @throws Problem 400 `invalid model name` before anything is told; in upstream's words later
   */
  async pull(model: string, tell: Tell, { insecure = false, signal, onLayers }: PullOptions = {}): Promise<void> {
    const tools = { library: this.#library, downloads: this.#downloads, onLayers }
    const repository = this.#repository(pullName(model), insecure)
    await this.#library.folder.changes.run(async () => {
      // A folder that is away is told before anything is fetched.
      await this.#library.folder.make()
      // The threads start while the manifest is on its way.
      this.#hasher.start()
      this.#transport.prepare()
      await pullModel(repository, tools, tell, signal ?? new AbortController().signal).catch(error => {
        // Its disk has gone meanwhile, and what came of that says less.
        if (!signal?.aborted) this.#library.folder.requireThere()
        throw error
      })
    })
  }

  /**
   * Pushes a model to the registry its name says.
   * @param model as the request has it, not empty
   * @throws Problem in upstream's words
   */
  async push(model: string, tell: Tell, { insecure = false, signal }: TransferOptions = {}): Promise<void> {
    tell({ status: 'retrieving manifest' })
    const name = parseModelName(model.trim())
    if (!name) throw new Problem('invalid-request', 500, `unqualified name: ${model}`)
    const stored = await this.#library.canonical(name)
    const repository = this.#repository({ ...stored, scheme: name.scheme }, insecure)
    const tools = { library: this.#library, uploads: this.#uploads }
    // It changes nothing, but needs the files where they are, for hours perhaps: who moves them waits.
    await this.#library.folder.changes.run(() =>
      pushModel(repository, tools, tell, signal ?? new AbortController().signal),
    )
  }

  /**
   * Looks at a model without downloading it.
   * @param look is given its manifest and the header of its weights
   * @throws Problem as `pull` does, `broken-model-file`
   */
  async look<T>(
    model: string,
    look: (model: RemoteModel) => Promise<T>,
    { insecure = false, signal }: TransferOptions = {},
  ): Promise<T> {
    const repository = this.#repository(pullName(model), insecure)
    return lookAtRemote(repository, this.#library, look, signal ?? new AbortController().signal)
  }

  /** Bytes of a blob that are here: of one that is whole, `size`. */
  async present(digest: string, size: number): Promise<number> {
    if (await this.#library.blobs.has(digest)) return size
    const parts = await new PartFiles(this.#library.blobs.partialPath(digest)).read()
    return parts.reduce((sum, { completed }) => sum + completed, 0)
  }

  /**
   * Removes what a pull brought that no model needs, whole blobs and begun ones. Where another program fetches one of
   * them, those that are whole are left to it as well: its manifest comes last.
   */
  async discard(digests: readonly string[]): Promise<void> {
    await this.#library.folder.changes.run(async () => {
      const isOurs = await Promise.all(digests.map(digest => this.#downloads.discard(digest)))
      if (!isOurs.includes(false)) await this.#library.removeUnreferenced(digests)
    })
  }

  /** Ends what is under way; what was downloaded stays for the next time. */
  async close(): Promise<void> {
    await this.#downloads.close()
    await this.#hasher.close()
    await this.#transport.close()
  }

  #repository(name: ModelName, insecure: boolean): Repository {
    const identity = () => this.#signer()
    return new Repository(name, { transport: this.#transport, identity, insecure, backoff: this.#backoff })
  }

  #signer(): Promise<Identity> {
    this.#identity ??= loadIdentity(this.#keyPath).catch(error => {
      this.#identity = undefined
      throw error
    })
    return this.#identity
  }
}

/**
 * The name a model is pulled under.
 * @throws Problem 400 `invalid model name`, whatever is wrong with it
 */
export function pullName(model: string): ModelName {
  try {
    return storedName(model)
  } catch {
    throw new Problem('invalid-request', 400, 'invalid model name')
  }
}
