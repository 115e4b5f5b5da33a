import { answers, ask, chats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const question = 'What is the capital of France?'

test('a person opens Hearth, asks, gets an answer as it is written, and finds it again after a restart', async ({
  computer,
}) => {
  const first = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await expect(first.page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible()
  await picture(first.page, 'first-run-1-welcome')

  await ask(first.page, question)
  await expect(answers(first.page)).toContainText('The capital of France is Paris.')
  await expect(answers(first.page)).toHaveAttribute('aria-busy', 'false')
  await picture(first.page, 'first-run-2-answer')
  await first.quit()

  const second = await computer.start()
  await chats(second.page).getByRole('button', { name: question, exact: true }).click()
  await expect(answers(second.page)).toContainText('The capital of France is Paris.')
  await picture(second.page, 'first-run-3-restarted')
})
