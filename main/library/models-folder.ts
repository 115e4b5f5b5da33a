import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errno } from '../files/errno.ts'
import { Listeners } from '../listeners.ts'
import { Problem } from '../problem.ts'
import { FolderChanges } from './folder-changes.ts'
import { isValidName, type ModelName } from './model-name.ts'

/** A digest as requests and manifests write it, `sha256:<hex>`, or as file names do, `sha256-<hex>`. */
const digestPattern = /^sha256[:-][0-9a-fA-F]{64}$/

export function isDigest(text: string): boolean {
  return digestPattern.test(text)
}

/**
 * A digest in the one form the library compares: `sha256:` and lower-case hex.
 * @throws Problem 400 `invalid digest format`
 */
export function normalDigest(digest: string): string {
  if (!isDigest(digest)) throw new Problem('invalid-request', 400, 'invalid digest format')
  return `sha256:${digest.slice('sha256:'.length).toLowerCase()}`
}

/** Stands for a port's colon on Windows; the grammar of hosts does not have it. */
const portSign = '%'

/** A download that is not whole, or the state of a part of it. */
const partialPattern = /^sha256-[0-9a-f]{64}-partial(?:-\d+)?$/

/** Whether a file among the blobs belongs to a download that is not whole. */
export function isPartial(name: string): boolean {
  return partialPattern.test(name)
}

/**
 * Where things lie in Ollama's models folder (upstream manifest/paths.go): `manifests/host/namespace/model/tag` and
 * `blobs/sha256-<hex>`. The folder itself, `manifests` and `blobs` may be links the person made; below them nothing
 * that leads elsewhere is followed.
 */
export class ModelsFolder {
  readonly changes = new FolderChanges()
  #root: string
  /** It was there before, or the person chose it: where it is not, its disk is away. */
  #isKnown: boolean
  /** What the last look found. */
  #wasAway: boolean
  readonly #watching = new Listeners<boolean>()

  /**
   * @param root absolute path; it need not exist yet
   * @param isChosen the models were moved there
   * @param platform whose rules for names hold
   */
  constructor(
    root: string,
    isChosen = false,
    private readonly platform: NodeJS.Platform = process.platform,
  ) {
    this.#root = root
    this.#isKnown = isChosen || this.#isThere
    this.#wasAway = this.isAway
  }

  get root(): string {
    return this.#root
  }

  get manifests(): string {
    return join(this.#root, 'manifests')
  }

  get blobs(): string {
    return join(this.#root, 'blobs')
  }

  /** Hearth's own, beside Ollama's two: files made for Ollama's engine, in the form that llama.cpp reads. */
  get translations(): string {
    return join(this.#root, 'translated')
  }

  /** Everything lies in another folder now. Call it while `changes` is held. */
  moveTo(root: string): void {
    this.#root = root
    this.#isKnown = true
  }

  /** @throws Problem 400 for a name outside the grammar, which is what keeps the path inside */
  manifestPath(name: ModelName): string {
    if (!isValidName(name)) throw new Problem('invalid-request', 400, 'invalid model name')
    return join(this.manifests, this.hostFolder(name.host), name.namespace, name.model, name.tag)
  }

  /**
   * The name of a registry's folder. Windows allows no colon in it, so that `localhost:5000` becomes `localhost%5000`:
   * what Ollama's maintainers settled on (upstream issue 4088). Ollama itself cannot make such a folder there yet; it
   * passes over ours with a warning, and clears no blobs away at its start meanwhile.
   */
  hostFolder(host: string): string {
    return this.platform === 'win32' ? host.replaceAll(':', portSign) : host
  }

  /** The registry whose folder has this name. */
  hostOf(folder: string): string {
    return this.platform === 'win32' ? folder.replaceAll(portSign, ':') : folder
  }

  /** @throws Problem 400 for anything but a SHA-256 digest */
  blobPath(digest: string): string {
    return join(this.blobs, normalDigest(digest).replace(':', '-'))
  }

  /**
   * A new name for a blob in the making, as Ollama has them, `sha256-<random>`: whichever program starts next clears
   * away what a crash left.
   */
  temporaryBlobPath(): string {
    return join(this.blobs, `sha256-${randomBytes(8).toString('hex')}`)
  }

  /**
   * Makes the two folders, mode 0755 as Ollama does; not where they were before, as their disk may be away: what is
   * made in its place would be hidden when it comes back.
   * @throws Problem `models-away`, `models-read-only`
   */
  async make(): Promise<void> {
    this.requireThere()
    this.requireWritable()
    await mkdir(this.manifests, { recursive: true, mode: 0o755 })
    await mkdir(this.blobs, { recursive: true, mode: 0o755 })
    this.#isKnown = true
  }

  /** It is known, and neither of the two is there: the place where a disk is hung in may itself stay, and be empty. */
  get isAway(): boolean {
    return this.#isKnown && !this.#isThere
  }

  /** Looks whether it has gone or come back, and tells those who watch. No system tells of a disk by itself. */
  look(): void {
    const { isAway } = this
    if (isAway === this.#wasAway) return
    this.#wasAway = isAway
    this.#watching.tell(isAway)
  }

  /** Calls at once with whether it is away, then whenever a look finds otherwise. @returns ends it */
  watchAway(listener: (isAway: boolean) => void): () => void {
    return this.#watching.add(listener, this.#wasAway)
  }

  /** @throws Problem `models-away` */
  requireThere(): void {
    if (!this.isAway) return
    throw new Problem('models-away', 503, `the models folder ${this.#root} is not there, its disk may be away`)
  }

  /** Models can be added and removed, not only used; what is still to be made counts as such. */
  get isWritable(): boolean {
    return [this.#root, this.manifests, this.blobs].every(isWritable)
  }

  /** @throws Problem `models-read-only`, with the text that Go's os package would have for it */
  requireWritable(): void {
    if (!this.isWritable) throw new Problem('models-read-only', 500, `open ${this.#root}: permission denied`)
  }

  get #isThere(): boolean {
    return existsSync(this.manifests) || existsSync(this.blobs)
  }

  /**
   * Whether an existing path, all links resolved, lies below one of the two folders.
   * @throws the file system's error when the path is not there
   */
  async holds(path: string, within: 'manifests' | 'blobs'): Promise<boolean> {
    const [real, base] = await Promise.all([realpath(path), realpath(this[within])])
    return real.startsWith(base + sep)
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch (error) {
    return !['EACCES', 'EPERM', 'EROFS'].includes(errno(error) ?? '')
  }
}
