import { z } from 'zod'
import { goJson } from '../go/text.ts'
import { isDigest, normalDigest } from './models-folder.ts'

/** A model's manifest as Ollama stores it (upstream manifest/manifest.go, manifest/layer.go). */

export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
const configType = 'application/vnd.docker.container.image.v1+json'

/** What a layer holds. Types not listed are kept and passed on, never read. */
export const MediaType = {
  model: 'application/vnd.ollama.image.model',
  projector: 'application/vnd.ollama.image.projector',
  adapter: 'application/vnd.ollama.image.adapter',
  draft: 'application/vnd.ollama.image.draft',
  template: 'application/vnd.ollama.image.template',
  /** What `template` was called once. */
  prompt: 'application/vnd.ollama.image.prompt',
  system: 'application/vnd.ollama.image.system',
  params: 'application/vnd.ollama.image.params',
  messages: 'application/vnd.ollama.image.messages',
  license: 'application/vnd.ollama.image.license',
  /** One tensor, of a model for MLX. */
  tensor: 'application/vnd.ollama.image.tensor',
} as const

const layerSchema = z.object({
  mediaType: z.string(),
  digest: z.string().refine(isDigest, 'invalid digest format').transform(normalDigest),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** The base's short name for a layer copied from another model, the file's name for an uploaded one. */
  from: z.string().optional(),
  /** Path of a tensor or of a file, for layers that hold one. */
  name: z.string().optional(),
})

const manifestSchema = z.object({
  schemaVersion: z.number(),
  mediaType: z.string(),
  config: layerSchema,
  layers: z.array(layerSchema).nullish(),
})

export type Layer = z.output<typeof layerSchema>

export interface Manifest {
  readonly config: Layer
  readonly layers: readonly Layer[]
}

/**
 * Reads a manifest's bytes.
 * @throws an Error that says what is wrong with them
 */
export function parseManifest(text: string): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`manifest: ${issue?.path.join('.') || 'root'}: ${issue?.message}`)
  }
  return { config: parsed.data.config, layers: parsed.data.layers ?? [] }
}

/** The bytes Ollama writes for a manifest: one line, keys in this order. */
export function formatManifest({ config, layers }: Manifest): string {
  const manifest = { schemaVersion: 2, mediaType: manifestType, config: ordered(config), layers: layers.map(ordered) }
  return `${goJson(manifest)}\n`
}

function ordered({ mediaType, digest, size, from, name }: Layer) {
  return { mediaType, digest, size, ...(from && { from }), ...(name && { name }) }
}

export function configLayer(digest: string, size: number): Layer {
  return { mediaType: configType, digest, size }
}

/** Digests of all blobs a manifest needs. */
export function digestsOf({ config, layers }: Manifest): string[] {
  return [...new Set([config, ...layers].map(layer => layer.digest))]
}
