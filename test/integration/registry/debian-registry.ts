import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real registry on loopback: Debian's docker-registry, which the setup of the tests installs. */
export interface DebianRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string
  readonly folder: string
  close(): Promise<void>
}

export async function startRegistry(parent = tmpdir()): Promise<DebianRegistry> {
  const folder = await mkdtemp(join(parent, 'hearth-registry-'))
  const config = join(folder, 'config.yml')
  await writeFile(
    config,
    JSON.stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, 'data') } },
      http: { addr: '127.0.0.1:0' },
      log: { accesslog: { disabled: true } },
    }),
  )
  const registry = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise<void>(resolve => registry.once('exit', () => resolve()))
  const host = await listening(registry)
  return {
    host,
    folder,
    async close() {
      registry.kill('SIGKILL')
      await exited
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function listening(registry: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    registry.once('error', error =>
      reject(new Error(`${error.message}; install it with: sudo apt-get install docker-registry`)),
    )
    registry.once('exit', () => reject(new Error(`docker-registry ended: ${log}`)))
    registry.stderr!.setEncoding('utf8').on('data', (text: string) => {
      log += text
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(log)
      if (found) resolve(found[1]!)
    })
  })
}

/** What a manifest says of some bytes. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export const digestOf = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Uploads a blob the simplest way there is: one POST, one PUT. */
async function putBlob(
  host: string,
  repository: string,
  mediaType: string,
  content: Buffer | string,
): Promise<Descriptor> {
  const digest = digestOf(content)
  const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(started.headers.get('location')!, `http://${host}`)
  place.searchParams.set('digest', digest)
  const put = await fetch(place, { method: 'PUT', body: new Uint8Array(Buffer.from(content)) })
  if (put.status !== 201) throw new Error(`${put.status} ${await put.text()}`)
  return { mediaType, digest, size: Buffer.byteLength(content) }
}

/** Uploads a manifest; returns its bytes. */
async function putManifest(host: string, repository: string, tag: string, manifest: object): Promise<Buffer> {
  // Indented, as Ollama itself would not write it: a registry's bytes are to be kept as they are.
  const bytes = Buffer.from(JSON.stringify(manifest, null, 2))
  const put = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': 'application/vnd.docker.distribution.manifest.v2+json' },
  })
  if (put.status !== 201) throw new Error(`${put.status} ${await put.text()}`)
  return bytes
}

const layerType = (kind: string): string => `application/vnd.ollama.image.${kind}`

export interface PublishedModel {
  readonly bytes: Buffer
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

/** Puts a model into the registry: its layers by kind, and a config. */
export async function publish(
  host: string,
  repository: string,
  tag: string,
  layers: readonly (readonly [kind: string, content: Buffer | string])[],
): Promise<PublishedModel> {
  const config = await putBlob(
    host,
    repository,
    'application/vnd.docker.container.image.v1+json',
    JSON.stringify({
      model_format: 'gguf',
      model_family: 'llama',
      model_families: ['llama'],
      model_type: '1',
      file_type: 'F16',
    }),
  )
  const described: Descriptor[] = []
  for (const [kind, content] of layers) described.push(await putBlob(host, repository, layerType(kind), content))
  const bytes = await putManifest(host, repository, tag, {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config,
    layers: described,
  })
  return { bytes, config, layers: described }
}
