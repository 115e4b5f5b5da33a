import { answers, ask } from './chat.ts'
import { expect, picture, test } from './launch.ts'

test('a person tells the model who it is, and it is that after a restart, in this chat alone', async ({ computer }) => {
  const first = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const { page } = first
  const settled = (at = page) => expect(answers(at).last()).toHaveAttribute('aria-busy', 'false')
  await page.getByRole('button', { name: 'How it answers' }).click()
  const panel = page.getByRole('complementary', { name: 'How it answers' })
  await panel.getByRole('textbox').fill('You are an assistant named Cornelius.')
  await panel.getByRole('slider', { name: 'Creativity' }).focus()
  await page.keyboard.press('Home')
  await picture(page, 'tuning')
  await ask(page, 'What is your name?')
  await expect(answers(page).last()).toContainText('Cornelius')
  await settled()

  // Changed in the middle of the chat, and asked at once.
  await panel.getByRole('textbox').fill('You are an assistant named Mirabelle.')
  await page.getByRole('button', { name: 'Answer again' }).click()
  await expect(answers(page).last()).toContainText('Mirabelle')
  await settled()
  await page.keyboard.press('ControlOrMeta+n')
  await expect(panel.getByRole('textbox')).toHaveValue('')
  await first.quit()

  const second = await computer.start()
  await second.page.getByRole('button', { name: 'What is your name?', exact: true }).click()
  await second.page.keyboard.press('ControlOrMeta+Shift+p')
  const again = second.page.getByRole('complementary', { name: 'How it answers' })
  await expect(again.getByRole('textbox')).toHaveValue('You are an assistant named Mirabelle.')
  await second.page.getByRole('button', { name: 'Answer again' }).click()
  await expect(second.page.getByRole('group', { name: 'Version 3 of 3' })).toBeVisible()
  await expect(answers(second.page).last()).toContainText('Mirabelle')
})
