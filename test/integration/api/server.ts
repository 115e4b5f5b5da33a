import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Listening, listen } from '../../../main/api/http.ts'
import { compose, type Hearth } from '../../../main/compose.ts'
import type { EngineProcess } from '../../../main/engine/engine.ts'
import { installedAt } from '../../../main/installed.ts'

const project = join(import.meta.dirname, '../../..')
export const fixtures = join(project, 'test/fixtures/models')

/** Hearth as `npm run serve` runs it, in an empty home, on a port of its own. */
export interface TestServer {
  readonly url: string
  readonly port: number
  readonly hearth: Hearth
  /** The folder of models. */
  readonly models: string
  /** Every engine process that was started, ended ones too. */
  readonly engines: readonly EngineProcess[]
  close(): Promise<void>
}

/**
 * @param onEngine called with every engine process as soon as it is started
 * @param now the clock by which models stay, where it is not the computer's
 */
export async function startServer(
  env: NodeJS.ProcessEnv = {},
  onEngine: (engine: EngineProcess) => void = () => {},
  now?: () => number,
): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-server-'))
  const models = join(home, 'models')
  const engines: EngineProcess[] = []
  const installed = installedAt(join(project, 'out/main'))
  const hearth = await compose({
    ...installed,
    home,
    userHome: home,
    env: { OLLAMA_MODELS: models, ...env },
    spawnEngine: () => {
      const engine = installed.spawnEngine()
      engines.push(engine)
      onEngine(engine)
      return engine
    },
    version: '0.1.0',
    now,
  })
  const api = { fetch: async (request: Request) => hearth.fetch(request) }
  const listening: Listening = await listen(api, { host: '127.0.0.1', port: 0, origins: env.OLLAMA_ORIGINS })
  return {
    url: `http://127.0.0.1:${listening.port}`,
    port: listening.port,
    hearth,
    models,
    engines,
    async close() {
      await listening.close()
      await hearth.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/**
 * Runs a test whose engine dies: a server in this process, which knows its engines.
 * @param test gets what kills every engine
 */
export async function withMortalEngines(test: (url: string, kill: () => void) => Promise<void>): Promise<void> {
  const server = await startServer()
  try {
    await test(server.url, () => {
      for (const engine of server.engines) engine.kill()
    })
  } finally {
    await server.close()
  }
}

/**
 * The schema of an answer that goes on until something stops it, where no limit is asked for with it: the demo model's
 * own is 512 tokens. No wish to repeat itself does that: an answer that says one piece thirty times is ended.
 */
export const endlessAnswer = { type: 'string', minLength: 50_000 } as const

/** Options for it: at another temperature some answers fall into a loop, which ends them. */
export const endlessOptions = { temperature: 0, num_predict: -1 } as const

/** Uploads files as a client does, and tells each one's digest. */
export async function upload(url: string, paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async path => {
      const bytes = await readFile(path)
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      const response = await fetch(`${url}/api/blobs/${digest}`, { method: 'POST', body: bytes })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return digest
    }),
  )
}

/** Makes the model `seer`, which names shape and colour of a picture: the chat model with its projector. */
export async function createSeer(url: string): Promise<void> {
  const [weights, projector] = await upload(
    url,
    ['tiny-chat-q8_0.gguf', 'mmproj-tiny.gguf'].map(name => join(fixtures, name)),
  )
  const files = { 'm.gguf': weights, 'mmproj.gguf': projector }
  const made = await post(url, '/api/create', { model: 'seer', files, stream: false })
  if (!made.ok) throw new Error(`the model was not made: ${await made.text()}`)
}

/** Sends JSON, or text as it is. */
export function post(url: string, path: string, body: object | string, method = 'POST'): Promise<Response> {
  return fetch(url + path, { method, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

/** The objects of a stream of lines. */
export async function linesOf<T = Record<string, unknown>>(response: Response): Promise<T[]> {
  return (await response.text())
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}
