import { createHash, randomBytes } from 'node:crypto'
import { constants, type Dirent } from 'node:fs'
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errno, ifThere } from '../files/errno.ts'
import { removedIfEmpty } from '../files/removed.ts'
import { syncFolder } from '../files/sync-folder.ts'
import { wordsOf } from '../go/system-error.ts'
import { asProblem, Problem } from '../problem.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { equalFold, fullName, isValidName, type ModelName } from './model-name.ts'
import type { ModelsFolder } from './models-folder.ts'

/** A manifest of tensor layers has some thousands of them, a few hundred bytes each. */
export const maxManifestBytes = 16 * 1024 * 1024
const nameParts = ['host', 'namespace', 'model', 'tag'] as const

/** A manifest that is there. */
export interface FoundManifest {
  /** As it is stored. */
  readonly name: ModelName
  /** Tells this state of its file from another. */
  readonly stamp: string
}

export interface StoredManifest {
  readonly name: ModelName
  readonly manifest: Manifest
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string
  readonly modifiedAt: Date
  readonly bytes: Buffer
}

/** Something in the folder that is no readable model; collected, never printed. */
export interface LibraryWarning {
  readonly path: string
  readonly reason: string
}

export interface Scan {
  /** Names sorted by host, namespace, model, tag. */
  readonly names: readonly ModelName[]
  readonly warnings: readonly LibraryWarning[]
}

/** The manifests of a models folder: one small file per name, replaced as a whole or not at all. */
export class ManifestStore {
  constructor(private readonly folder: ModelsFolder) {}

  /** Finds every `manifests/host/namespace/model/tag`, as Ollama does, without reading one. */
  async scan(): Promise<Scan> {
    const warnings: LibraryWarning[] = []
    const names: ModelName[] = []
    const look = async (path: string, entry: Dirent, parts: readonly string[]): Promise<void> => {
      const kind = await this.#kind(path, entry)
      if (kind === 'outside') warnings.push({ path, reason: 'a link that leads out of the models folder' })
      else if (parts.length < 4) {
        if (kind === 'folder') await visit(path, parts)
      } else if (kind === 'file') {
        const [registry, namespace, model, tag] = parts as [string, string, string, string]
        const name = { scheme: 'https', host: this.folder.hostOf(registry), namespace, model, tag }
        if (isValidName(name)) names.push(name)
        else warnings.push({ path, reason: 'its path is no model name' })
      }
    }
    const visit = async (folder: string, parts: readonly string[]): Promise<void> => {
      const entries = (await ifThere(readdir(folder, { withFileTypes: true }))) ?? []
      const wanted = entries.filter(({ name }) => !name.startsWith('.'))
      const looking = wanted.map(async entry => {
        const path = join(folder, entry.name)
        // One that cannot be read, such as another person's, takes no other off the list.
        await look(path, entry, [...parts, entry.name]).catch(error => {
          if (errno(error) === undefined) throw error
          warnings.push({ path, reason: wordsOf(error) })
        })
      })
      await Promise.all(looking)
    }
    await visit(this.folder.manifests, [])
    names.sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1))
    return { names, warnings }
  }

  /**
   * The stored spelling of a name: equal but for case, the exact one first.
   * @returns undefined when there is no such manifest
   */
  async find(name: ModelName): Promise<ModelName | undefined> {
    return (await this.look(name))?.name
  }

  /** The same, with the stamp of the manifest's file: each answer begins with it, so it is one look at the disk. */
  async look(name: ModelName): Promise<FoundManifest | undefined> {
    const asSpelled = await this.#stampAsSpelled(name)
    if (asSpelled !== undefined) return { name, stamp: asSpelled }
    const found = await this.#findAlike(name)
    const stamp = found && (await this.stamp(found))
    return stamp === undefined ? undefined : { name: found!, stamp }
  }

  /** As it is listed in the folders, whatever its case. */
  async #findAlike(name: ModelName): Promise<ModelName | undefined> {
    const folders = [this.folder.hostFolder(name.host), name.namespace, name.model, name.tag]
    const descend = async (path: string, depth: number): Promise<string[] | undefined> => {
      const wanted = folders[depth]!
      const entries = (await ifThere(readdir(path, { withFileTypes: true }))) ?? []
      const alike = entries.filter(entry => equalFold(entry.name, wanted))
      alike.sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted) || (a.name < b.name ? -1 : 1))
      for (const entry of alike) {
        const here = join(path, entry.name)
        const kind = await this.#kind(here, entry)
        if (depth === 3 && kind === 'file') return [entry.name]
        if (depth === 3 || kind !== 'folder') continue
        const rest = await descend(here, depth + 1)
        if (rest) return [entry.name, ...rest]
      }
      return undefined
    }
    const parts = await descend(this.folder.manifests, 0)
    if (!parts) return undefined
    const [registry, namespace, model, tag] = parts as [string, string, string, string]
    return { ...name, host: this.folder.hostOf(registry), namespace, model, tag }
  }

  /**
   * The spelling a name is stored under: that of the model itself where it exists, else each part as any stored name
   * spells it (upstream server/routes.go, getExistingName).
   */
  async canonical(name: ModelName): Promise<ModelName> {
    const found = await this.find(name)
    if (found) return found
    const { names } = await this.scan()
    const part = (which: (typeof nameParts)[number]): string => {
      const alike = names.map(other => other[which]).filter(text => equalFold(text, name[which]))
      return alike.includes(name[which]) ? name[which] : (alike[0] ?? name[which])
    }
    return { ...name, host: part('host'), namespace: part('namespace'), model: part('model'), tag: part('tag') }
  }

  /**
   * What tells one state of a manifest file from another: its inode, size and time of change.
   * @returns undefined when it is not there
   */
  async stamp(name: ModelName): Promise<string | undefined> {
    const found = await ifThere(stat(this.folder.manifestPath(name), { bigint: true }))
    return found && stampOf(found)
  }

  /** A manifest's bytes, sensible or not; undefined when it is not there. */
  async bytes(name: ModelName): Promise<Buffer | undefined> {
    return (await this.#readFile(this.folder.manifestPath(name)))?.bytes
  }

  /**
   * @returns undefined when there is no such manifest
   * @throws Problem `broken-model-file` when it cannot be read as one
   */
  async read(name: ModelName): Promise<StoredManifest | undefined> {
    const path = this.folder.manifestPath(name)
    const raw = await this.#readFile(path)
    if (!raw) return undefined
    const digest = createHash('sha256').update(raw.bytes).digest('hex')
    try {
      return { name, manifest: parseManifest(raw.bytes.toString('utf8')), digest, ...raw }
    } catch (error) {
      throw new Problem('broken-model-file', 500, `${path}: ${(error as Error).message}`)
    }
  }

  /**
   * Writes a manifest so that at every moment either the old or the new one is there, whole.
   * @throws Problem `disk-full`, or 400 where the place leads out of the folder
   */
  async write(name: ModelName, bytes: Uint8Array): Promise<void> {
    const path = this.folder.manifestPath(name)
    await this.folder.make().catch(error => {
      throw asProblem(error)
    })
    // Not beside the final place: another program that lists manifests there would take it for one.
    const temporary = join(this.folder.manifests, `.manifest-${randomBytes(8).toString('hex')}`)
    try {
      const handle = await open(temporary, 'wx', 0o644)
      try {
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await this.#moveInto(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw asProblem(error)
    }
  }

  /**
   * Removes a manifest and the folders it leaves empty.
   * @returns false when it was not there
   */
  async remove(name: ModelName): Promise<boolean> {
    const path = this.folder.manifestPath(name)
    if (!(await ifThere(this.folder.holds(path, 'manifests')))) return false
    if ((await ifThere(rm(path).then(() => true))) === undefined) return false
    await this.#removeEmpty(dirname(path))
    return true
  }

  /**
   * Digests of all blobs any manifest mentions, broken ones included: whatever looks like a digest counts.
   * @returns undefined when that cannot be told: a manifest is unreadable, or of a kind this Hearth does not know
   */
  async references(): Promise<Set<string> | undefined> {
    const siblings = (await ifThere(readdir(this.folder.root))) ?? []
    // A later Ollama keeps manifests in a further folder; what it refers to is not known here.
    if (siblings.some(entry => entry.startsWith('manifests') && entry !== 'manifests')) return undefined
    const digests = new Set<string>()
    const visit = async (path: string, depth: number): Promise<boolean> => {
      for (const entry of (await ifThere(readdir(path, { withFileTypes: true }))) ?? []) {
        const here = join(path, entry.name)
        const kind = await this.#kind(here, entry)
        if (kind === 'outside' || (kind === 'folder' && depth === 3)) return false
        if (kind === 'folder' && !(await visit(here, depth + 1))) return false
        if (kind === 'file' && depth === 3 && !(await this.#collect(here, digests))) return false
      }
      return true
    }
    try {
      return (await visit(this.folder.manifests, 0)) ? digests : undefined
    } catch (error) {
      if (errno(error) !== undefined || error instanceof Problem) return undefined
      throw error
    }
  }

  async #collect(path: string, digests: Set<string>): Promise<boolean> {
    const text = (await this.#readFile(path))?.bytes.toString('latin1') ?? ''
    for (const [found] of text.matchAll(/sha256[:-][0-9a-fA-F]{64}/g))
      digests.add(`sha256:${found.slice(7).toLowerCase()}`)
    // A list names further manifests, which are blobs and name blobs themselves.
    return !text.includes('manifest.list')
  }

  async #readFile(path: string): Promise<{ bytes: Buffer; modifiedAt: Date } | undefined> {
    const inside = await ifThere(this.folder.holds(path, 'manifests'))
    if (inside === undefined) return undefined
    if (!inside) throw new Problem('broken-model-file', 500, `${path}: a link that leads out of the models folder`)
    const handle = await ifThere(open(path, constants.O_RDONLY))
    if (!handle) return undefined
    try {
      const { size, mtime } = await handle.stat()
      if (size > maxManifestBytes) throw new Problem('broken-model-file', 500, `${path}: ${size} bytes are no manifest`)
      return { bytes: await handle.readFile(), modifiedAt: mtime }
    } finally {
      await handle.close()
    }
  }

  /**
   * The stamp of a name that is stored in this very spelling, with no link on the way: one look, and no folder is
   * listed. Where that cannot be told, as of a name longer than the disk allows, the folders are.
   */
  async #stampAsSpelled(name: ModelName): Promise<string | undefined> {
    const { manifests } = this.folder
    const path = this.folder.manifestPath(name)
    const looks = [realpath(manifests), realpath(path), stat(path, { bigint: true })] as const
    const found = await Promise.all(looks).catch(() => undefined)
    if (!found) return undefined
    const [folder, real, stats] = found
    return stats.isFile() && real === folder + path.slice(manifests.length) ? stampOf(stats) : undefined
  }

  async #kind(path: string, entry: Dirent): Promise<'file' | 'folder' | 'outside' | 'other'> {
    if (entry.isFile()) return 'file'
    if (entry.isDirectory()) return 'folder'
    if (!entry.isSymbolicLink()) return 'other'
    const inside = await ifThere(this.folder.holds(path, 'manifests'))
    if (inside === undefined) return 'other'
    if (!inside) return 'outside'
    const target = await ifThere(stat(path))
    if (target?.isDirectory()) return 'folder'
    return target?.isFile() ? 'file' : 'other'
  }

  async #moveInto(temporary: string, path: string): Promise<void> {
    const parent = dirname(path)
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#makeInside(parent)
        await rename(temporary, path)
        return await syncFolder(parent)
      } catch (error) {
        // Somebody removed the last model of this folder, and the folder with it, in between; or Windows has it open.
        const passing = ['ENOENT', ...(process.platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : [])]
        if (attempt === 8 || !passing.includes(errno(error) ?? '')) throw error
        await pause(attempt * 5)
      }
    }
  }

  /** Makes the folders of a name one by one, so that none is made behind a link that leads out. */
  async #makeInside(path: string): Promise<void> {
    if (path === this.folder.manifests) return
    await this.#makeInside(dirname(path))
    await mkdir(path, { mode: 0o755 }).catch((error: unknown) => {
      if (errno(error) !== 'EEXIST') throw error
    })
    if (await this.folder.holds(path, 'manifests')) return
    throw new Problem('invalid-request', 400, `${path}: a link that leads out of the models folder`)
  }

  async #removeEmpty(path: string): Promise<void> {
    for (let at = path; at !== this.folder.manifests; at = dirname(at)) {
      if (!(await removedIfEmpty(at))) return
    }
  }
}

const stampOf = ({ ino, size, mtimeNs }: Record<'ino' | 'size' | 'mtimeNs', bigint>): string =>
  `${ino}:${size}:${mtimeNs}`
