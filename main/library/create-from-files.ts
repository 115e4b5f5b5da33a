import { isGguf } from '../gguf/header.ts'
import type { GgufHeader } from '../gguf/types.ts'
import { goQuote } from '../go/text.ts'
import { Problem } from '../problem.ts'
import { impliedType, quantized, type Weights } from './create-quantize.ts'
import { badRequest } from './create-request.ts'
import { type Creation, type MadeLayer, statusOf } from './creation.ts'
import { checkDimensions } from './gguf/dimensions.ts'
import { blame, requireLoadable } from './gguf/loadable.ts'
import { type GgufSource, rewriteGguf } from './gguf/rewrite.ts'
import { lacksCut } from './gguf/vocabulary.ts'
import { MediaType } from './manifest.ts'
import type { GgufKind } from './model.ts'
import { normalDigest } from './models-folder.ts'
import { type GgufGroup, groupShards, isSplitKey, lacksProjectorType, type UploadedGguf } from './uploaded-gguf.ts'

type Files = Readonly<Record<string, string>>

const validating = 'validating GGUF model'

const kindTypes: Readonly<Record<GgufKind, string>> = {
  model: MediaType.model,
  projector: MediaType.projector,
  adapter: MediaType.adapter,
}

export interface FileLayers {
  readonly layers: readonly MadeLayer[]
  /** The file or shards that hold the weights as they are going to be. */
  readonly weights: readonly [GgufSource, ...GgufSource[]]
}

/**
 * Layers for uploaded files: one model, any projectors and adapters, in that order.
 * @param quantize type wanted for the model
 * @throws Problem 400 in upstream's words
 */
export async function layersFromFiles(creation: Creation, files: Files, quantize?: string): Promise<FileLayers> {
  if (isSafetensors(files)) {
    const converted = await convert(creation, files, MediaType.model)
    checkDimensions(converted.header)
    const wanted = quantize ?? impliedType(converted.header)
    const weights = await inType(creation, converted, wanted)
    return { layers: [weights.made], weights: [weights] }
  }
  const groups = await readUploads(creation, files)
  const models = groups.filter(group => group.kind === 'model')
  const [model] = models
  if (!model) throw badRequest('the files hold no model, only what goes with one')
  if (models.length > 1) {
    const names = models.map(({ name }) => goQuote(name)).join(', ')
    throw badRequest(`only one model is supported, the files hold ${models.length}: ${names}`)
  }
  const uploaded = await stored(creation, model, MediaType.model)
  await checkUse(creation, model.name, uploaded)
  const weights = await inType(creation, uploaded, quantize)
  const layers = [weights.made]
  for (const kind of ['projector', 'adapter'] as const) {
    for (const group of groups.filter(other => other.kind === kind)) {
      layers.push((await stored(creation, group, kindTypes[kind])).made)
    }
  }
  return { layers, weights: [weights] }
}

/**
 * The layer of an uploaded adapter.
 * @param base GGUF of the model the adapter is for
 * @throws Problem 400 `only one adapter is currently supported`
 */
export async function adapterLayer(creation: Creation, files: Files, base: string | undefined): Promise<MadeLayer> {
  if (isSafetensors(files)) return (await convert(creation, files, MediaType.adapter, base)).made
  const [adapter, ...others] = await readUploads(creation, files)
  if (!adapter || others.length > 0) throw badRequest('only one adapter is currently supported')
  if (adapter.kind !== 'adapter') throw badRequest(`${goQuote(adapter.name)} is no adapter`)
  return (await stored(creation, adapter, MediaType.adapter)).made
}

/** The weights of an uploaded draft model. */
export async function draftWeights(creation: Creation, files: Files, quantize?: string): Promise<Weights> {
  if (isSafetensors(files)) {
    const converted = await convert(creation, files, MediaType.draft)
    return quantize ? quantized(creation, converted, quantize) : converted
  }
  const [group, ...others] = await readUploads(creation, files)
  if (group?.kind !== 'model' || others.length > 0) throw badRequest('a draft is one model and nothing else')
  const weights = await stored(creation, group, MediaType.draft)
  await checkUse(creation, group.name, weights)
  return quantize ? quantized(creation, weights, quantize) : weights
}

function isSafetensors(files: Files): boolean {
  return Object.keys(files).some(name => name.endsWith('.safetensors'))
}

/** Makes a GGUF of a model's or an adapter's folder (upstream server/create.go, convertFromSafetensors). */
async function convert(creation: Creation, files: Files, mediaType: string, base?: string): Promise<Weights> {
  const paths = await held(creation, files)
  const wanted = mediaType === MediaType.adapter ? 'adapter' : 'model'
  const status = `converting ${wanted}`
  creation.status(status)
  const { blobs, toolEngine } = creation.tools
  const { kind, warnings, ...blob } = await creation.writeFile(status, (output, hooks) =>
    toolEngine.convert({ files: paths, output, base }, hooks).catch(error => {
      throw wanted === 'adapter' ? asBadRequest(error) : error
    }),
  )
  if (kind !== wanted) throw badRequest(`the files hold ${kind === 'model' ? 'a model' : 'an adapter'}, no ${wanted}`)
  for (const warning of warnings) creation.warn(warning)
  const path = blobs.path(blob.digest)
  const layer = { mediaType, digest: blob.digest, size: blob.size }
  return { made: { layer, status: statusOf(blob) }, path, header: await creation.tools.files.header(path) }
}

/** What is wrong with an adapter's files is the request's fault, as upstream answers; with a model's it is a 500. */
function asBadRequest(error: unknown): unknown {
  if (!(error instanceof Problem && ['broken-model-file', 'unsupported-architecture'].includes(error.code)))
    return error
  return new Problem(error.code, 400, error.message, error.details)
}

/**
 * A model's weights in the type that is wanted, or as they are. Upstream copies those through llama-quantize to see
 * whether they can be read; here their header was, and every tensor lies within the file.
 */
async function inType(creation: Creation, weights: Weights, wanted: string | undefined): Promise<Weights> {
  const other = wanted ? await quantized(creation, weights, wanted) : weights
  if (other !== weights) return other
  const { fileSize } = weights.header
  creation.progress(validating, fileSize, fileSize)
  creation.status('verifying conversion')
  return weights
}

/** Makes sure of the uploaded blobs; returns their paths by name, the names in order. */
async function held(creation: Creation, files: Files): Promise<Record<string, string>> {
  const names = Object.keys(files).sort()
  const digests = names.map(name => normalDigest(files[name]!))
  await creation.hold(digests)
  const paths = await Promise.all(digests.map(digest => creation.tools.blobs.require(digest)))
  return Object.fromEntries(names.map((name, i) => [name, paths[i]!]))
}

/** What lies beside weights on Hugging Face, and what upstream's client sends along; a GGUF has it inside. */
const settingsPattern = /\.json$|(^|\/)(chat_template\.jinja|tokenizer\.model)$/

/** Opens uploaded GGUF files and tells what they are. */
async function readUploads(creation: Creation, files: Files): Promise<GgufGroup[]> {
  if (Object.keys(files).length === 0) throw badRequest('no files provided to convert')
  const weights = Object.entries(files).filter(([name]) => !settingsPattern.test(name))
  const entries = Object.entries(await held(creation, weights.length > 0 ? Object.fromEntries(weights) : files))
  const gguf = await Promise.all(entries.map(([, path]) => isGguf(path)))
  if (!gguf.includes(true) && !entries.some(([name]) => name.endsWith('.gguf'))) throw badRequest('unknown type')
  if (gguf.includes(false)) throw badRequest('supplied file was not in GGUF format')
  const uploads: UploadedGguf[] = []
  for (const [name, path] of entries) {
    creation.status('parsing GGUF')
    uploads.push({ name, digest: normalDigest(files[name]!), path, header: await headerOf(creation, path, name) })
  }
  return groupShards(uploads)
}

/** The header of an uploaded file; that it is broken is the request's fault, not the server's. */
async function headerOf(creation: Creation, path: string, name: string): Promise<GgufHeader> {
  return creation.tools.files.header(path).catch(error => {
    throw blame(name, error)
  })
}

/**
 * Warns of what a model's file will do worse than it could.
 * @throws Problem 400 that names the file, where llama.cpp is certain not to load it
 */
async function checkUse(creation: Creation, name: string, weights: GgufSource): Promise<void> {
  const { toolEngine, signal } = creation.tools
  await requireLoadable(name, weights, toolEngine, signal)
  if (await lacksCut(weights)) creation.warn('unknown-cut')
}

/** The layer of an uploaded file, rewritten where it comes in shards or lacks a projector's type. */
async function stored(creation: Creation, group: GgufGroup, mediaType: string): Promise<Weights> {
  const [first] = group.parts
  const typeless = lacksProjectorType(first.header)
  if (group.parts.length === 1 && !typeless) {
    const layer = { mediaType, digest: first.digest, size: first.header.fileSize, from: group.name }
    return { made: { layer, status: `using existing layer ${first.digest}` }, path: first.path, header: first.header }
  }
  if (typeless) creation.status('updating GGUF projector metadata')
  const total = group.parts.reduce((sum, part) => sum + part.header.fileSize, 0)
  let told = 0
  const onBytes = (bytes: number) => {
    if (typeless || bytes - told < total / 100) return
    told = bytes
    creation.progress(validating, bytes, total)
  }
  await creation.tools.blobs.requireSpace(total)
  const edit = { drop: isSplitKey, ...(typeless && { add: { 'clip.projector_type': 'mlp' } }) }
  const { blobs, files, signal } = creation.tools
  const blob = await creation.writeBlob(writer =>
    rewriteGguf(group.parts, edit, bytes => writer.write(bytes), { onBytes, signal }),
  )
  const path = blobs.path(blob.digest)
  const layer = { mediaType, digest: blob.digest, size: blob.size, from: group.name }
  return { made: { layer, status: statusOf(blob) }, path, header: await files.header(path) }
}
