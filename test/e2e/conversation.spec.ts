import { answers, ask, chats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

test('a chat gets its title from the model, and keeps the one a person gives it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light', modelTitles: true } })
  const title = page.getByRole('heading', { level: 1 })
  await ask(page, 'I want to travel to Antwerp. What should I see?')
  await expect(title).toHaveText('Trip to Antwerp')
  await expect(chats(page).getByRole('button', { name: 'Trip to Antwerp', exact: true })).toBeVisible()
  await picture(page, 'title-by-model')
  await title.dblclick()
  await page.keyboard.type('Holidays')
  await page.keyboard.press('Enter')
  await ask(page, 'My name is Lena.')
  await expect(answers(page).last()).toContainText('Lena')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  await expect(title).toHaveText('Holidays')
})
