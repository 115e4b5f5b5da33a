import { homedir } from 'node:os'
import { CannotListen, listen } from './api/http.ts'
import { tellOfBackgroundServer } from './api/server/background-server.ts'
import { serverUrls } from './api/server/lan-addresses.ts'
import { compose, type HearthOptions } from './compose.ts'
import { systemMessage } from './go/system-error.ts'
import { idle } from './idle.ts'
import { ollamaHost } from './ollama-host.ts'
import { Problem } from './problem.ts'
import { hearthHome } from './settings/home.ts'
import { noticeLines } from './settings/notice-sentence.ts'
import { variable } from './variables.ts'

export interface ServeOptions extends Omit<HearthOptions, 'home' | 'env' | 'userHome'> {
  /** Milliseconds without a connection and without a model after which it ends: it was started for one command. */
  readonly untilIdle?: number
}

/**
 * The services without a window: prints their address, and ends on SIGINT and SIGTERM.
 * @returns the exit code; what went wrong has been printed
 */
export async function serve(options: ServeOptions): Promise<number> {
  try {
    await serveUntilEnded(options)
    return 0
  } catch (error) {
    const expected = error instanceof CannotListen || error instanceof Problem
    process.stderr.write(`Error: ${expected ? error.message : (systemMessage(error) ?? (error as Error).stack)}\n`)
    return 1
  }
}

async function serveUntilEnded({ untilIdle, ...options }: ServeOptions): Promise<void> {
  const { env } = process
  // Whoever read what it prints may leave: it was started for its clients.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  // From the beginning: a Ctrl-C while the services come up must end in order, too.
  const ended = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  const home = hearthHome(env, process.platform, homedir())
  const hearth = await compose({ ...options, home, userHome: homedir(), env })
  hearth.notices.watch(noticeLines(line => process.stderr.write(`${line}\n`)))
  try {
    const wanted = ollamaHost(env)
    const api = { fetch: async (request: Request) => hearth.fetch(request) }
    const listening = await listen(api, {
      host: wanted.host,
      port: wanted.port,
      origins: variable(env, 'OLLAMA_ORIGINS'),
    })
    const takeBack = untilIdle === undefined ? undefined : await tellOfBackgroundServer(home, listening.port)
    const urls = serverUrls(wanted.host, listening.port)
    process.stdout.write(`Hearth listens on ${urls.join(' and ')}\n`)
    const needed = async () => hearth.inference.running().length > 0 || (await listening.connections()) > 0
    await Promise.race(untilIdle === undefined ? [ended] : [ended, idle(needed, untilIdle)])
    await listening.close()
    await takeBack?.()
  } finally {
    await hearth.close()
  }
}
