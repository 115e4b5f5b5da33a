import type { Page } from '@playwright/test'
import { answered, answers, ask, chats, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const english = { settings: { language: 'en', theme: 'light' } } as const

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search all chats' })
const results = (page: Page) => page.getByRole('navigation', { name: 'Found' })

async function talk(page: Page, question: string, answer: RegExp | string): Promise<void> {
  await ask(page, question)
  await answered(page, answer)
}

test('a person finds a word in an old chat without the mouse, and lands at the message', async ({ computer }) => {
  const { page } = await computer.start(english)
  await talk(page, 'What is the capital of France?', 'Paris')
  // Long enough that the first message is out of sight.
  for (const country of ['Japan', 'Italy', 'Spain', 'Germany', 'Greece', 'Egypt']) {
    await talk(page, `What is the capital of ${country}?`, /\w+/)
  }
  await newChat(page)
  await talk(page, '法国的首都是哪里？', '巴黎')
  await newChat(page)

  await page.keyboard.press('ControlOrMeta+Shift+f')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('PARIS')
  await expect(results(page).getByRole('button')).toHaveCount(1)
  await expect(results(page).locator('mark')).toHaveText('Paris')
  await picture(page, 'search')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const found = page.getByRole('article').filter({ hasText: 'The capital of France is Paris' })
  await expect(found).toBeInViewport()
  await expect(page.locator('[data-message]:focus')).toContainText('Paris')
  await picture(page, 'search-landed')

  // Chinese, by a word of two characters, in a title and in a message.
  await page.keyboard.press('ControlOrMeta+Shift+f')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('首都')
  await expect(results(page).getByRole('region', { name: 'Chats' }).getByRole('button')).toHaveCount(1)
  await expect(results(page).getByRole('region', { name: 'Messages' }).locator('mark').first()).toHaveText('首都')
  await page.keyboard.press('Escape')
  await expect(chats(page)).toBeVisible()
})

test('a version that is not shown is found and brought back', async ({ computer }) => {
  const { page } = await computer.start(english)
  await talk(page, 'What is the capital of France?', 'Paris')
  await page.getByRole('article').first().hover()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Edit your question' }).fill('What is the capital of Japan?')
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(answers(page).last()).toContainText('Tokyo')
  await field(page).fill('paris')
  await results(page).getByRole('button').first().click()
  await expect(answers(page).last()).toContainText('Paris')
})
