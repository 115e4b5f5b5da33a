import { Problem } from '../../problem.ts'
import type { Library } from '../library.ts'
import { type Layer, type Manifest, MediaType, manifestType, parseManifest } from '../manifest.ts'
import { maxManifestBytes } from '../manifest-store.ts'
import { BlobSource } from './blob-source.ts'
import type { Downloads } from './downloads.ts'
import type { Repository } from './repository.ts'
import type { LayerSize, Tell } from './transfer-progress.ts'
import { readBody } from './transport.ts'

export interface PullTools {
  /** Told once, when the manifest is here: all that the model needs, whether it is here or not. */
  readonly onLayers?: (layers: readonly LayerSize[]) => void

  readonly library: Library
  readonly downloads: Downloads
}

/**
 * Brings a model here: its manifest, the blobs that are missing, then the manifest's file (upstream server/images.go,
 * PullModel).
 * @param tell every step and every layer's progress, in upstream's words, `success` last
 * @throws Problem in upstream's words, or the signal's reason; what was downloaded stays for the next try
 */
export async function pullModel(
  repository: Repository,
  { library, downloads, onLayers }: PullTools,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  tell({ status: 'pulling manifest' })
  const { bytes, manifest } = await fetchManifest(repository, signal)
  if (manifest.layers.some(layer => layer.mediaType === MediaType.tensor)) {
    const missing = 'this model requires MLX support, but the MLX runtime is not available'
    throw new Problem('unsupported-architecture', 500, missing)
  }
  const layers = [...manifest.layers, manifest.config]
  onLayers?.(layers.map(({ digest, size }) => ({ digest, size })))
  const held: string[] = []
  try {
    for (const layer of layers) {
      await pullLayer(layer, repository, { library, downloads }, tell, signal)
      await library.blobs.hold([layer.digest])
      held.push(layer.digest)
    }
    tell({ status: 'verifying sha256 digest' })
    signal.throwIfAborted()
    tell({ status: 'writing manifest' })
    await library.install(repository.name, bytes, () => tell({ status: 'removing unused layers' }))
  } catch (error) {
    if (error instanceof Problem && error.code === 'wrong-digest') tell({ status: 'verifying sha256 digest' })
    throw error
  } finally {
    library.blobs.release(held)
  }
  tell({ status: 'success' })
}

async function pullLayer(
  layer: Layer,
  repository: Repository,
  { library, downloads }: PullTools,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { digest } = layer
  const status = `pulling ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`
  const told = (completed: number, total: number) => tell({ status, digest, total, completed })
  const size = await library.blobs.size(digest)
  if (size === undefined || !(size === layer.size || (await isIntact(layer, size, library, downloads)))) {
    await downloads.fetch(new BlobSource(repository, layer), told, signal)
    return
  }
  await downloads.tidy(digest)
  told(size, size)
}

/** A file of another size than the manifest says is damaged, and will be replaced, unless the manifest is wrong. */
async function isIntact(layer: Layer, size: number, library: Library, downloads: Downloads): Promise<boolean> {
  return (await downloads.digestOf(library.blobs.path(layer.digest), size)) === layer.digest
}

/** @throws Problem `pull model manifest: …` */
export async function fetchManifest(
  repository: Repository,
  signal: AbortSignal,
): Promise<{ bytes: Buffer; manifest: Manifest }> {
  try {
    const to = `manifests/${repository.name.tag}`
    const { answer } = await repository.call({ method: 'GET', to, headers: { accept: manifestType }, signal })
    const bytes = await readBody(answer, maxManifestBytes)
    return { bytes, manifest: parseManifest(bytes.toString('utf8')) }
  } catch (error) {
    signal.throwIfAborted()
    const { message } = error as Error
    if (!(error instanceof Problem)) throw new Problem('registry', 500, `pull model manifest: ${message}`)
    throw new Problem(error.code, error.status, `pull model manifest: ${message}`, error.details)
  }
}
