import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const weightsType = 'application/vnd.ollama.image.model'

interface Manifest {
  layers: { mediaType: string; digest: string; size: number }[]
}

const manifestOf = (models: string, name: string) =>
  join(models, 'manifests', 'registry.ollama.ai', 'library', name, 'latest')

const readManifest = async (models: string, name: string): Promise<Manifest> =>
  JSON.parse(await readFile(manifestOf(models, name), 'utf8')) as Manifest

async function writeManifest(models: string, name: string, manifest: Manifest): Promise<void> {
  await mkdir(dirname(manifestOf(models, name)), { recursive: true })
  await writeFile(manifestOf(models, name), JSON.stringify(manifest))
}

/** The demo model under another name, as if another program had put it there. */
export async function addCopyOfDemo(models: string, name: string): Promise<void> {
  await writeManifest(models, name, await readManifest(models, 'hearth-demo'))
}

/** A model whose file is not a model. */
export const addBrokenModel = (models: string, name: string): Promise<void> =>
  addModel(models, name, Buffer.from('this is no model'))

/** A whole model of a design that nobody knows. */
export async function addUnknownArchitecture(models: string, name: string): Promise<void> {
  const { layers } = await readManifest(models, 'hearth-demo')
  const weights = layers.find(layer => layer.mediaType === weightsType)
  if (weights === undefined) throw new Error('the demo model has no weights')
  const demo = await readFile(join(models, 'blobs', weights.digest.replace(':', '-')), 'latin1')
  await addModel(models, name, Buffer.from(demo.replaceAll('llama', 'zebra'), 'latin1'))
}

async function addModel(models: string, name: string, bytes: Buffer): Promise<void> {
  const manifest = await readManifest(models, 'hearth-demo')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(models, 'blobs', `sha256-${sha256}`), bytes)
  for (const layer of manifest.layers) {
    if (layer.mediaType !== weightsType) continue
    layer.digest = `sha256:${sha256}`
    layer.size = bytes.length
  }
  await writeManifest(models, name, manifest)
}

/** Takes a model away behind the app's back. */
export const removeModel = (models: string, name: string): Promise<void> => rm(manifestOf(models, name))
