import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { chromium, type Page } from '@playwright/test'
import { type Computer, test } from '../../e2e/launch.ts'
import { writeHistory } from './home.ts'
import { report } from './report.ts'

const rounds = 7

interface Started {
  /** Milliseconds from the start of the process until the list of chats and the composer were drawn. */
  readonly usable: number
  readonly page: Page
  quit(): Promise<void>
}

/** Starts the app as a person does: Playwright would hold it up while it attaches. */
async function start(computer: Computer, display: Readonly<Record<string, string>>): Promise<Started> {
  const { HEARTH_TEST_ELECTRON: executable = '', HEARTH_TEST_ARGUMENTS: args = '[]' } = process.env
  const own = { HEARTH_HOME: computer.home, OLLAMA_MODELS: computer.models, OLLAMA_HOST: '127.0.0.1:0' }
  const env = { ...process.env, ...display, ...own }
  const begun = Date.now()
  const child = spawn(executable, [...(JSON.parse(args) as string[]), '--remote-debugging-port=0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const browser = await chromium.connectOverCDP(await debuggerOf(child))
  for (;;) {
    const page = browser.contexts()[0]?.pages()[0]
    const usable = await page?.evaluate(() => {
      const [mark] = performance.getEntriesByName('usable')
      return mark && performance.timeOrigin + mark.startTime
    })
    if (page && usable !== undefined) {
      return {
        usable: usable - begun,
        page,
        quit: async () => {
          const gone = once(child, 'exit')
          child.kill('SIGTERM')
          await gone
        },
      }
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function debuggerOf(child: ChildProcess): Promise<string> {
  if (child.stderr) {
    for await (const line of createInterface(child.stderr)) {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (address) {
        child.stderr.resume()
        return address
      }
    }
  }
  throw new Error('the app ended before it could be looked at')
}

test('a thousand chats', async ({ computer, display }) => {
  await writeHistory(computer.home, { chats: 1000, messages: 100_000, longest: 100 })
  console.log(`load ${loadavg()[0]!.toFixed(1)} after the chats were written`)
  const usable: number[] = []
  const searches: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const started = await start(computer, display)
    // The first start indexes all messages for the search, as the one after an import does.
    const times = round === 0 || round === rounds ? await search(started.page) : []
    if (round > 0) usable.push(started.usable)
    if (round === rounds) searches.push(...times)
    await started.quit()
  }
  report('usable with 1,000 chats', 'ms', usable, 1500)
  report('first hit among 100,000 messages', 'ms', searches, 50)
})

test('no model is loaded on the way', async ({ computer }) => {
  const { app, page } = await computer.start()
  await page.waitForTimeout(3000)
  const engines = await app.evaluate(({ app }) => app.getAppMetrics().filter(({ name }) => name === 'Hearth engine'))
  console.log(`engines three seconds after the start: ${engines.length}`)
})

/** Milliseconds of each search as the window asks it, once the index is whole. */
function search(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const ask = (query: string) =>
      window.hearth.call('conversations.search', { query, before: null, limit: 30 }) as Promise<{
        indexing: boolean
        messages: unknown[]
      }>
    while ((await ask('zinnoberrot')).indexing) await new Promise(resolve => setTimeout(resolve, 200))
    const times: number[] = []
    for (const query of ['zinnoberrot', 'warm room', '茶杯', 'neptune', 'harbour', 'stove', 'th', 'workshop called']) {
      const started = performance.now()
      const { messages } = await ask(query)
      if (messages.length === 0 && query === 'zinnoberrot') throw new Error('the word was not found')
      times.push(performance.now() - started)
    }
    return times
  })
}
