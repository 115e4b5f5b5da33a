import { isGguf } from '../gguf/header.ts'
import { architectureOf } from '../gguf/metadata.ts'
import { humanNumber } from '../go/text.ts'
import { Problem } from '../problem.ts'
import { adapterLayer, draftWeights, layersFromFiles } from './create-from-files.ts'
import { quantized } from './create-quantize.ts'
import { badRequest, type CreateRequest, notYet } from './create-request.ts'
import { withDetectedTemplate, without, withTexts } from './create-texts.ts'
import { type CreateTools, Creation, type MadeLayer } from './creation.ts'
import { withFamilyDefaults } from './family-defaults.ts'
import { factsOf } from './gguf/facts.ts'
import type { GgufSource } from './gguf/rewrite.ts'
import { configLayer, digestsOf, type Manifest, MediaType } from './manifest.ts'
import type { ModelConfig } from './model.ts'
import { applyInfo, emptyConfig, formatConfig } from './model-config.ts'
import { displayShortest, type ModelName, type ModelReference, parseModelReference } from './model-name.ts'
import { maxTextBytes, parseConfig } from './read-model.ts'

interface Base {
  readonly layers: readonly MadeLayer[]
  readonly config: ModelConfig
}

/**
 * Makes the layers of a model and writes its manifest last (upstream server/create.go).
 * @param name the stored spelling of the model's name, locked by the caller
 * @throws Problem in the words of /api/create, or an AbortError; then nothing of the model is left
 */
export async function createModel(request: CreateRequest, name: ModelName, tools: CreateTools): Promise<void> {
  const creation = new Creation(tools)
  try {
    await make(creation, request, name)
  } catch (error) {
    await creation.abandon()
    throw error
  } finally {
    creation.release()
  }
}

async function make(creation: Creation, asked: CreateRequest, name: ModelName): Promise<void> {
  const base = await baseOf(creation, asked)
  const request = asked.from ? asked : withFamilyDefaults(asked, base.config.model_family)
  let layers = [...base.layers]
  let config: ModelConfig = {
    ...base.config,
    ...(request.renderer && { renderer: request.renderer }),
    ...(request.parser && { parser: request.parser }),
    ...(request.requires && { requires: request.requires }),
  }
  if (has(request.adapters)) {
    const base = weightsOf(layers)
    const path = base && (await creation.tools.blobs.require(base.layer.digest))
    layers.push(await adapterLayer(creation, request.adapters, path))
  }
  if (has(request.draftFiles)) {
    const { made, header } = await draftWeights(creation, request.draftFiles, request.draftQuantize)
    layers = [...without(layers, MediaType.draft), made]
    config.draft = { model_format: 'gguf', architecture: architectureOf(header) }
  }
  config = applyInfo(config, request.info ?? {})
  layers = await withTexts(creation, layers, request)

  const stored = await creation.writeText(formatConfig(config))
  for (const { status } of layers) creation.status(status)
  creation.status('writing manifest')
  const manifest: Manifest = {
    config: configLayer(stored.digest, stored.size),
    layers: layers.map(({ layer }) => layer),
  }
  await creation.commit(name, manifest)
}

function has(files: CreateRequest['files']): files is Readonly<Record<string, string>> {
  return files !== undefined && Object.keys(files).length > 0
}

async function baseOf(creation: Creation, request: CreateRequest): Promise<Base> {
  if (request.from) {
    const reference = baseReference(request.from)
    if (request.remoteHost || reference.source === 'cloud') throw notYet('use models of other machines')
    return fromModel(creation, reference.name, request.quantize)
  }
  if (!request.files) throw badRequest("neither 'from' or 'files' was specified")
  const { layers: made, weights } = await layersFromFiles(creation, request.files, request.quantize)
  const [{ path, header }] = weights
  const layers = await withDetectedTemplate(creation, made, await factsOf(path, header))
  return { layers, config: await described(emptyConfig(), weights) }
}

/**
 * The name of a request's `from`.
 * @throws Problem 400 `invalid model name`
 */
export function baseReference(from: string): ModelReference {
  try {
    return parseModelReference(from)
  } catch {
    throw badRequest('invalid model name')
  }
}

/** The layers and the config of another model, its weights quantised where that is wanted. */
async function fromModel(creation: Creation, name: ModelName, quantize: string | undefined): Promise<Base> {
  const { blobs, manifests, files } = creation.tools
  const found = await manifests.find(name)
  const stored = found && (await manifests.read(found))
  if (!found || !stored) {
    const shown = displayShortest(name)
    throw new Problem('model-not-found', 404, `model '${shown}' not found`)
  }
  const { manifest } = stored
  await creation.hold(digestsOf(manifest))
  let config = parseConfig(await blobs.readText(manifest.config.digest, maxTextBytes))
  const layers = manifest.layers.map(layer => ({
    layer: { ...layer, from: displayShortest(found) },
    status: `using existing layer ${layer.digest}`,
  }))
  const made = weightsOf(layers)
  if (!made || (!quantize && config.file_type !== '')) return { layers, config }
  const path = await blobs.require(made.layer.digest)
  if (!(await isGguf(path))) return { layers, config }
  const header = await files.header(path)
  const weights = quantize ? await quantized(creation, { made, path, header }, quantize) : { made, path, header }
  config = await described({ ...config, file_type: '' }, [weights])
  return { layers: layers.map(other => (other === made ? weights.made : other)), config }
}

/** The layer that holds a model's weights; the last one counts. */
function weightsOf(layers: readonly MadeLayer[]): MadeLayer | undefined {
  return layers.findLast(({ layer }) => layer.mediaType === MediaType.model)
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
