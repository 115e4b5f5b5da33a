import type { Page } from '@playwright/test'
import { expect, nextWindow, picture, test } from './launch.ts'

const field = (page: Page, name: string) => page.getByRole('region', { name: 'Filled form' }).getByLabel(name)

// It was cut where the field was full, without a word, and read to there.
test('a text that is too long for its field is refused as a whole, and said to be', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light', model: 'hearth-demo' } })
  const paste = async (name: string, text: string) => {
    await app.evaluate(({ clipboard }, text) => clipboard.writeText(text), text)
    await page.getByRole('textbox', { name }).focus()
    await page.keyboard.press('ControlOrMeta+v')
    return page.getByRole('textbox', { name })
  }
  await expect(await paste('Your message', 'word '.repeat(800_001))).toHaveValue('')
  const said = page.getByRole('region', { name: 'Messages from Hearth' })
  await expect(said).toContainText('This text has 4,000,005 characters, and there is room for 4,000,000 here.')
  await picture(page, 'text-too-long')
  await expect(await paste('Your message', 'short')).toHaveValue('short')
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: 'Empty form' }).click()
  await expect(await paste('Text to read', 'x'.repeat(2_000_001))).toHaveValue('')
  await expect(said).toContainText('there is room for 2,000,000 here')
})

test('a row is corrected in two windows, and neither writes over what the other has made of it', async ({
  computer,
}) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light', model: 'hearth-demo' } })
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: 'From an example or a schema' }).click()
  await page.keyboard.insertText('{"pet": "hamster", "name": "Percival", "age": 38}')
  await page.getByRole('dialog').getByRole('button', { name: 'Make the form' }).click()
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('People')
  await page.getByRole('textbox', { name: 'Text to read' }).fill('Percival has a hamster and is 38 years old.')
  const opened = nextWindow(app)
  await page.keyboard.press('ControlOrMeta+Shift+n')
  const other = await opened
  await other.getByRole('main').waitFor()
  await other.keyboard.press('ControlOrMeta+Shift+e')
  await other.getByRole('button', { name: /^People/ }).click()
  await expect(other.getByRole('textbox', { name: 'Text to read' })).toHaveValue(/^Percival/)

  const both = [page, other]
  await page.getByRole('button', { name: 'Fill the form' }).click()
  for (const window of both) await expect(field(window, 'age')).toHaveValue('38')

  // In different fields: both stand, in both windows.
  await field(page, 'pet').fill('cat')
  await field(other, 'name').fill('Perceval')
  for (const window of both) {
    await expect(field(window, 'pet')).toHaveValue('cat')
    await expect(field(window, 'name')).toHaveValue('Perceval')
  }
  // In one field: what is written is not written over. The second sees both, and says which is right.
  await field(other, 'age').fill('forty')
  await expect(other.getByText('Write a number, such as 12.5 or 12,50.')).toBeVisible()
  await field(page, 'age').fill('39')
  const note = other.getByRole('alert').filter({ hasText: '“age” was changed elsewhere' })
  await expect(note).toContainText('39')
  await field(other, 'age').fill('40')
  await expect(other.getByText('Write a number')).toBeHidden()
  await picture(other, 'forms-contested')
  await expect(field(page, 'age')).toHaveValue('39')
  await note.getByRole('button', { name: 'Keep what I wrote' }).click()
  await expect(note).toBeHidden()
  await expect(field(page, 'age')).toHaveValue('40')
})
