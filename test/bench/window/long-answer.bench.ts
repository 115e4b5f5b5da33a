import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import ts from 'typescript'
import { answers, ask } from '../../e2e/chat.ts'
import { expect, test } from '../../e2e/launch.ts'
import { countCommits, watched } from './probe.ts'
import { report } from './report.ts'
import { type Tasks, traced } from './trace.ts'

const tokens = Number(process.env.BENCH_TOKENS ?? 20_000)
const rate = 200

/** Lets the app start the paced engine in place of its own. */
async function pace(app: ElectronApplication, folder: string): Promise<void> {
  const source = await readFile(join(import.meta.dirname, '..', 'paced-engine.ts'), 'utf8')
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } })
  const engine = join(folder, 'paced-engine.mjs')
  await writeFile(engine, outputText)
  await app.evaluate(
    ({ utilityProcess }, { engine, env }) => {
      const { fork } = utilityProcess
      utilityProcess.fork = (path, args, options) =>
        path.endsWith('engine-process.js')
          ? fork(engine, args, { ...options, env: { ...options?.env, ...env } })
          : fork(path, args, options)
    },
    { engine, env: { PACED_TOKENS: String(tokens), PACED_RATE: String(rate) } },
  )
}

/** Megabytes of the page's process that are its own: the program's code, which all its processes share, is not. */
async function memoryOf(app: ElectronApplication): Promise<number> {
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId())
  const lines = (await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')).matchAll(/^Private_\w+: +(\d+) kB$/gm)
  return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) / 1024, 0)
}

/** Marks the blocks that are settled by now, and notes every change inside them. */
const settle = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const blocks = [...document.querySelectorAll('[data-writing] .markdown > * > *')].slice(0, -3)
    let changes = 0
    const observer = new MutationObserver(records => {
      changes += records.length
      Object.assign(window, { changes })
    })
    for (const block of blocks) observer.observe(block, { subtree: true, childList: true, characterData: true })
    Object.assign(window, { changes, settled: blocks })
    return blocks.length
  })

/** Waits for the end of the answer. Playwright's own waiting looks through the whole page again and again. */
const ended = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    while (document.querySelector('[data-writing]')) await new Promise(resolve => setTimeout(resolve, 250))
    await new Promise(resolve => setTimeout(resolve, 1000))
  })

test('an answer of 20,000 tokens', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { language: 'en' } })
  await page.setViewportSize({ width: 1280, height: 800 })
  await pace(app, computer.home)
  await countCommits(page)
  await ask(page, 'What keeps a room warm?')
  await expect(answers(page)).toContainText('So ')
  const memoryBefore = await memoryOf(app)
  let memory = 0
  let changed = { changes: 0, gone: 0 }
  let blocks = 0
  let tasks: Tasks | undefined
  const seen = await watched(page, async () => {
    await page.waitForTimeout((tokens / rate) * 500)
    blocks = await settle(page)
    await page.waitForTimeout((tokens / rate) * 400)
    changed = await page.evaluate(() => {
      const { changes, settled } = window as unknown as { changes: number; settled: Element[] }
      return { changes, gone: settled.filter(block => !block.isConnected).length }
    })
    // Before tasks are recorded, which takes memory of its own.
    memory = await memoryOf(app)
    tasks = await traced(app, () => ended(page))
  })
  const often = seen.commits.filter(commits => commits > 1).length
  console.log(`${seen.frames.length} frames; ${often} with more than one commit, ${seen.commits[0]} at most`)
  console.log(`of ${blocks} settled blocks ${changed.changes} changed, ${changed.gone} went`)
  console.log(`memory of the page before: ${memoryBefore.toFixed(0)} MB`)
  report('longest task, of the processor', 'ms', [tasks?.processor[0] ?? 0], 50)
  report('longest task, by the clock', 'ms', [tasks?.clock[0] ?? 0], 50)
  report('commits in a frame, 99 of 100', '', [seen.commits[Math.floor(seen.commits.length / 100)] ?? 0], 2)
  report('memory of the page', 'MB', [memory], 300)
})
