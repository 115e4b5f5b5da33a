import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { answers, ask, chats, choose, menuOf, newChat, talk } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addSeeingModel } from './models-folder.ts'

test('a person exports all chats, deletes one, imports, and it is there again, word for word', async ({ computer }) => {
  const hearth = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const { page } = hearth
  const answer = await talk(page, 'What is the capital of France?')
  await talk(page, '日本的首都是哪里？')
  const file = join(computer.home, 'all.json')
  await choose(hearth.app, file)
  await page.keyboard.press('ControlOrMeta+,')
  const yours = page.getByRole('region', { name: 'Your chats' })
  await yours.getByRole('button', { name: 'Export all' }).click()
  await page.getByRole('menuitem', { name: /JSON/ }).click()
  await expect(page.getByText('The export is finished.', { exact: true })).toBeVisible()
  await picture(page, 'exported')
  expect(JSON.parse(await readFile(file, 'utf8')).records).toHaveLength(6)

  await menuOf(page, 'What is the capital of France?')
  await page.getByRole('menuitem', { name: /^Delete/ }).click()
  const france = chats(page).getByRole('button', { name: 'What is the capital of France?', exact: true })
  await expect(france).toBeHidden()
  await yours.getByRole('button', { name: 'Import' }).click()
  await expect(
    page.getByText('New chats: 0, new messages: 0, back from Recently deleted: 1.', { exact: true }),
  ).toBeVisible()
  await france.click()
  await expect(answers(page).last()).toBeVisible()
  // What stands beside it is drawn once the list rests.
  await expect.poll(() => answers(page).last().textContent()).toBe(answer)

  // The Markdown of one chat.
  const text = join(computer.home, 'France.md')
  await choose(hearth.app, text)
  await menuOf(page, 'What is the capital of France?')
  await page.getByRole('menuitem', { name: 'Export' }).hover()
  await page.getByRole('menuitem', { name: /Markdown/ }).click()
  const markdown = () => readFile(text, 'utf8').catch(() => '')
  await expect.poll(markdown).toMatch(/^# What is the capital of France\?\n\n## You\n/)
  expect(await markdown()).toContain('\n## hearth-demo')

  // Of a chat with a picture: a zip, in which the text names the picture beside it.
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  await expect(answers(page).last()).toBeVisible()
  await newChat(page)
  const circle = join(import.meta.dirname, '..', 'fixtures', 'pictures', 'red-circle.jpg')
  await page.locator('input[type=file]').setInputFiles(circle)
  await expect(page.getByRole('img', { name: 'red-circle.jpg' })).toBeVisible()
  await page.getByRole('button', { name: /^Model:/ }).click()
  await page.getByRole('menuitemradio', { name: 'seer' }).click()
  await ask(page, 'Which shape is it?')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  const zip = join(computer.home, 'Shape.zip')
  await choose(hearth.app, zip)
  await menuOf(page, 'Which shape is it?')
  await page.getByRole('menuitem', { name: 'Export' }).hover()
  await page.getByRole('menuitem', { name: /Markdown/ }).click()
  await expect.poll(() => existsSync(zip)).toBe(true)
  const files = unzipSync(await readFile(zip))
  const written = Buffer.from(files['Which shape is it.md'] ?? []).toString()
  const [, linked = '', hash] = /!\[red-circle\.jpg\]\((pictures\/(\w+)\.\w+)\)/.exec(written) ?? []
  const bytes = files[linked] ?? Buffer.alloc(0)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash)

  // Another program's file says so in plain words.
  await writeFile(file, '[{"title":"Plans"}]')
  await choose(hearth.app, file)
  await page.keyboard.press('ControlOrMeta+,')
  await yours.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByText(/^This file holds no chats of Hearth/)).toBeVisible()
})
