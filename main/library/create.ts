import { isGguf } from '../gguf/header.ts'
import { architectureOf } from '../gguf/metadata.ts'
import { humanNumber } from '../go/text.ts'
import { Problem } from '../problem.ts'
import { adapterLayer, draftLayer, layersFromFiles } from './create-from-files.ts'
import { badRequest, type CreateRequest, checkQuantize, checkRequest, notYet } from './create-request.ts'
import { without, withTexts } from './create-texts.ts'
import { type CreateTools, Creation, type MadeLayer } from './creation.ts'
import { withFamilyDefaults } from './family-defaults.ts'
import { factsOf } from './gguf/facts.ts'
import type { GgufSource } from './gguf/rewrite.ts'
import { configLayer, digestsOf, type Manifest, MediaType } from './manifest.ts'
import type { ModelConfig } from './model.ts'
import { applyInfo, emptyConfig, formatConfig } from './model-config.ts'
import { displayShortest, type ModelName, type ModelReference, parseModelReference } from './model-name.ts'
import { MAX_TEXT_BYTES, parseConfig } from './read-model.ts'

export interface CreatedModel {
  readonly digests: readonly string[]
  /** Uploaded blobs that were rewritten into others and that nothing needs any more, unless another model does. */
  readonly consumed: readonly string[]
}

interface Base {
  readonly layers: readonly MadeLayer[]
  readonly config: ModelConfig
  readonly consumed: readonly string[]
}

/**
 * Makes the layers of a model and writes its manifest last (upstream server/create.go).
 * @param name the stored spelling of the model's name, locked by the caller
 * @throws Problem in the words of /api/create, or an AbortError; then nothing of the model is left
 */
export async function createModel(request: CreateRequest, name: ModelName, tools: CreateTools): Promise<CreatedModel> {
  checkRequest(request)
  const creation = new Creation(tools)
  try {
    return await make(creation, request, name)
  } catch (error) {
    await creation.abandon()
    throw error
  } finally {
    creation.release()
  }
}

async function make(creation: Creation, asked: CreateRequest, name: ModelName): Promise<CreatedModel> {
  const base = await baseOf(creation, asked)
  const request = asked.from ? asked : withFamilyDefaults(asked, base.config.model_family)
  let layers = [...base.layers]
  let config: ModelConfig = {
    ...base.config,
    ...(request.renderer && { renderer: request.renderer }),
    ...(request.parser && { parser: request.parser }),
    ...(request.requires && { requires: request.requires }),
  }
  if (has(request.adapters)) layers.push(await adapterLayer(creation, request.adapters))
  if (has(request.draftFiles)) {
    const { made, draft } = await draftLayer(creation, request.draftFiles)
    if (request.draftQuantize) checkQuantize(request.draftQuantize, (await factsOf(draft.path, draft.header)).fileType)
    layers = [...without(layers, MediaType.draft), made]
    config.draft = { model_format: 'gguf', architecture: architectureOf(draft.header) }
  }
  config = applyInfo(config, request.info ?? {})
  if (request.quantize) checkQuantize(request.quantize, config.file_type)
  layers = await withTexts(creation, layers, request)

  const stored = await creation.writeText(formatConfig(config))
  for (const { status } of layers) creation.status(status)
  creation.status('writing manifest')
  const manifest: Manifest = {
    config: configLayer(stored.digest, stored.size),
    layers: layers.map(({ layer }) => layer),
  }
  await creation.commit(name, manifest)
  return { digests: digestsOf(manifest), consumed: base.consumed }
}

function has(files: CreateRequest['files']): files is Readonly<Record<string, string>> {
  return files !== undefined && Object.keys(files).length > 0
}

async function baseOf(creation: Creation, request: CreateRequest): Promise<Base> {
  if (request.from) {
    const reference = referenceOf(request.from)
    if (request.remoteHost || reference.source === 'cloud') throw notYet('use models of other machines')
    return fromModel(creation, reference.name)
  }
  if (!request.files) throw badRequest("neither 'from' or 'files' was specified")
  const { layers, model, consumed } = await layersFromFiles(creation, request.files)
  return { layers, consumed, config: await described(emptyConfig(), model.parts) }
}

function referenceOf(from: string): ModelReference {
  try {
    return parseModelReference(from)
  } catch {
    throw badRequest('invalid model name')
  }
}

/** The layers and the config of another model. */
async function fromModel(creation: Creation, name: ModelName): Promise<Base> {
  const { blobs, manifests, files } = creation.tools
  const found = await manifests.find(name)
  const stored = found && (await manifests.read(found))
  if (!found || !stored) {
    const shown = displayShortest(name)
    throw new Problem('model-not-found', 404, `model '${shown}' not found, and Hearth cannot pull models yet`)
  }
  const { manifest } = stored
  await creation.hold(digestsOf(manifest))
  let config = parseConfig(await blobs.readText(manifest.config.digest, MAX_TEXT_BYTES))
  const weights = manifest.layers.findLast(layer => layer.mediaType === MediaType.model)
  if (weights && config.file_type === '') {
    const path = await blobs.require(weights.digest)
    if (await isGguf(path)) config = await described(config, [{ path, header: await files.header(path) }])
  }
  const layers = manifest.layers.map(layer => ({
    layer: { ...layer, from: displayShortest(found) },
    status: `using existing layer ${layer.digest}`,
  }))
  return { layers, config, consumed: [] }
}

/** Fills in what a config does not say from the weights, which may come in shards. */
async function described(config: ModelConfig, parts: readonly [GgufSource, ...GgufSource[]]): Promise<ModelConfig> {
  const facts = await Promise.all(parts.map(({ path, header }) => factsOf(path, header)))
  const [{ architecture, fileType }] = facts as [(typeof facts)[number]]
  const families = config.model_families ?? []
  return {
    ...config,
    model_format: config.model_format || 'gguf',
    model_family: config.model_family || architecture,
    model_families: families.includes(architecture) ? families : [...families, architecture],
    model_type: config.model_type || humanNumber(facts.reduce((sum, { parameterCount }) => sum + parameterCount, 0)),
    file_type: config.file_type || fileType,
  }
}
