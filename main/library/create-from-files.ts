import { isGguf } from '../gguf/header.ts'
import type { GgufHeader } from '../gguf/types.ts'
import { goQuote } from '../go/text.ts'
import { Problem } from '../problem.ts'
import { badRequest, notYet } from './create-request.ts'
import { type Creation, type MadeLayer, statusOf } from './creation.ts'
import { rewriteGguf } from './gguf/rewrite.ts'
import { MediaType } from './manifest.ts'
import type { GgufKind } from './model.ts'
import { normalDigest } from './models-folder.ts'
import { type GgufGroup, groupShards, isSplitKey, lacksProjectorType, type UploadedGguf } from './uploaded-gguf.ts'

/** Stands for "no digest" in the progress of work on a file (upstream server/create.go). */
const NO_DIGEST = '0000000000000000000'
const KIND_TYPES: Readonly<Record<GgufKind, string>> = {
  model: MediaType.model,
  projector: MediaType.projector,
  adapter: MediaType.adapter,
}

export interface FileLayers {
  readonly layers: readonly MadeLayer[]
  /** The file or shards that hold the weights. */
  readonly model: GgufGroup
  /** Uploaded blobs that were rewritten into others: nothing needs them any more, unless another model does. */
  readonly consumed: readonly string[]
}

/**
 * Layers for uploaded GGUF files: one model, any projectors and adapters, in that order.
 * @throws Problem 400 in upstream's words, 501 for safetensors
 */
export async function layersFromFiles(
  creation: Creation,
  files: Readonly<Record<string, string>>,
): Promise<FileLayers> {
  const groups = await readUploads(creation, files, 'convert safetensors models')
  const models = groups.filter(group => group.kind === 'model')
  const [model] = models
  if (!model) throw badRequest('the files hold no model, only what goes with one')
  if (models.length > 1) {
    const names = models.map(({ name }) => goQuote(name)).join(', ')
    throw badRequest(`only one model is supported, the files hold ${models.length}: ${names}`)
  }
  const layers: MadeLayer[] = []
  const consumed: string[] = []
  for (const kind of ['model', 'projector', 'adapter'] as const) {
    for (const group of groups.filter(other => other.kind === kind)) {
      const made = await layerOf(creation, group, KIND_TYPES[kind])
      layers.push(made)
      consumed.push(...group.parts.map(part => part.digest).filter(digest => digest !== made.layer.digest))
    }
  }
  return { layers, model, consumed }
}

/**
 * The layer of an uploaded adapter.
 * @throws Problem 400 `only one adapter is currently supported`
 */
export async function adapterLayer(creation: Creation, files: Readonly<Record<string, string>>): Promise<MadeLayer> {
  const [adapter, ...others] = await readUploads(creation, files, 'convert safetensors adapters')
  if (!adapter || others.length > 0) throw badRequest('only one adapter is currently supported')
  if (adapter.kind !== 'adapter') throw badRequest(`${goQuote(adapter.name)} is no adapter`)
  return layerOf(creation, adapter, MediaType.adapter)
}

/** The layer of an uploaded draft model, with its header. */
export async function draftLayer(
  creation: Creation,
  files: Readonly<Record<string, string>>,
): Promise<{ made: MadeLayer; draft: UploadedGguf }> {
  const [group, ...others] = await readUploads(creation, files, 'convert safetensors draft models')
  if (group?.kind !== 'model' || others.length > 0) throw badRequest('a draft is one model and nothing else')
  return { made: await layerOf(creation, group, MediaType.draft), draft: group.parts[0] }
}

/** Opens uploaded files and tells what they are. */
async function readUploads(
  creation: Creation,
  files: Readonly<Record<string, string>>,
  conversion: string,
): Promise<GgufGroup[]> {
  const names = Object.keys(files).sort()
  if (names.length === 0) throw badRequest('no files provided to convert')
  if (names.some(name => name.endsWith('.safetensors'))) throw notYet(conversion)
  const digests = names.map(name => normalDigest(files[name]!))
  await creation.hold(digests)
  const paths = await Promise.all(digests.map(digest => creation.tools.blobs.require(digest)))
  const gguf = await Promise.all(paths.map(isGguf))
  if (!gguf.includes(true) && !names.some(name => name.endsWith('.gguf'))) throw badRequest('unknown type')
  if (gguf.includes(false)) throw badRequest('supplied file was not in GGUF format')
  const uploads: UploadedGguf[] = []
  for (const [i, name] of names.entries()) {
    creation.status('parsing GGUF')
    uploads.push({ name, digest: digests[i]!, path: paths[i]!, header: await headerOf(creation, paths[i]!, name) })
  }
  return groupShards(uploads)
}

/** The header of an uploaded file; that it is broken is the request's fault, not the server's. */
async function headerOf(creation: Creation, path: string, name: string): Promise<GgufHeader> {
  try {
    return await creation.tools.files.header(path)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'broken-model-file')) throw error
    throw new Problem('broken-model-file', 400, `${name}: ${error.message}`)
  }
}

/** The layer of an uploaded file, rewritten where it comes in shards or lacks a projector's type. */
async function layerOf(creation: Creation, group: GgufGroup, mediaType: string): Promise<MadeLayer> {
  const [first] = group.parts
  const typeless = lacksProjectorType(first.header)
  const total = group.parts.reduce((sum, part) => sum + part.header.fileSize, 0)
  const progress = (completed: number) =>
    creation.status('validating GGUF model', { digest: NO_DIGEST, total, completed })
  if (group.parts.length === 1 && !typeless) {
    if (group.kind === 'model') progress(total)
    const layer = { mediaType, digest: first.digest, size: first.header.fileSize, from: group.name }
    return { layer, status: `using existing layer ${first.digest}` }
  }
  if (typeless) creation.status('updating GGUF projector metadata')
  let told = 0
  const onBytes = (bytes: number) => {
    if (bytes - told < total / 100) return
    told = bytes
    progress(bytes)
  }
  const edit = { drop: isSplitKey, ...(typeless && { add: { 'clip.projector_type': 'mlp' } }) }
  const { signal } = creation.tools
  const blob = await creation.writeBlob(writer =>
    rewriteGguf(group.parts, edit, bytes => writer.write(bytes), { onBytes, signal }),
  )
  return { layer: { mediaType, digest: blob.digest, size: blob.size, from: group.name }, status: statusOf(blob) }
}
