import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const projectorType = 'application/vnd.ollama.image.projector'
const weightsType = 'application/vnd.ollama.image.model'
const parametersType = 'application/vnd.ollama.image.params'

interface Manifest {
  layers: { mediaType: string; digest: string; size: number }[]
}

const manifestOf = (models: string, name: string, tag = 'latest') =>
  join(models, 'manifests', 'registry.ollama.ai', 'library', name, tag)

const readManifest = async (models: string, name: string): Promise<Manifest> =>
  JSON.parse(await readFile(manifestOf(models, name), 'utf8')) as Manifest

async function writeManifest(models: string, name: string, manifest: Manifest, tag?: string): Promise<void> {
  await mkdir(dirname(manifestOf(models, name, tag)), { recursive: true })
  await writeFile(manifestOf(models, name, tag), JSON.stringify(manifest))
}

/** A model of Ollama's in a folder that Hearth has never seen: the weights of the fixtures. */
export async function addModelOfOllama(models: string, name: string, tag: string): Promise<void> {
  const weights = await readFile(join(import.meta.dirname, '..', 'fixtures', 'models', 'tiny-chat-q8_0.gguf'))
  await mkdir(join(models, 'blobs'), { recursive: true })
  const put = async (mediaType: string, bytes: Buffer) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(models, 'blobs', `sha256-${sha256}`), bytes)
    return { mediaType, digest: `sha256:${sha256}`, size: bytes.length }
  }
  const described = { model_format: 'gguf', model_family: 'llama', model_families: ['llama'], file_type: 'Q8_0' }
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: await put('application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(described))),
    layers: [await put(weightsType, weights), await put(parametersType, Buffer.from('{"temperature":0}'))],
  }
  await writeManifest(models, name, manifest, tag)
}

/** The demo model under another name, as if another program had put it there. */
export async function addCopyOfDemo(models: string, name: string): Promise<void> {
  await writeManifest(models, name, await readManifest(models, 'hearth-demo'))
}

/** The demo model with the projector of the fixtures: it names plain shapes and their colours. */
export async function addSeeingModel(models: string, name: string): Promise<void> {
  const bytes = await readFile(join(import.meta.dirname, '..', 'fixtures', 'models', 'mmproj-tiny.gguf'))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(models, 'blobs', `sha256-${sha256}`), bytes)
  const manifest = await readManifest(models, 'hearth-demo')
  manifest.layers.push({ mediaType: projectorType, digest: `sha256:${sha256}`, size: bytes.length })
  await writeManifest(models, name, manifest)
}

/** A model whose file is not a model. */
export const addBrokenModel = (models: string, name: string): Promise<void> =>
  addModel(models, name, Buffer.from('this is no model'))

/** A whole model of a design that nobody knows. */
export async function addUnknownArchitecture(models: string, name: string): Promise<void> {
  const demo = (await demoWeights(models)).toString('latin1')
  await addModel(models, name, Buffer.from(demo.replaceAll('llama', 'zebra'), 'latin1'))
}

/** A model that wants to hold two thousand million tokens in view, which no memory does. */
export async function addVastModel(models: string, name: string): Promise<void> {
  const tokens = 2_000_000_000
  const weights = await demoWeights(models)
  // In GGUF a key is followed by its type, 4 for an unsigned number of 32 bits, and its value.
  const at = weights.indexOf('llama.context_length') + 'llama.context_length'.length + 4
  weights.writeUInt32LE(tokens, at)
  await addModel(models, name, weights, Buffer.from(JSON.stringify({ num_ctx: tokens })))
}

/** The demo's weights in a file of four terabytes, of which nearly nothing lies on the disk. */
export async function addLargeModel(models: string, name: string): Promise<void> {
  const manifest = await readManifest(models, 'hearth-demo')
  const weights = manifest.layers.find(layer => layer.mediaType === weightsType)
  if (weights === undefined) throw new Error('the demo model has no weights')
  const path = join(models, 'blobs', `sha256-${'4'.repeat(64)}`)
  weights.digest = `sha256:${'4'.repeat(64)}`
  weights.size = 4e12
  await writeFile(path, await demoWeights(models))
  await truncate(path, weights.size)
  await writeManifest(models, name, manifest)
}

async function demoWeights(models: string): Promise<Buffer> {
  const { layers } = await readManifest(models, 'hearth-demo')
  const weights = layers.find(layer => layer.mediaType === weightsType)
  if (weights === undefined) throw new Error('the demo model has no weights')
  return readFile(join(models, 'blobs', weights.digest.replace(':', '-')))
}

async function addModel(models: string, name: string, weights: Buffer, parameters?: Buffer): Promise<void> {
  const manifest = await readManifest(models, 'hearth-demo')
  const replaced: Record<string, Buffer | undefined> = { [weightsType]: weights, [parametersType]: parameters }
  for (const layer of manifest.layers) {
    const bytes = replaced[layer.mediaType]
    if (bytes === undefined) continue
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(models, 'blobs', `sha256-${sha256}`), bytes)
    layer.digest = `sha256:${sha256}`
    layer.size = bytes.length
  }
  await writeManifest(models, name, manifest)
}

/** Takes a model away behind the app's back. */
export const removeModel = (models: string, name: string): Promise<void> => rm(manifestOf(models, name))
