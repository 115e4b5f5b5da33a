import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  test as base,
  type ElectronApplication,
  _electron as electron,
  expect,
  type Page,
  type TestInfo,
} from '@playwright/test'
import type { HearthBridge, Settings } from '../../preload/contract.ts'
import { hasDisplay, startVirtualScreen } from '../../scripts/virtual-screen.ts'
import { processesWith, signalIfThere } from '../integration/processes.ts'

export { expect }

/** Milliseconds for each thing a test does, as for what it waits for (playwright.config.ts). */
const patience = 180_000

declare global {
  interface Window {
    readonly hearth: HearthBridge
  }
}

/** Keeps a picture of the window under test-results/screens. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(import.meta.dirname, '..', '..', 'test-results', 'screens', `${name}.png`) })
}

/** A running Hearth and the page in its window. */
export interface OpenHearth {
  readonly app: ElectronApplication
  readonly page: Page
  /** What the page complained about: errors it logged, exceptions, refusals of the content security policy. */
  readonly complaints: string[]
  /** The operating system's process, also after its end. */
  readonly process: ChildProcess
  /** Quits as a person does, and waits until everything is saved. */
  quit(): Promise<void>
  /** Ends it as a crash of the computer does, and waits until it is gone: the next start finds no app that is open. */
  kill(): Promise<void>
}

/** One person's computer: an empty home and no model but the demo, kept over several starts of the app. */
export interface Computer {
  /** HEARTH_HOME */
  readonly home: string
  /** OLLAMA_MODELS */
  readonly models: string
  start(options?: StartOptions): Promise<OpenHearth>
}

export interface StartOptions {
  readonly env?: Record<string, string>
  /** Written into settings.json before the start. */
  readonly settings?: Partial<Settings>
  readonly args?: readonly string[]
}

interface Given {
  computer: Computer
  /** Complaints of the page, and errors nobody caught in the app, that are the test's own doing; all others fail it. */
  expectedComplaint: RegExp | null
}

interface GivenToWorker {
  /** What a program needs in its environment to draw: where there is no display, a screen of the worker's own. */
  display: Record<string, string>
}

export const test = base.extend<Given, GivenToWorker>({
  expectedComplaint: [null, { option: true }],

  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      if (hasDisplay()) return await use({})
      const virtual = await startVirtualScreen()
      await use({ ...virtual.env })
      await virtual.stop()
    },
    { scope: 'worker' },
  ],

  computer: async ({ expectedComplaint, display }, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-e2e-'))
    const home = join(folder, 'home')
    const models = join(folder, 'models')
    const opened: OpenHearth[] = []
    await use({
      home,
      models,
      start: async options => {
        const hearth = await launch(home, models, { ...options, env: { ...display, ...options?.env } })
        opened.push(hearth)
        return hearth
      },
    })
    if (info.status !== info.expectedStatus) await keepPictures(opened, info)
    // Before the end: a page that is killed complains, too.
    const complaints = opened.flatMap(hearth => hearth.complaints)
    await endAll(home)
    for (const hearth of opened) await gone(hearth.process)
    const log = await readFile(join(home, 'logs', 'hearth.log'), 'utf8').catch(() => '')
    // A helper that was killed may still end a last write, and make the folder anew for it.
    do {
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
      await sleep(100)
    } while (existsSync(folder))
    if (log !== '') await info.attach('hearth.log', { body: log, contentType: 'text/plain' })
    complaints.push(...log.split(/^(?=\d{4}-)/m).filter(entry => /uncaught exception|unhandled rejection/.test(entry)))
    const unexpected = complaints.filter(complaint => !expectedComplaint?.test(complaint))
    expect(unexpected, 'what the page and the app complained about').toEqual([])
  },
})

/** What stood in the windows when a test failed. */
async function keepPictures(opened: readonly OpenHearth[], info: TestInfo): Promise<void> {
  const pages = opened.flatMap(({ app }) => app.windows()).filter(page => !page.isClosed())
  for (const { app } of opened) {
    // Whether the windows were there to be seen, for the tests of which a page did nothing.
    const seen = app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(window => `visible ${window.isVisible()}, focused ${window.isFocused()}`),
    )
    const body = await Promise.race([seen.catch(String), sleep(5_000, 'no answer')])
    await info.attach('windows', { body: `${body}`, contentType: 'text/plain' })
  }
  for (const [number, page] of pages.entries()) {
    const path = info.outputPath(`window-${number + 1}.png`)
    // One that hangs or is just closing has none.
    await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined)
    if (existsSync(path)) await info.attach(`window ${number + 1}`, { path, contentType: 'image/png' })
  }
}

async function launch(home: string, models: string, options: StartOptions = {}): Promise<OpenHearth> {
  const { HEARTH_TEST_ELECTRON: executablePath, HEARTH_TEST_ARGUMENTS: given } = process.env
  if (executablePath === undefined || given === undefined) throw new Error('run these tests with `npm run test:e2e`')
  // Chats are found by their first words, unless a test is about titles.
  const place = options.env?.HEARTH_HOME ?? home
  if (options.settings !== undefined) await writeSettings(place, { modelTitles: false, ...options.settings })
  const app = await electron.launch({
    executablePath,
    timeout: patience,
    // The theme is the app's business; Playwright would hold the page to light.
    colorScheme: null,
    args: [...(JSON.parse(given) as string[]), ...(options.args ?? [])],
    env: {
      ...(process.env as Record<string, string>),
      HEARTH_HOME: home,
      OLLAMA_MODELS: models,
      OLLAMA_HOST: '127.0.0.1:0',
      ...options.env,
    },
  })
  const complaints: string[] = []
  app.on('window', page => {
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.stack ?? error.message))
  })
  // A test's settings do not reach an app.
  app.context().setDefaultTimeout(patience)
  const page = await app.firstWindow({ timeout: patience })
  // Drawn, so that keys and clicks find what they are for.
  await page.getByRole('main').waitFor()
  const child = app.process()
  return { app, page, complaints, process: child, quit: () => quit(app, child), kill: () => kill(child) }
}

/** The next window that opens. */
export const nextWindow = (app: ElectronApplication): Promise<Page> => app.waitForEvent('window', { timeout: patience })

async function writeSettings(home: string, settings: Partial<Settings>): Promise<void> {
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings))
}

async function quit(app: ElectronApplication, child: ChildProcess): Promise<void> {
  const ended = gone(child)
  // The connection to the app goes with it, in the middle of this very call.
  await app.evaluate(({ app }) => app.quit()).catch(() => undefined)
  await ended
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await gone(child)
}

/** Whatever a test left behind, in whatever state: a halted engine does not see that its app is gone. */
async function endAll(home: string): Promise<void> {
  for (let left = processesWith(home); left.length > 0; left = processesWith(home)) {
    for (const pid of left) signalIfThere(pid, 'SIGKILL')
    await sleep(50)
  }
}

const gone = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await new Promise(resolve => child.once('exit', resolve))
}
