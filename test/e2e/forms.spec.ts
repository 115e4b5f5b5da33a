import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, picture, test } from './launch.ts'

const english = { settings: { language: 'en', theme: 'light', model: 'hearth-demo' } } as const
const percival = 'Percival has a hamster and is 38 years old.'

const field = (page: Page, name: string) => page.getByRole('region', { name: 'Filled form' }).getByLabel(name)

async function addField(page: Page, name: string, kind = 'Text'): Promise<void> {
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.keyboard.type(name)
  await page.getByRole('combobox', { name: 'Kind' }).selectOption(kind)
  await page.getByRole('switch', { name: 'Required' }).click()
}

test('a person builds a form by clicking, fills it from a text, corrects it, and takes the table away', async ({
  computer,
}) => {
  const { app, page } = await computer.start(english)
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await picture(page, 'forms-home')
  await page.getByRole('button', { name: 'Empty form' }).click()
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('People')
  await addField(page, 'pet')
  await addField(page, 'name')
  await addField(page, 'age', 'Number')
  await page.getByRole('radio', { name: 'Whole number' }).click()
  await picture(page, 'forms-builder')
  await page.getByRole('textbox', { name: 'Text to read' }).fill(percival)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('region', { name: 'Filled form' })).toHaveAttribute('aria-busy', 'true')
  await picture(page, 'forms-running')
  await expect(page.getByRole('region', { name: 'Filled form' })).toHaveAttribute('aria-busy', 'false')
  await expect(field(page, 'pet')).toHaveValue('hamster')
  await expect(field(page, 'name')).toHaveValue('Percival')
  await expect(field(page, 'age')).toHaveValue('38')
  await picture(page, 'forms-filled')

  await field(page, 'age').fill('39')
  await expect(page.getByText('Corrected by you')).toBeVisible()
  await page.getByRole('radio', { name: /Results/ }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('39')
  await picture(page, 'forms-results')

  const path = join(computer.home, '..', 'people.csv')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  await expect(page.getByText('The export is finished.', { exact: true })).toBeVisible()
  expect(await readFile(path, 'utf8')).toBe(`\ufeffSource,pet,name,age\r\n${percival},hamster,Percival,39\r\n`)
})
