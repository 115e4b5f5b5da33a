import { chats, holdTime, menuOf, talk } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const english = { settings: { language: 'en', theme: 'light' } } as const

test('chats are pinned and put into folders, and stand there after a restart', async ({ computer }) => {
  const first = await computer.start(english)
  const { page } = first
  for (const country of ['France', 'Japan', 'Italy']) await talk(page, `What is the capital of ${country}?`)

  await menuOf(page, 'What is the capital of France?')
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).click()
  await expect(chats(page).getByRole('region', { name: 'Pinned' })).toContainText('France')

  await menuOf(page, 'What is the capital of Japan?')
  await page.getByRole('menuitem', { name: 'Move to folder' }).click()
  await page.getByRole('menuitem', { name: 'New folder' }).click()
  await expect(page.getByRole('textbox', { name: 'Name of the folder' })).toBeFocused()
  await page.keyboard.type('Travel')
  await page.keyboard.press('Enter')
  const travel = chats(page).getByRole('region', { name: 'Travel' })
  await expect(travel).toContainText('Japan')
  await picture(page, 'folders')
  await first.quit()

  const second = await computer.start()
  await expect(chats(second.page).getByRole('region', { name: 'Travel' })).toContainText('Japan')
  await expect(chats(second.page).getByRole('region', { name: 'Pinned' })).toContainText('France')
  await second.page.getByRole('button', { name: /^Travel/ }).click()
  await expect(chats(second.page).getByRole('button', { name: /Japan/ })).toBeHidden()
  await second.page.getByRole('button', { name: /^Travel/ }).hover()
  await second.page.getByRole('button', { name: 'Actions for “Travel”' }).click()
  await holdTime(second.page)
  await second.page.getByRole('menuitem', { name: 'Delete the folder, keep its chats' }).click()
  await expect(chats(second.page).getByRole('region', { name: 'Today' })).toContainText('Japan')
  await picture(second.page, 'folder-deleted')
  await second.page.getByRole('button', { name: 'Undo' }).click()
  await expect(chats(second.page).getByRole('region', { name: 'Travel' })).toContainText('Japan')
})
