import { z } from 'zod'
import { Problem } from '../problem.ts'
import type { Blobs } from './blobs.ts'
import { type Layer, MediaType } from './manifest.ts'
import type { StoredManifest } from './manifest-store.ts'
import type { Model, ModelConfig } from './model.ts'

/** A template, a licence, a system prompt: larger ones are no texts. */
export const maxTextBytes = 8 * 1024 * 1024

const text = z
  .string()
  .nullish()
  .transform(value => value ?? '')
const optionalText = z
  .string()
  .nullish()
  .transform(value => value || undefined)
const optionalCount = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform(value => value || undefined)

/** Every field may be missing or null, as Go reads JSON; fields this Hearth does not know are kept. */
const configSchema = z.looseObject({
  model_format: text,
  model_family: text,
  model_families: z
    .array(z.string())
    .nullish()
    .transform(value => value ?? null),
  model_type: text,
  file_type: text,
  renderer: optionalText,
  parser: optionalText,
  requires: optionalText,
  remote_host: optionalText,
  remote_model: optionalText,
  capabilities: z
    .array(z.string())
    .nullish()
    .transform(value => value ?? undefined),
  context_length: optionalCount,
  embedding_length: optionalCount,
  base_name: optionalText,
  draft: z
    .object({ model_format: z.string(), architecture: z.string(), tensor_prefix: z.string(), config: z.string() })
    .partial()
    .nullish()
    .transform(value => value ?? undefined),
  architecture: optionalText,
  os: optionalText,
})

const maxDepth = 32
/** An option is a text, a number or a list of them; whoever prints one goes down by recursion. */
export const isShallow = (value: unknown, depth = maxDepth): boolean =>
  typeof value !== 'object' || value === null || (depth > 0 && Object.values(value).every(v => isShallow(v, depth - 1)))
const parameter = z.unknown().refine(value => isShallow(value), 'nested too deeply')
const paramsSchema = z.record(z.string(), parameter).nullable()
const messagesSchema = z.array(z.looseObject({ role: text, content: text })).nullable()

/**
 * Reads what a manifest refers to, but for the weights, into one picture of the model (upstream server/images.go,
 * GetModel).
 * @throws Problem `broken-model-file` for a layer that is not what its type says, `not-found` for one that is missing
 */
export async function readModel(stored: StoredManifest, blobs: Blobs): Promise<Model> {
  const { manifest, name } = stored
  const layers = (...types: string[]) => manifest.layers.filter(layer => types.includes(layer.mediaType))
  const read = (layer: Layer) => blobs.readText(layer.digest, maxTextBytes)
  const last = async (...types: string[]) => {
    const layer = layers(...types).at(-1)
    return layer && read(layer)
  }
  const [config, template, system, params, messages, licenses] = await Promise.all([
    read(manifest.config),
    last(MediaType.template, MediaType.prompt),
    last(MediaType.system),
    last(MediaType.params),
    last(MediaType.messages),
    Promise.all(layers(MediaType.license).map(read)),
  ])
  const weights = layers(MediaType.model).at(-1)
  const draft = layers(MediaType.draft).at(-1)
  const paths = (type: string) => Promise.all(layers(type).map(layer => pathOf(layer, blobs)))
  return {
    name,
    digest: stored.digest,
    size: [manifest.config, ...manifest.layers].reduce((sum, layer) => sum + layer.size, 0),
    modifiedAt: stored.modifiedAt,
    ...(weights && { modelPath: await pathOf(weights, blobs) }),
    parentModel: weights?.from ?? '',
    adapterPaths: await paths(MediaType.adapter),
    projectorPaths: await paths(MediaType.projector),
    ...(draft && { draftPath: await pathOf(draft, blobs) }),
    ...(template !== undefined && { template }),
    ...(system !== undefined && { system }),
    parameters: parseParameters(params ?? '{}'),
    messages: parse(messages ?? '[]', messagesSchema, 'messages') ?? [],
    licenses,
    config: parseConfig(config),
  }
}

/** @throws Problem `broken-model-file` */
export function parseConfig(json: string): ModelConfig {
  return parse(json, configSchema, 'config')
}

/** @throws Problem `broken-model-file` */
export function parseParameters(json: string): Record<string, unknown> {
  return parse(json, paramsSchema, 'params') ?? {}
}

function parse<T>(json: string, schema: z.ZodType<T>, layer: string): T {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new Problem('broken-model-file', 500, `${layer} layer: ${(error as Error).message}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Problem('broken-model-file', 500, `${layer} layer: ${issue?.path.join('.') || 'root'}: ${issue?.message}`)
}

/**
 * Where a large layer lies. One that is missing has a path too, so that loading can say what to do; one that is a
 * link leading out of the folder does not.
 */
async function pathOf(layer: Layer, blobs: Blobs): Promise<string> {
  const path = await blobs.locate(layer.digest)
  if (path !== undefined) return path
  const missing = blobs.path(layer.digest)
  if (!(await blobs.isLink(layer.digest))) return missing
  throw new Problem('broken-model-file', 500, `${missing}: a link that leads out of the models folder`)
}
