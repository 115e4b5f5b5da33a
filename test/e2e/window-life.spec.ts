import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import type { Notice } from '../../preload/contract.ts'
import { processesWith } from '../integration/processes.ts'
import { answers, ask } from './chat.ts'
import { type Computer, expect, test } from './launch.ts'

/** What the person is told at the moment. */
const notices = (page: Page): Promise<Notice[]> =>
  page.evaluate(
    () =>
      new Promise(resolve => {
        const end = window.hearth.subscribe('notices.watch', {}, all => {
          setTimeout(() => end())
          resolve(all)
        })
      }),
  )

const exitCode = (app: ElectronApplication): Promise<number | null> =>
  new Promise(resolve => app.process().once('exit', code => resolve(code)))

test('a stream brings its whole picture, then what changes', async ({ computer }) => {
  const { page } = await computer.start({ settings: { theme: 'light' } })
  const themes = await page.evaluate(async () => {
    const seen: string[] = []
    const end = window.hearth.subscribe('settings.watch', {}, ({ theme }) => seen.push(theme))
    const told = (count: number) =>
      new Promise<void>(resolve => {
        const look = () => (seen.length >= count ? resolve() : void setTimeout(look, 10))
        look()
      })
    await told(1)
    await window.hearth.call('settings.change', { theme: 'dark' })
    await told(2)
    end()
    await window.hearth.call('settings.change', { theme: 'system' })
    await new Promise(resolve => setTimeout(resolve, 200))
    return seen
  })
  expect(themes).toEqual(['light', 'dark'])
})

// Streams that outlive their page would pile up with every reload until the app stands still.
test('loading the page again ends its streams', async ({ computer }) => {
  const { page } = await computer.start()
  for (let round = 0; round < 6; round += 1) {
    await page.evaluate(async () => {
      for (let count = 0; count < 60; count += 1) {
        await new Promise(resolve => window.hearth.subscribe('notices.watch', {}, resolve))
      }
    })
    await page.reload()
  }
  expect(await notices(page)).toEqual([])
})

test('a page that crashes is loaded again, and the person is told', async ({ computer }) => {
  const { app } = await computer.start()
  // Past Playwright's page, which is given up once it has crashed.
  const codes = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const happening = (name: string) => new Promise<void>(resolve => contents?.once(name as 'focus', () => resolve()))
    const gone = happening('render-process-gone')
    contents?.forcefullyCrashRenderer()
    await gone
    await happening('did-finish-load')
    return contents?.executeJavaScript(
      `new Promise(resolve => window.hearth.subscribe('notices.watch', {}, all => resolve(all.map(one => one.code))))`,
    )
  })
  expect(codes).toEqual(['window-recovered'])
  expect(await readFile(join(computer.home, 'logs', 'hearth.log'), 'utf8')).toContain("the window's page is gone")
})

test.describe('an error nobody caught', () => {
  test.use({ expectedComplaint: /nobody caught this|nor this/ })

  test('is written down, and the app goes on', async ({ computer }) => {
    const { app, page } = await computer.start()
    await app.evaluate(() => {
      setTimeout(() => {
        throw new Error('nobody caught this')
      })
      void Promise.reject(new Error('nor this'))
    })
    const log = () => readFile(join(computer.home, 'logs', 'hearth.log'), 'utf8').catch(() => '')
    await expect.poll(log).toContain('nobody caught this')
    await expect.poll(log).toContain('nor this')
    expect(await page.evaluate(() => window.hearth.call('app.info', {}))).toMatchObject({ demoModel: 'hearth-demo' })
  })
})

test('closing the window ends the app cleanly', async ({ computer }) => {
  const { app } = await computer.start()
  const code = exitCode(app)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await code).toBe(0)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the app cleanly`, async ({ computer }) => {
    const { app } = await computer.start()
    const code = exitCode(app)
    app.process().kill(signal)
    expect(await code).toBe(0)
  })
}

test('a second start brings up the window that is there', async ({ computer }) => {
  const { app } = await computer.start()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  const [executable, ...args] = [
    String(process.env.HEARTH_TEST_ELECTRON),
    ...(JSON.parse(String(process.env.HEARTH_TEST_ARGUMENTS)) as string[]),
  ]
  const env = { ...process.env, HEARTH_HOME: computer.home, OLLAMA_MODELS: computer.models, OLLAMA_HOST: '127.0.0.1:0' }
  const second = spawn(executable, args, { env, stdio: 'ignore' })
  expect(await new Promise(resolve => second.once('exit', resolve))).toBe(0)
  const visible = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(window => window.isVisible()))
  await expect.poll(visible).toEqual([true])
})

test('the window opens where it was left', async ({ computer }) => {
  const bounds = { x: 120, y: 90, width: 800, height: 620 }
  const first = await computer.start()
  await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), bounds)
  await expect.poll(() => readFile(join(computer.home, 'window.json'), 'utf8').catch(() => '')).toContain('"width":800')
  await first.quit()
  const second = await computer.start()
  const found = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
  expect(found).toEqual(bounds)
})

test('the window is dark before its page is drawn, when the person wants it dark', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { theme: 'dark' } })
  const background = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor())
  expect(background?.toLowerCase()).toBe('#1d1a17')
  expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
})

test.describe('a port that belongs to another program', () => {
  let other: Server
  let port: number

  test.beforeEach(async () => {
    other = createServer((_, response) => response.end('another program'))
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    port = (other.address() as AddressInfo).port
  })

  test.afterEach(async () => {
    await new Promise(resolve => other.close(resolve))
  })

  const start = (computer: Computer) => computer.start({ env: { OLLAMA_HOST: `127.0.0.1:${port}` } })

  test('is left to it: the API moves to the next one, and the person is told', async ({ computer }) => {
    const { page } = await start(computer)
    const { apiAddress } = await page.evaluate(() => window.hearth.call('app.info', {}))
    expect(Number(new URL(String(apiAddress)).port)).toBeGreaterThan(port)
    expect(await (await fetch(`${apiAddress}/`)).text()).toBe('Ollama is running')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('another program')
    expect(await notices(page)).toMatchObject([{ code: 'port-taken', values: { wanted: port, address: apiAddress } }])
  })
})

// A kill takes the app without a word; what it started must see for itself that it is gone.
test('a killed app leaves no process behind', async ({ computer }) => {
  const { page, kill } = await computer.start({ settings: { language: 'en' } })
  await ask(page, 'Hello')
  await expect(answers(page)).toHaveAttribute('aria-busy', 'false')
  expect(processesWith(computer.home).length).toBeGreaterThan(2)
  await kill()
  await expect.poll(() => processesWith(computer.home)).toEqual([])
})
