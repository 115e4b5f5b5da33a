import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CannotListen, listen } from './api/http.ts'
import { clientUrl, ollamaHost } from './api/ollama-host.ts'
import { compose } from './compose.ts'
import { forkEngine } from './engine/fork.ts'
import { variable } from './library/environment.ts'
import { Problem } from './problem.ts'
import { hearthHome } from './settings/home.ts'
import { noticeLines } from './settings/notice-sentence.ts'

/** The services without a window: `npm run serve`. Prints its address, and ends on SIGINT and SIGTERM. */
async function serve(): Promise<void> {
  const { env } = process
  // From the beginning: a Ctrl-C while the services come up must end in order, too.
  const ended = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  const here = import.meta.dirname
  const project = join(here, '..', '..')
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }
  const hearth = await compose({
    home: hearthHome(env, process.platform, homedir()),
    userHome: homedir(),
    env,
    spawnEngine: forkEngine(join(here, 'engine-process.js')),
    hashWorker: join(here, 'hash-worker.js'),
    bodyWorker: join(here, 'body-worker.js'),
    demoModelPath: join(project, 'assets', 'demo-model', 'tiny-chat-q8_0.gguf'),
    version,
  })
  hearth.notices.watch(noticeLines(line => process.stderr.write(`${line}\n`)))
  try {
    const wanted = ollamaHost(env)
    const api = { fetch: async (request: Request) => hearth.fetch(request) }
    const listening = await listen(api, {
      host: wanted.host,
      port: wanted.port,
      origins: variable(env, 'OLLAMA_ORIGINS'),
    })
    process.stdout.write(
      `Hearth listens on ${clientUrl({ ...wanted, port: listening.port, scheme: 'http', path: '' })}\n`,
    )
    await ended
    await listening.close()
  } finally {
    await hearth.close()
  }
}

try {
  await serve()
} catch (error) {
  const expected = error instanceof CannotListen || error instanceof Problem
  process.stderr.write(`Error: ${expected ? error.message : (error as Error).stack}\n`)
  process.exitCode = 1
}
