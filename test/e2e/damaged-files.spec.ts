import { randomBytes } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answered, ask, chats, pick } from './chat.ts'
import { expect, test } from './launch.ts'
import { addBrokenModel, addUnknownArchitecture, addVastModel } from './models-folder.ts'

const english = { settings: { language: 'en', theme: 'light' } } as const

for (const [model, add, words] of [
  ['of an unknown design', addUnknownArchitecture, 'Hearth cannot run this kind of model yet'],
  ['with a damaged file', addBrokenModel, 'The model’s file is damaged'],
  ['that memory cannot hold', addVastModel, 'too large for this computer’s free memory'],
] as const) {
  test(`a model ${model} gives a card in plain words, and another one answers the question`, async ({ computer }) => {
    const { page } = await computer.start(english)
    await add(computer.models, 'useless')
    await pick(page, 'useless')
    await ask(page, 'What is the capital of France?')
    const card = page.getByRole('alert')
    await expect(card).toContainText(words)
    await card.getByRole('button', { name: 'Choose another model' }).click()
    await page.getByRole('menuitemradio', { name: /hearth-demo/ }).click()
    await answered(page, 'Paris')
  })
}

test('a damaged file of chats is told with where it is kept, and the chat goes on', async ({ computer }) => {
  await mkdir(computer.home, { recursive: true })
  await writeFile(join(computer.home, 'conversations.db'), randomBytes(20_000))
  const first = await computer.start(english)
  await expect(first.page.getByRole('region', { name: 'Notices' })).toContainText(
    'The file with your chats was damaged',
  )
  await ask(first.page, 'What is the capital of France?')
  await answered(first.page, 'Paris')
  await first.quit()
  // Not read yet, it is told again; dismissed, never more.
  const second = await computer.start()
  const card = second.page.getByRole('region', { name: 'Notices' })
  const text = (await card.textContent()) ?? ''
  const [path = ''] = /\/\S+set-aside\S+\.db/.exec(text) ?? []
  expect((await stat(path)).size).toBe(20_000)
  await card.getByRole('button').click()
  await expect(card).toBeHidden()
  await second.quit()
  const third = await computer.start()
  await chats(third.page).getByRole('button', { name: 'What is the capital of France?', exact: true }).click()
  await answered(third.page, 'Paris')
  await expect(third.page.getByRole('region', { name: 'Notices' })).toBeHidden()
})
