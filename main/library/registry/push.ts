import { Problem } from '../../problem.ts'
import type { Library } from '../library.ts'
import { formatManifest, type Layer, manifestType } from '../manifest.ts'
import { isPassing, persist } from './persist.ts'
import { RefusedByRegistry, type Repository } from './repository.ts'
import type { Tell } from './transfer-progress.ts'
import { drop } from './transport.ts'
import type { Uploads } from './uploads.ts'

/** How often a registry is believed that it is not done yet with a blob. */
const unsettledTries = 4

export interface PushTools {
  readonly library: Library
  readonly uploads: Uploads
}

/**
 * Sends a model to its registry: the blobs it lacks, then the manifest (upstream server/images.go, PushModel).
 * @param tell every step in upstream's words, `success` last; `retrieving manifest` was told
 * @throws Problem in upstream's words, or the signal's reason
 */
export async function pushModel(
  repository: Repository,
  { library, uploads }: PushTools,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const stored = await library.manifest(repository.name)
  if (!stored) {
    tell({ status: "couldn't retrieve manifest" })
    const path = library.folder.manifestPath(repository.name)
    throw new Problem('model-not-found', 500, `open ${path}: no such file or directory`)
  }
  const { manifest } = stored
  for (const layer of [...manifest.layers, manifest.config]) {
    await pushLayer(repository, { library, uploads }, layer, tell, signal)
  }
  tell({ status: 'pushing manifest' })
  const put = async () => {
    const { answer } = await repository.call({
      method: 'PUT',
      to: `manifests/${repository.name.tag}`,
      headers: { 'content-type': manifestType },
      body: () => formatManifest(manifest).trimEnd(),
      signal,
      retry: false,
    })
    await drop(answer)
  }
  // Twice does no harm, and an answer may have been lost.
  let tries = 0
  await persist(put, {
    signal,
    backoff: repository.options.backoff,
    isPassing: error => isPassing(error) || (isUnsettled(error) && ++tries < unsettledTries),
  })
  tell({ status: 'success' })
}

/**
 * Distribution writes the link to a blob anew when somebody else's upload of it ends, and whoever names the blob in
 * that moment is told that it is not there, or that the half of a digest in the link is none.
 */
function isUnsettled(error: unknown): boolean {
  return (
    error instanceof RefusedByRegistry && error.answered === 400 && /_BLOB_UNKNOWN|DIGEST_INVALID/.test(error.message)
  )
}

async function pushLayer(
  repository: Repository,
  { library, uploads }: PushTools,
  layer: Layer,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { digest } = layer
  // The file's own size: what a manifest says of it may be a lie, and a part that is not there cannot be sent.
  const total = (await library.blobs.size(digest)) ?? layer.size
  const told = (completed: number) => tell({ status: `pushing ${digest.slice(7, 19)}`, digest, total, completed })
  await uploads.send(repository, { ...layer, size: total }, await library.blobs.require(digest), told, signal)
  told(total)
}
