import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { CannotConnect } from './server.ts'

/** The program that is this command. */
export interface BackgroundServer {
  readonly command: string
  /** Before the words. */
  readonly args: readonly string[]
}

/** A server that nobody has needed for a minute ends by itself. */
const serveArguments = ['serve', '--until-idle=1m']

/** Milliseconds a server may take to come up: the first start after an installation reads much from disk. */
const patience = 60_000

/** Milliseconds between two looks. */
const look = 50

/**
 * Makes sure somebody answers. Where nobody does and the address is this computer's, a server is started that outlives
 * the command and ends by itself once nobody uses it: a person who types `run` wants an answer, not a lesson about
 * servers, and none is to be left behind.
 * @throws CannotConnect, or CommandError when the server does not come up
 */
export async function ensureServer(context: CommandContext, background: BackgroundServer | undefined): Promise<void> {
  const { server, terminal, home } = context
  try {
    return await server.heartbeat()
  } catch (error) {
    const nobody = error instanceof CannotConnect && error.code === 'ECONNREFUSED'
    if (!nobody || !background || !ownAddress(server.address)) throw error
  }
  terminal.errors.write('Starting Hearth in the background; it ends by itself when it is no longer used.\n')
  const log = join(home, 'logs', 'serve.log')
  const ended = start(background, log, { ...terminal.env, OLLAMA_HOST: server.address })
  const until = performance.now() + patience
  while (performance.now() < until) {
    await sleep(look)
    if (await answers(context)) return
    // It may have ended because another command was quicker to start one.
    if (ended.value && !(await answers(context))) break
  }
  throw new CommandError(`the server did not start; what it said is in ${log}`)
}

/** An address only this computer can answer at, with nothing in between. */
function ownAddress(address: string): boolean {
  const { protocol, hostname, pathname } = new URL(address)
  return protocol === 'http:' && pathname === '/' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

async function answers({ server }: CommandContext): Promise<boolean> {
  return server.heartbeat().then(
    () => true,
    () => false,
  )
}

function start({ command, args }: BackgroundServer, log: string, env: NodeJS.ProcessEnv): { value: boolean } {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 })
  const file = openSync(log, 'w', 0o600)
  const ended = { value: false }
  const child = spawn(command, [...args, ...serveArguments], {
    env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  child.once('error', () => {
    ended.value = true
  })
  child.once('exit', () => {
    ended.value = true
  })
  child.unref()
  return ended
}
