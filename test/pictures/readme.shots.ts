import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Settings } from '../../preload/contract.ts'
import { answers, ask } from '../e2e/chat.ts'
import { expect, test } from '../e2e/launch.ts'

/*
 * `npm run pictures`: takes the pictures of the README anew, with the demo model's own answers.
 */

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

async function take(page: Page, name: string, look: Pick<Settings, 'theme' | 'language'>): Promise<void> {
  await page.evaluate(look => window.hearth.call('settings.change', look), look)
  await expect(page.locator('html')).toHaveAttribute('lang', look.language)
  await expect(page.locator('html')).toHaveAttribute('data-theme', look.theme)
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
}

const begin = async (page: Page) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ reducedMotion: 'reduce' })
}
const light = { theme: 'light', language: 'en' } as const

test('the first screen and a chat', async ({ computer }) => {
  const { page } = await computer.start({ settings: light })
  await begin(page)
  await expect(page.getByRole('button', { name: 'See other models' })).toBeVisible()
  await take(page, 'welcome-dark-zh', { theme: 'dark', language: 'zh-CN' })
  await page.evaluate(light => window.hearth.call('settings.change', light), light)
  for (const question of [
    'Why is the sky blue?',
    '日本的首都是哪儿？',
    'Make a table of 3 planets and their colours.',
    'Give me a Python function that halves a number.',
  ]) {
    await page.keyboard.press('ControlOrMeta+n')
    await ask(page, question)
    await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  }
  await take(page, 'chat-light', light)
})

test('the catalogue of models', async ({ computer }) => {
  const { page } = await computer.start({ settings: light })
  await begin(page)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await page.getByRole('tab', { name: 'Discover' }).press('Enter')
  await expect(page.getByRole('listitem').getByText('Runs well on this computer').first()).toBeVisible()
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
  const { page } = await computer.start({ settings: { ...light, theme: 'dark' } })
  await begin(page)
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
  await filled.getByRole('radio', { name: 'No' }).click()
  await filled.getByLabel('Total').blur()
  await take(page, 'form-dark', { theme: 'dark', language: 'en' })
})
