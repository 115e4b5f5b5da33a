import { Problem } from '../../problem.ts'
import type { Library } from '../library.ts'
import { formatManifest, type Layer, MANIFEST_TYPE } from '../manifest.ts'
import { BlobUpload } from './blob-upload.ts'
import { persist } from './persist.ts'
import type { Repository } from './repository.ts'
import { PROGRESS_MS, type Tell } from './transfer-progress.ts'
import { drop } from './transport.ts'

/**
 * Sends a model to its registry: the blobs it lacks, then the manifest (upstream server/images.go, PushModel).
 * @param tell every step in upstream's words, `success` last; `retrieving manifest` was told
 * @throws Problem in upstream's words, or the signal's reason
 */
export async function pushModel(
  repository: Repository,
  library: Library,
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
  for (const layer of [...manifest.layers, manifest.config]) await pushLayer(repository, library, layer, tell, signal)
  tell({ status: 'pushing manifest' })
  const put = async () => {
    const { answer } = await repository.call({
      method: 'PUT',
      to: `manifests/${repository.name.tag}`,
      headers: { 'content-type': MANIFEST_TYPE },
      body: () => formatManifest(manifest).trimEnd(),
      signal,
      retry: false,
    })
    await drop(answer)
  }
  // Twice does no harm, and an answer may have been lost.
  await persist(put, { signal, backoff: repository.options.backoff })
  tell({ status: 'success' })
}

async function pushLayer(
  repository: Repository,
  library: Library,
  layer: Layer,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { digest } = layer
  // The file's own size: what a manifest says of it may be a lie, and a part that is not there cannot be sent.
  const total = (await library.blobs.size(digest)) ?? layer.size
  const upload = new BlobUpload(repository, { ...layer, size: total }, await library.blobs.require(digest))
  const told = (completed: number) => tell({ status: `pushing ${digest.slice(7, 19)}`, digest, total, completed })
  const ticker = setInterval(() => told(upload.completed), PROGRESS_MS)
  try {
    await upload.run(signal)
  } finally {
    clearInterval(ticker)
  }
  told(total)
}
