import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

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
export async function addBrokenModel(models: string, name: string): Promise<void> {
  const manifest = await readManifest(models, 'hearth-demo')
  const bytes = Buffer.from('this is no model')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(models, 'blobs', `sha256-${sha256}`), bytes)
  for (const layer of manifest.layers) {
    if (layer.mediaType !== 'application/vnd.ollama.image.model') continue
    layer.digest = `sha256:${sha256}`
    layer.size = bytes.length
  }
  await writeManifest(models, name, manifest)
}

/** Takes a model away behind the app's back. */
export const removeModel = (models: string, name: string): Promise<void> => rm(manifestOf(models, name))
