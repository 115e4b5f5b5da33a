import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

/** A screen of 1600x1200 that exists in memory only. */
export interface VirtualScreen {
  /** What a program needs in its environment to draw there. */
  readonly env: { readonly DISPLAY: string; readonly XAUTHORITY: string }
  stop(): Promise<void>
}

/** Programs can draw somewhere: always but on a Linux without X11 and Wayland. */
export const hasDisplay = (env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean =>
  platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)

/**
 * Starts Xvfb on a display number of its own choice, for holders of a fresh cookie only.
 * @throws Error when Xvfb or xauth is missing or does not start
 */
export async function startVirtualScreen(): Promise<VirtualScreen> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-screen-'))
  const authority = join(folder, 'authority')
  await writeFile(authority, '', { mode: 0o600 })
  const cookie = randomBytes(16).toString('hex')
  const allow = async (display: string) => {
    const added = await run('xauth', ['-f', authority, 'add', display, '.', cookie])
    if (added.code !== 0) throw new Error(`xauth failed: ${added.output.trim()}`)
  }
  // The server looks at the cookie alone; the number is told to its clients once it is known.
  await allow(':0')
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp', '-auth', authority],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the program on the screen, which still needs it while it ends.
      detached: true,
    },
  )
  const gone = new Promise<void>(resolve => server.once('close', () => resolve()))
  const stop = async () => {
    server.kill()
    await gone
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const display = `:${await displayNumber(server)}`
    await allow(display)
    return { env: { DISPLAY: display, XAUTHORITY: authority }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function displayNumber(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = ''
    server.stderr?.on('data', chunk => {
      errors += chunk
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`Xvfb did not start: ${errors.trim()}`)))
    server.stdio[3]?.once('data', chunk => resolve(String(chunk).trim()))
  })
}
