import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Computer, expect, type OpenHearth, picture, test } from './launch.ts'

const fixture = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'models', name)
const english = { settings: { language: 'en', theme: 'light' } } as const

/** A second start, as a desktop makes it of a click on a link or a file: it hands them to the first and ends. */
async function click({ home, models }: Computer, ...things: string[]): Promise<void> {
  const { HEARTH_TEST_ELECTRON: program = '', HEARTH_TEST_ARGUMENTS: given = '[]' } = process.env
  const env = { ...process.env, HEARTH_HOME: home, OLLAMA_MODELS: models, OLLAMA_HOST: '127.0.0.1:0' }
  const second = spawn(program, [...(JSON.parse(given) as string[]), ...things], { env, stdio: 'ignore' })
  expect(await once(second, 'exit')).toEqual([0, null])
}

/** The same, as the first one hears of it. */
const hear = ({ app }: OpenHearth, ...things: string[]) =>
  app.evaluate(({ app }, things) => app.emit('second-instance', {}, things, '/'), things)

test('links and model files open where they lead, and nothing happens before the person says so', async ({
  computer,
}) => {
  const cold = await computer.start({ ...english, args: ['hearth://pull/qwen3:4b'] })
  let { page } = cold
  const linked = page.getByRole('region', { name: 'A link leads to this model' })
  await expect(linked).toContainText('qwen3:4b')
  await expect(linked).toContainText('Thinks before it answers')
  await expect(linked.getByRole('heading')).toBeFocused()
  await expect(linked.getByRole('button', { name: 'Get qwen3:4b' })).toBeVisible()
  await picture(page, 'link-to-model')

  await hear(cold, 'hearth://pull/models.example/someone/tiny:7b')
  await expect(linked).toContainText('it would come from models.example')
  await linked.getByRole('button', { name: 'Not now' }).click()
  await expect(linked).toHaveCount(0)
  await expect(page.getByRole('progressbar')).toHaveCount(0)

  const composer = page.getByRole('textbox', { name: 'Your message' })
  await click(computer, 'hearth://chat?model=hearth-demo&prompt=What%20is%20the%20capital%20of%20France%3F')
  await expect(composer).toHaveValue('What is the capital of France?')
  await expect(page.getByRole('article')).toHaveCount(0)

  await hear(cold, 'hearth://chat?prompt=Hello&send=yes')
  const unknown = page.getByText('Hearth does not know what this link means. Nothing was done.', { exact: true })
  await expect(unknown).toBeVisible()
  await expect(composer).toHaveValue('What is the capital of France?')
  await picture(page, 'link-unknown')

  await click(computer, pathToFileURL(fixture('tiny-chat-f16.gguf')).href)
  const base = page.getByRole('region', { name: 'What it is made from' })
  await expect(base).toContainText('tiny-chat-f16.gguf')
  const text = join(computer.home, 'text.gguf')
  await writeFile(text, 'no model at all')
  await hear(cold, text)
  await expect(base.getByRole('alert')).toBeVisible()

  // macOS tells by events.
  await cold.app.evaluate(({ app }) => app.emit('open-url', new Event('open-url'), 'hearth://pull/llama3.2'))
  await expect(linked).toContainText('llama3.2')
  await cold.quit()

  page = (await computer.start({ args: [fixture('tiny-chat-f16.gguf')] })).page
  await expect(page.getByRole('region', { name: 'What it is made from' })).toContainText('tiny-chat-f16.gguf')
})
