import { join } from 'node:path'
import { answers, ask, chats, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addModelOfOllama } from './models-folder.ts'

const question = 'What is the capital of France?'

test('a person who has Ollama opens Hearth, finds its model, asks, gets an answer as it is written, and finds it again after a restart', async ({
  computer,
}) => {
  const userHome = join(computer.home, '..', 'person')
  await addModelOfOllama(join(userHome, '.ollama', 'models'), 'llama3.2', '1b')
  const env = { HOME: userHome, USERPROFILE: userHome, OLLAMA_MODELS: '' }
  const first = await computer.start({ env, settings: { language: 'en', theme: 'light' } })
  await expect(first.page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible()
  const found = first.page.getByText('Hearth has found a model of Ollama on this computer and uses the same file.')
  await expect(found).toBeVisible()
  await picture(first.page, 'first-run-1-welcome')
  await first.page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(first.page.getByRole('listitem', { name: 'llama3.2:1b' })).toBeVisible()
  await newChat(first.page)

  await ask(first.page, question)
  await expect(answers(first.page)).toContainText('The capital of France is Paris.')
  await expect(answers(first.page)).toHaveAttribute('aria-busy', 'false')
  await picture(first.page, 'first-run-2-answer')
  await first.quit()

  const second = await computer.start({ env })
  await chats(second.page).getByRole('button', { name: question, exact: true }).click()
  await expect(answers(second.page)).toContainText('The capital of France is Paris.')
  await picture(second.page, 'first-run-3-restarted')
})
