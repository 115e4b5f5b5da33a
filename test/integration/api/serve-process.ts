import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saidAddress } from '../../said-address.ts'

export interface ServeProcess {
  readonly url: string
  /** The folder of models. */
  readonly models: string
  close(): Promise<void>
}

/**
 * `npm run serve`, started as a person starts it, in an empty home on a port of its own.
 * @param more variables of its environment beside those of this process
 */
export async function startServeProcess(more: NodeJS.ProcessEnv = {}): Promise<ServeProcess> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-serve-'))
  const models = join(home, 'models')
  const project = join(import.meta.dirname, '../../..')
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/serve.ts'], {
    cwd: project,
    env: { ...process.env, HEARTH_HOME: home, OLLAMA_MODELS: models, OLLAMA_HOST: '127.0.0.1:0', ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const url = await saidAddress(child.stdout)
  return {
    url,
    models,
    async close() {
      child.kill('SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
