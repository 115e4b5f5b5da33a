import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { HearthBridge } from '../../preload/contract.ts'
import type { Person } from './person.ts'

declare global {
  /** In the page. */
  const hearth: HearthBridge
}

/** Milliseconds. Only what hangs is to fail by time: a busy machine may take fifty times as long as an idle one. */
const patience = 180_000

/** The program of the Debian package. */
export const program = '/opt/Hearth/hearth-app'

/** The installed app, open, and the page in its window. */
export interface InstalledWindow {
  readonly page: Page
  /** The app's main process. */
  readonly pid: number
  /** What the program printed. */
  readonly printed: () => string
  /** Ends the app as the system does when the person logs out, and waits until everything is saved. */
  close(): Promise<void>
  /** Waits until the app has ended and opened again by itself. */
  restarted(): Promise<InstalledWindow>
}

/**
 * Opens the installed app as a person does, and looks into its window by Chromium's own debugger: Node's is shut in a
 * packed app, so that no test reaches into its main process.
 */
export async function openInstalled(
  person: Person,
  args: readonly string[] = [],
  start: string = program,
): Promise<InstalledWindow> {
  const portFile = join(person.home, '.local', 'share', 'hearth', 'browser', 'DevToolsActivePort')
  rmSync(portFile, { force: true })
  const child = person.start([start, '--remote-debugging-port=0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      printed += chunk
    })
  }
  return look(person, portFile, () => printed)
}

async function look(person: Person, portFile: string, printed: () => string): Promise<InstalledWindow> {
  await until(
    () => existsSync(portFile),
    () => `the app did not start:\n${printed()}`,
  )
  const pid = mainProcess(person)
  if (pid === undefined) throw new Error(`the app ended at once:\n${printed()}`)
  const { browser, page } = await connect(portFile)
  const gone = () =>
    until(
      () => !person.processes().includes(pid),
      () => 'the app did not end',
    )
  return {
    page,
    pid,
    printed,
    async close() {
      await browser.close()
      process.kill(pid, 'SIGTERM')
      await gone()
    },
    async restarted() {
      // The file stays until the next one writes its own.
      rmSync(portFile)
      await gone()
      return look(person, portFile, printed)
    },
  }
}

/** Chromium's helpers have a `--type`; the command in the background has `--command`. */
function mainProcess(person: Person): number | undefined {
  return person.processes().find(pid => {
    const words = commandOf(pid)
    return (
      basename(words[0] ?? '') === basename(program) &&
      !words.some(word => word.startsWith('--type=') || word === '--command')
    )
  })
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
  } catch {
    // It has just ended.
    return []
  }
}

async function connect(portFile: string): Promise<{ browser: Browser; page: Page }> {
  const [port] = readFileSync(portFile, 'utf8').split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: patience })
  const pages = () => browser.contexts().flatMap(context => context.pages())
  await until(
    () => pages().length > 0,
    () => 'the app has no window',
  )
  const [page] = pages() as [Page]
  page.setDefaultTimeout(patience)
  await page.getByRole('main').waitFor()
  return { browser, page }
}

async function until(met: () => boolean, otherwise: () => string): Promise<void> {
  for (let attempt = 0; !met(); attempt += 1) {
    if (attempt === patience / 50) throw new Error(otherwise())
    await sleep(50)
  }
}

/** Version of an installed Debian package; undefined when it is not installed. */
export function installedVersion(name: string): string | undefined {
  try {
    const found = execFileSync('dpkg-query', ['-W', '-f', '${Status} ${Version}', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return /^install ok installed (.+)$/.exec(found)?.[1]
  } catch {
    return undefined
  }
}
