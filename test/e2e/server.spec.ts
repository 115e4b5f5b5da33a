import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { answers, ask, newChat } from './chat.ts'
import { expect, test } from './launch.ts'

const says = (url: string) =>
  fetch(url).then(
    response => response.text(),
    () => 'nothing',
  )

/** The address for this computer. */
const address = (page: Page) => page.getByRole('main').locator('code', { hasText: 'http://' }).first()

test('a person lets other programs in, moves the door, and sees who calls', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en' } })
  await page.keyboard.press('ControlOrMeta+Shift+s')
  const first = String(await address(page).textContent())
  expect(await says(first)).toBe('Ollama is running')
  await expect(page.getByRole('log')).toContainText('GET')

  // The example does what it says: another program asks, with what was copied.
  await expect(page.getByRole('main')).toContainText(`curl ${first}/api/chat`)
  await page.getByRole('radio', { name: 'JavaScript, ollama' }).click()
  await expect(page.getByRole('main')).toContainText(`new Ollama({ host: "${first}" })`)
  await expect(page.getByRole('main')).toContainText('model: "hearth-demo"')

  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const port = page.getByRole('textbox', { name: 'Port' })
  await port.fill(String((taken.address() as AddressInfo).port))
  await port.press('Enter')
  await expect(page.getByText('This port belongs to another program.')).toBeVisible()
  expect(await says(first)).toBe('Ollama is running')
  await new Promise(resolve => taken.close(resolve))
  await port.press('Enter')
  await expect(address(page)).not.toHaveText(first)
  const moved = String(await address(page).textContent())
  expect(await says(moved)).toBe('Ollama is running')
  expect(await says(first)).toBe('nothing')

  await page.getByRole('switch', { name: 'Let other programs in' }).click()
  await expect(address(page)).toHaveCount(0)
  expect(await says(moved)).toBe('nothing')
  await newChat(page)
  await ask(page, 'What is the capital of France?')
  await expect(answers(page)).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('ControlOrMeta+Shift+s')
  await page.getByRole('switch', { name: 'Let other programs in' }).click()
  await expect(address(page)).toHaveText(moved)
})

// A log that draws every request would stop the window while a program asks thousands of times.
test('three thousand requests leave the window quick', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en' } })
  await page.keyboard.press('ControlOrMeta+Shift+s')
  const url = `${await address(page).textContent()}/api/version`
  for (let each = 0; each < 30; each += 1) await Promise.all(Array.from({ length: 100 }, () => says(url)))
  await expect(page.getByRole('log')).toContainText('/api/version')
  expect(await page.getByRole('log').locator('div.font-mono').count()).toBeLessThan(60)
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(page.getByText('What other programs ask will stand here.', { exact: false })).toBeVisible()
})
