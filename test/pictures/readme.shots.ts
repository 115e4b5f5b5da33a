import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Settings } from '../../preload/contract.ts'
import { chats, importChats } from '../e2e/chat.ts'
import { expect, test } from '../e2e/launch.ts'
import { addCopyOfDemo } from '../e2e/models-folder.ts'
import { begin } from './eight-looks.ts'
import { chineseTitle, everythingTitle, sampleChats } from './sample-chats.ts'

/*
 * `npm run pictures -- readme`: takes the pictures of the README anew, with sample chats.
 */

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

async function take(page: Page, name: string, look: Pick<Settings, 'theme' | 'language'>): Promise<void> {
  await page.evaluate(look => window.hearth.call('settings.change', look), look)
  await expect(page.locator('html')).toHaveAttribute('lang', look.language)
  await expect(page.locator('html')).toHaveAttribute('data-theme', look.theme)
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
}

const light = { theme: 'light', language: 'en' } as const

test('the first screen and chats', async ({ computer }) => {
  const hearth = await begin(computer, { settings: light })
  const { page } = hearth
  await expect(page.getByRole('button', { name: 'See other models' })).toBeVisible()
  await take(page, 'welcome-light', light)
  await addCopyOfDemo(computer.models, 'gemma3')
  await page.reload()
  await expect(page.getByRole('button', { name: /^Model:/ })).toBeVisible()
  await importChats(hearth, computer.home, sampleChats('gemma3'))
  const open = async (title: string, top: number) => {
    await chats(page).getByRole('button', { name: title, exact: true }).click()
    const log = page.getByRole('log')
    await expect(log.locator('table')).toBeVisible()
    await log.locator('..').evaluate((box, top) => box.scrollTo({ top }), top)
    // What was measured in one frame has been placed in the next.
    await page.waitForTimeout(500)
  }
  await open(everythingTitle, 90)
  // What a toast said is over.
  await page.getByRole('button', { name: 'Close' }).first().click()
  await take(page, 'chat-light', light)
  await page.evaluate(light => window.hearth.call('settings.change', light), light)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await open(chineseTitle, 0)
  await take(page, 'chat-dark-zh', { theme: 'dark', language: 'zh-CN' })
})

test('the catalogue of models', async ({ computer }) => {
  const { page } = await begin(computer, { settings: light })
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await page.getByRole('tab', { name: 'Discover' }).press('Enter')
  await expect(page.getByRole('listitem').getByText('Comfortable:').first()).toBeVisible()
  await page.getByRole('tab', { name: 'Discover' }).evaluate(tab => tab.blur())
  await take(page, 'models-light', light)
})

/** Limits keep the demo model short. */
const receipt = {
  type: 'object',
  properties: {
    Shop: { type: 'string', maxLength: 24 },
    Date: { type: 'string', format: 'date' },
    Total: { type: 'number', minimum: 0, maximum: 1000 },
    Currency: { enum: ['EUR', 'CHF', 'USD'] },
    'Paid in cash': { type: 'boolean' },
  },
  required: ['Shop', 'Total'],
}

test('a form, corrected after the demo model filled it', async ({ computer }) => {
  const { page } = await begin(computer, { settings: { ...light, theme: 'dark' } })
  await page.keyboard.press('ControlOrMeta+Shift+e')
  const place = page.getByRole('main')
  await place.getByRole('button', { name: /^From an example/ }).click()
  await page.getByRole('dialog').getByRole('textbox').fill(JSON.stringify(receipt))
  await page.getByRole('button', { name: 'Make the form' }).click()
  await place.getByRole('textbox', { name: 'Name of the form' }).fill('Receipts')
  await place
    .getByRole('textbox', { name: 'Text to read' })
    .fill('Bäckerei Lindner, 18 November 2026. Rye bread, poppy cake. EUR 23.40, paid by card.')
  await place.getByRole('button', { name: 'Fill the form' }).click()
  const filled = place.getByRole('region', { name: 'Filled form' })
  await expect(filled).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 })
  await filled.getByLabel('Shop').fill('Bäckerei Lindner')
  await filled.getByLabel('Date').fill('2026-11-18')
  await filled.getByLabel('Total').fill('23.40')
  await filled.getByLabel('Currency').selectOption('EUR')
  await filled.getByRole('radio', { name: 'No', exact: true }).click()
  await filled.getByLabel('Total').blur()
  await expect(filled.getByText('Corrected by you')).toBeVisible()
  await take(page, 'form-dark', { theme: 'dark', language: 'en' })
})

test('a form that was run on many files', async ({ computer }) => {
  test.setTimeout(180_000)
  const { page } = await begin(computer, { settings: light })
  await page.keyboard.press('ControlOrMeta+Shift+e')
  const place = page.getByRole('main')
  await place.getByRole('button', { name: /^From an example/ }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('{"pet": "hamster", "name": "Percival", "age": 38}')
  await page.getByRole('button', { name: 'Make the form' }).click()
  await place.getByRole('textbox', { name: 'Name of the form' }).fill('Pets')
  const people = ['Percival', 'Valentin', 'Priya', 'Ravi', 'Zelda', 'Dmitri', 'Ignacio', 'Magnus', 'Mirabelle']
  const pets = ['cat', 'hamster', 'cat', 'parrot', 'cat', 'hamster', 'cat', 'parrot', 'cat']
  const files = people.map((name, index) => ({
    name: `${name}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`${name} has a ${pets[index]} and is ${21 + 3 * index} years old.`),
  }))
  await page.locator('input[type=file]').setInputFiles(files)
  await page.getByRole('button', { name: `Run on ${people.length}` }).click()
  const table = page.getByRole('table', { name: 'Results' })
  await expect(table.getByRole('row', { name: /^Done/ })).toHaveCount(people.length, { timeout: 120_000 })
  await table.getByRole('button', { name: /Priya/ }).click()
  await expect(page.getByRole('complementary', { name: 'The open result' })).toBeVisible()
  await take(page, 'results-light', light)
})
