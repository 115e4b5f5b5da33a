import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '../../e2e/launch.ts'
import { report } from './report.ts'
import { traced } from './trace.ts'

const rows = 10_000
const rounds = 3

test('ten thousand results of a form', async ({ computer }) => {
  const script = join(import.meta.dirname, '..', 'form-rows.ts')
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, join(computer.home, 'forms'), `${rows}`])
  const { app, page } = await computer.start({ settings: { language: 'en' } })
  await page.setViewportSize({ width: 1280, height: 800 })
  const view = (name: RegExp) => page.getByRole('radio', { name })
  const table = page.getByRole('table', { name: 'Results' })
  const cell = (n: number) => table.getByRole('row').nth(1).getByRole('cell').nth(n)
  const filter = page.getByRole('searchbox', { name: 'Filter' })
  const column = (name: string) => table.getByRole('button', { name, exact: true })
  const steps: [string, () => Promise<void>, () => Promise<void>][] = [
    [
      'opens',
      async () => {
        await page.keyboard.press('ControlOrMeta+Shift+e')
        await page.getByRole('button', { name: /^Receipts/ }).click()
        await view(/^Results/).click()
        await expect(cell(0)).toContainText('receipt-0.txt')
        await expect(table).toHaveAttribute('aria-rowcount', `${rows + 1}`)
      },
      async () => {},
    ],
    [
      'is sorted by words',
      async () => {
        await column('shop').click()
        await expect(column('shop').locator('xpath=..')).not.toHaveAttribute('aria-sort', 'none')
        // The second: the first is the first by its shop and by its total as well.
        await expect(table.getByRole('row').nth(2)).not.toContainText('receipt-1.txt')
      },
      async () => {
        await column('total').click()
        await expect(column('total').locator('xpath=..')).not.toHaveAttribute('aria-sort', 'none')
      },
    ],
    [
      'is filtered',
      async () => {
        for (const letter of 'zinnob') await page.keyboard.type(letter)
        await expect(page.getByRole('status').filter({ hasText: '2000' })).toBeVisible()
      },
      async () => {
        await filter.fill('')
        await filter.focus()
      },
    ],
    [
      'is exported to XLSX',
      async () => {
        await page.getByRole('button', { name: 'Export' }).click()
        await page.getByRole('menuitem', { name: /Excel/ }).click()
        await expect
          .poll(() =>
            readFile(path).then(
              bytes => bytes.length,
              () => 0,
            ),
          )
          .toBeGreaterThan(100_000)
      },
      () => rm(path, { force: true }),
    ],
  ]
  const path = join(computer.home, 'out.xlsx')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  for (const [name, step, before] of steps) {
    const tasks: number[] = []
    const held: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      if (name === 'opens') {
        await page.keyboard.press('ControlOrMeta+n')
      } else await before()
      await app.evaluate(() => {
        const global = globalThis as unknown as { longest: number; heart?: NodeJS.Timeout }
        global.longest = 0
        let last = process.cpuUsage()
        let at = performance.now()
        clearInterval(global.heart)
        global.heart = setInterval(() => {
          const now = performance.now()
          const used = process.cpuUsage(last)
          global.longest = Math.max(global.longest, Math.min(now - at - 5, (used.user + used.system) / 1000))
          at = now
          last = process.cpuUsage()
        }, 5)
      })
      const { processor } = await traced(app, step)
      tasks.push(processor[0] ?? 0)
      held.push(await app.evaluate(() => (globalThis as unknown as { longest: number }).longest))
    }
    report(`a table of 10,000 results ${name}: longest task, of the processor`, 'ms', tasks, 50)
    report(`a table of 10,000 results ${name}: main held`, 'ms', held, 50)
  }
})
