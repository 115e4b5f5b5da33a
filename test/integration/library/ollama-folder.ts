import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'

/** Writes a models folder as Ollama does, by hand and without the library, and looks at one byte for byte. */

export const fixtures = 'test/fixtures/models'
export const fixture = (name: string) => readFileSync(join(fixtures, name))
export const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
export const configType = 'application/vnd.docker.container.image.v1+json'
export const layerType = (kind: string) => `application/vnd.ollama.image.${kind}`

/** A fresh folder for each test of a file, removed afterwards. */
export function eachInTemporaryFolder(): { path: string } {
  const folder = { path: '' }
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'hearth-library-'))
  })
  afterEach(() => rmSync(folder.path, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Stores a blob; returns what a manifest says of it. */
export function putBlob(root: string, mediaType: string, content: Buffer | string) {
  const bytes = Buffer.from(content)
  const hex = sha256(bytes)
  mkdirSync(join(root, 'blobs'), { recursive: true })
  writeFileSync(join(root, 'blobs', `sha256-${hex}`), bytes)
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
}

export interface HandMade {
  /** Path below manifests, e.g. registry.ollama.ai/library/llama3/8b. */
  readonly path: string
  readonly config?: object | string
  /** Layers by kind, e.g. [['model', bytes], ['template', 'text']]. */
  readonly layers?: readonly (readonly [kind: string, content: Buffer | string])[]
  readonly modified?: Date
  /** Prints the manifest otherwise than Ollama itself would, as registries do. */
  readonly indent?: number
}

export const configOfLlama = {
  model_format: 'gguf',
  model_family: 'llama',
  model_families: ['llama'],
  model_type: '8.0B',
  file_type: 'Q4_0',
  architecture: 'amd64',
  os: 'linux',
  rootfs: { type: 'layers', diff_ids: ['sha256:00'] },
}

/** Writes a model; returns its manifest's bytes. */
export function putModel(root: string, model: HandMade): Buffer {
  const config = model.config ?? configOfLlama
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: putBlob(root, configType, typeof config === 'string' ? config : JSON.stringify(config)),
    layers: (model.layers ?? [['model', `weights of ${model.path}`]]).map(([kind, content]) =>
      putBlob(root, layerType(kind), content),
    ),
  }
  const bytes = Buffer.from(JSON.stringify(manifest, null, model.indent))
  putManifest(root, model.path, bytes, model.modified)
  return bytes
}

export function putManifest(root: string, path: string, bytes: Buffer | string, modified?: Date): void {
  const file = join(root, 'manifests', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
  if (modified) utimesSync(file, modified, modified)
}

export function age(path: string, hours: number): void {
  const then = new Date(Date.now() - hours * 3_600_000)
  utimesSync(path, then, then)
}

/** Every file below a folder with its content's hash, every link with its target. */
export function snapshot(root: string): Record<string, string> {
  const files: Record<string, string> = {}
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const name = relative(root, path)
      if (entry.isDirectory()) visit(path)
      else files[name] = entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : sha256(readFileSync(path))
    }
  }
  visit(root)
  return files
}

/** Names below `blobs`, sorted. */
export function blobNames(root: string): string[] {
  return readdirSync(join(root, 'blobs')).sort()
}

/** Every manifest is whole, and every blob it names is there with the bytes its digest promises. */
export function expectWhole(root: string): void {
  const blobs = new Map(blobNames(root).map(name => [name, sha256(readFileSync(join(root, 'blobs', name)))]))
  for (const path of Object.keys(snapshot(join(root, 'manifests')))) {
    if (path.startsWith('.manifest-')) continue
    const { config, layers } = JSON.parse(readFileSync(join(root, 'manifests', path), 'utf8'))
    for (const { digest } of [config, ...layers]) {
      expect(blobs.get(digest.replace(':', '-')), `${path} needs ${digest}`).toBe(digest.slice(7))
    }
  }
}

export async function* chunks(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A Problem, as a test expects to catch it. */
export const problem = (code: string, status: number, message: string) =>
  expect.objectContaining({ name: 'Problem', code, status, message })
