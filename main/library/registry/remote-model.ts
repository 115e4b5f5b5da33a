import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHeader, readHeader } from '../../gguf/header.ts'
import type { GgufHeader } from '../../gguf/types.ts'
import type { Library } from '../library.ts'
import { type Layer, type Manifest, MediaType } from '../manifest.ts'
import { BlobSource } from './blob-source.ts'
import { fetchManifest } from './pull.ts'
import { RemoteFile } from './remote-file.ts'
import type { Repository } from './repository.ts'

/** A model at a registry, of which nothing but the manifest and the header of its weights is here. */
export interface RemoteModel {
  readonly manifest: Manifest
  /** Undefined for a manifest without weights. */
  readonly weights?: {
    readonly layer: Layer
    readonly header: GgufHeader
    /** A file that begins with that header. */
    readonly path: string
  }
}

/**
 * Looks at a model before it is downloaded: its manifest and the header of its weights, a few megabytes.
 * @param look is given what was found; the file with the header goes when it is done
 * @throws Problem in upstream's words for a model that is not there, `broken-model-file` for what is no GGUF
 */
export async function lookAtRemote<T>(
  repository: Repository,
  library: Library,
  look: (model: RemoteModel) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { manifest } = await fetchManifest(repository, signal)
  const layer = manifest.layers.findLast(({ mediaType }) => mediaType === MediaType.model)
  if (!layer) return look({ manifest })
  const here = await library.blobs.locate(layer.digest)
  if (here !== undefined) return look({ manifest, weights: { layer, path: here, header: await readHeader(here) } })
  const folder = await mkdtemp(join(tmpdir(), 'hearth-header-'))
  try {
    const path = join(folder, 'header.gguf')
    const file = await open(path, 'wx+')
    try {
      const remote = new RemoteFile(new BlobSource(repository, layer), layer.size, file, signal)
      const header = await parseHeader(remote, layer.size)
      return await look({ manifest, weights: { layer, header, path } })
    } finally {
      await file.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
