import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answers, ask, choose, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addModelOfOllama } from './models-folder.ts'

test('a person finds everything by keyboard, and the settings hold', async ({ computer }) => {
  const first = await computer.start({ settings: { language: 'en' } })
  let { page } = first
  await page.keyboard.press('ControlOrMeta+k')
  const field = page.getByRole('combobox')
  await expect(field).toBeFocused()
  await expect(page.getByRole('option', { name: 'New chat with hearth-demo' })).toBeVisible()
  await picture(page, 'palette')
  await field.fill('sett')
  await expect(page.getByRole('option')).toHaveCount(1)
  await field.press('Enter')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()

  // Of a page of many screens, the end is two keys away.
  await page.getByRole('button', { name: 'Go to' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Connections' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Connections' })).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Connections' })).toBeInViewport()

  await page.getByRole('radio', { name: '8,192' }).click()
  await page.getByRole('radio', { name: 'For good' }).click()
  await expect(page.getByText('Hearth has made no connection to another computer.')).toBeVisible()
  // A choice is shown before it is saved, and a person is slower than this test.
  const saved = async () => JSON.parse(await readFile(join(computer.home, 'settings.json'), 'utf8'))
  await expect.poll(saved).toMatchObject({ contextLength: 8192, keepAlive: -1 })
  await page.getByRole('combobox', { name: 'Text size' }).selectOption('125%')
  await expect.poll(saved).toMatchObject({ textSize: 125 })
  const drawnLarger = () => page.evaluate(() => matchMedia('(resolution: 1.25x)').matches)
  await expect.poll(drawnLarger).toBe(true)
  await first.quit()

  // What goes out is told, also when nobody answers, and is still told after a restart.
  const second = await computer.start()
  page = second.page
  await expect.poll(drawnLarger).toBe(true)
  // As Ctrl and 0 do.
  await second.app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
    items?.find(({ accelerator }) => accelerator === 'CommandOrControl+0')?.click()
  })
  await expect.poll(drawnLarger).toBe(false)
  await page.evaluate(() =>
    window.hearth.call('pulls.start', { model: 'http://127.0.0.1:1/library/tiny', insecure: true }),
  )
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('cell', { name: 'To get a model library/tiny' })).toBeVisible()
  await expect(page.getByRole('cell', { name: '127.0.0.1:1', exact: true })).toBeVisible()
  await page.evaluate(() => window.hearth.call('pulls.remove', { model: 'http://127.0.0.1:1/library/tiny' }))
  await second.quit()
  page = (await computer.start()).page
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('cell', { name: '127.0.0.1:1', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the list' }).click()
  await expect(page.getByText('Hearth has made no connection to another computer.')).toBeVisible()
})

// The menu was longer than such a window, and its first sections stood above it.
test('with the largest text in a small window, every section of the settings can be led to', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { language: 'en', textSize: 200 } })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(720, 480))
  await expect.poll(() => page.evaluate(() => innerHeight)).toBeLessThan(300)
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('button', { name: 'Go to' }).click()
  const menu = page.getByRole('menu')
  await expect(menu).toBeInViewport({ ratio: 0.98 })
  await page.getByRole('menuitem', { name: 'Connections' }).click()
  await expect(page.getByRole('heading', { name: 'Connections' })).toBeInViewport()
})

test('a person moves the models to another folder, chats with them there, and uses those of an Ollama where they are', async ({
  computer,
}) => {
  const elsewhere = join(computer.home, '..', 'elsewhere')
  const person = join(computer.home, '..', 'person')
  const ollamas = join(person, '.ollama', 'models')
  await addModelOfOllama(ollamas, 'found', 'latest')
  const start = { env: { OLLAMA_MODELS: '', HOME: person } }
  // An empty folder would be the place of a disk that is away.
  await mkdir(join(computer.models, 'manifests'), { recursive: true })
  const first = await computer.start({ ...start, settings: { language: 'en', modelsFolder: computer.models } })
  await choose(first.app, elsewhere)
  await first.page.keyboard.press('ControlOrMeta+,')
  await first.page.getByRole('button', { name: 'Move models…' }).click()
  await expect(first.page.getByText('All models are here now.', { exact: true })).toBeVisible()
  await expect(first.page.getByText(elsewhere, { exact: true })).toHaveCount(1)
  await picture(first.page, 'models-moved')
  await newChat(first.page)
  await ask(first.page, 'What is the capital of France?')
  await expect(answers(first.page).last()).toHaveAttribute('aria-busy', 'false')

  await first.page.keyboard.press('ControlOrMeta+,')
  await first.page.getByRole('button', { name: `Use this folder: ${ollamas}` }).click()
  await expect(first.page.getByText(`Those in ${elsewhere} stay there.`)).toBeVisible()
  await first.page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(first.page.getByRole('listitem', { name: 'found' })).toBeVisible()
  await first.page.keyboard.press('ControlOrMeta+,')
  await first.page.getByRole('button', { name: 'Use another folder…' }).click()
  await expect(first.page.getByText(`Those in ${ollamas} stay there.`)).toBeVisible()
  await first.quit()
  expect(existsSync(join(computer.models, 'manifests'))).toBe(false)

  // The variable has the last word, and says so.
  const { page } = await computer.start({ env: { OLLAMA_MODELS: elsewhere } })
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByText('The variable OLLAMA_MODELS of your system says')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Move models…' })).toBeDisabled()
})
