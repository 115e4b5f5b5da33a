import { freeAt } from '../files/free-space.ts'
import type { Library } from './library.ts'
import { digestsOf } from './manifest.ts'
import { displayShortest } from './model-name.ts'

/** What the models take on disk, in bytes. */
export interface ModelStorage {
  /** Of all models, second forms for llama.cpp included; a blob that several share counts once. */
  readonly total: number
  /** Free where the models folder lies; null where nobody knows, as while it is not there. */
  readonly free: number | null
  /** What deleting a model gives back, by its short name: the blobs that no other model needs. */
  readonly freed: Readonly<Record<string, number>>
}

export async function storageOf(library: Library): Promise<ModelStorage> {
  const sizes = new Map<string, number>()
  const users = new Map<string, number>()
  const needs = new Map<string, readonly string[]>()
  for (const { name } of await library.list()) {
    const stored = await library.manifest(name)
    // Gone since the list was made.
    if (!stored) continue
    const { config, layers } = stored.manifest
    for (const { digest, size } of [config, ...layers]) sizes.set(digest, size)
    const digests = digestsOf(stored.manifest)
    for (const digest of digests) users.set(digest, (users.get(digest) ?? 0) + 1)
    needs.set(displayShortest(name), digests)
  }
  for (const [digest, size] of await library.translationSizes()) {
    sizes.set(digest, (sizes.get(digest) ?? 0) + size)
  }
  const sum = (digests: Iterable<string>) => [...digests].reduce((total, digest) => total + (sizes.get(digest) ?? 0), 0)
  const own = (digests: readonly string[]) => digests.filter(digest => users.get(digest) === 1)
  return {
    total: sum(sizes.keys()),
    free: await freeAt(library.folder.root),
    freed: Object.fromEntries([...needs].map(([name, digests]) => [name, sum(own(digests))])),
  }
}
