import { answered, ask, composer, holdTime } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const english = { settings: { language: 'en', theme: 'light' } } as const

test('one message is deleted and taken back', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'My name is Lena.')
  await answered(page, 'Lena')
  await ask(page, 'What is my name?')
  await answered(page, 'Lena')
  await page.getByRole('article').first().hover()
  await page.getByRole('article').first().getByRole('button', { name: 'More to do' }).click()
  await picture(page, 'message-menu')
  await holdTime(page)
  await page.getByRole('menuitem', { name: 'Delete this message' }).press('Enter')
  await expect(page.getByRole('article')).toHaveCount(3)
  // The focus is at what took its place.
  await expect(page.locator('[data-message]').first().locator(':focus')).toHaveCount(1)
  await expect(page.getByText('The message was deleted.', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('article')).toHaveCount(4)
  await expect(page.getByRole('article').first()).toContainText('My name is Lena.')
  await expect(composer(page)).toBeVisible()
})

// The question stood alone, and could only be asked a second time.
test('a question whose answer was deleted is answered', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await page.getByRole('article').last().getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('menuitem', { name: 'Delete this message' }).click()
  await expect(page.getByRole('article')).toHaveCount(1)
  await page.getByRole('button', { name: 'Answer', exact: true }).click()
  await answered(page, 'Paris')
  await expect(page.getByRole('article')).toHaveCount(2)
  await expect(page.getByRole('button', { name: 'Answer', exact: true })).toBeHidden()
})
