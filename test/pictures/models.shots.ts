import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { choose } from '../e2e/chat.ts'
import { expect, test } from '../e2e/launch.ts'
import { addCopyOfDemo, addSeeingModel } from '../e2e/models-folder.ts'
import { type DebianRegistry, publish, startRegistry } from '../integration/registry/debian-registry.ts'
import { FaultyProxy } from '../integration/registry/faulty-proxy.ts'
import { begin, eightLooks } from './eight-looks.ts'

const fixture = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'models', name)

let real: DebianRegistry
let registry: FaultyProxy
test.beforeAll(async () => {
  real = await startRegistry()
  registry = await FaultyProxy.start(real.host)
  const weights = await readFile(fixture('tiny-chat-f16.gguf'))
  for (const name of ['tiny', 'slow', 'paused'])
    await publish(real.host, `library/${name}`, 'latest', [
      ['model', Buffer.concat([weights, Buffer.from(name)])],
      ['license', 'Free for everyone.'],
    ])
})
test.afterAll(async () => {
  await registry?.close()
  await real?.close()
})

const place = (page: Page) => page.getByRole('main')
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const scrolled = (page: Page, top: number) => () =>
  place(page)
    .locator('.column-box')
    .evaluate((box, top) => box.scrollTo({ top }), top)

test('models that are here, and their dialogs', async ({ computer }) => {
  test.setTimeout(240_000)
  const { page } = await begin(computer)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(page.getByRole('listitem', { name: 'hearth-demo', exact: true })).toBeVisible()
  await eightLooks(page, 'models-one')
  await page.evaluate(() =>
    window.hearth.call('conversations.send', {
      conversationId: null,
      parentId: null,
      content: 'Hello',
      model: 'hearth-demo',
      attachments: [],
    }),
  )
  for (const name of [
    'story-teller',
    'a-name-that-is-rather-long-as-names-of-variants-are',
    'notes',
    'tutor',
    'cook',
    'poet',
  ]) {
    await addCopyOfDemo(computer.models, name)
  }
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  await expect(region(page, 'In memory')).toContainText('of memory')
  await eightLooks(page, 'models')
  await place(page).getByRole('searchbox').fill('nothing like it')
  await expect(page.getByText('None of your models is like that.')).toBeVisible()
  await eightLooks(page, 'models-none-found')
  await place(page).getByRole('searchbox').fill('')
  const card = page.getByRole('listitem', { name: 'seer', exact: true })
  await card.getByRole('button', { name: 'Details' }).click()
  await expect(page.getByRole('dialog')).toContainText('llama')
  await eightLooks(page, 'model-details')
  await page.getByRole('dialog').locator('summary').last().click()
  await eightLooks(page, 'model-details-open')
  await page.keyboard.press('Escape')
  for (const [item, name] of [
    ['Copy', 'model-copy'],
    ['Rename', 'model-rename'],
    ['Delete', 'model-delete'],
  ] as const) {
    await page.getByRole('button', { name: 'Actions for notes', exact: true }).click()
    if (item === 'Copy') await eightLooks(page, 'models-menu')
    await page.getByRole('menuitem', { name: item }).click()
    await eightLooks(page, name)
    await page.keyboard.press('Escape')
  }
})

test('models to be had, and those on their way', async ({ computer }) => {
  test.setTimeout(240_000)
  const { app, page } = await begin(computer)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await tab(page, 'Discover')
  await expect(page.getByRole('listitem').getByText('Comfortable:').first()).toBeVisible()
  await eightLooks(page, 'discover')
  await page
    .getByText(/other sizes?$/)
    .first()
    .click()
  await eightLooks(page, 'discover-sizes')
  await eightLooks(page, 'discover-end', { each: scrolled(page, 100_000) })
  await place(page).getByRole('searchbox').fill('qqqq')
  await eightLooks(page, 'discover-nothing')
  await place(page).getByRole('searchbox').fill('')
  const field = page.getByRole('textbox', { name: 'Name or link of a model' })
  await field.fill(`http://${registry.host}/library/tiny`)
  await press(page, 'Will it run here?')
  await expect(region(page, 'Another model')).toContainText('(checked)')
  await eightLooks(page, 'discover-checked', { each: scrolled(page, 100_000) })
  await field.fill('two words')
  await field.press('Enter')
  await eightLooks(page, 'discover-no-name', { each: scrolled(page, 100_000) })
  await app.evaluate(({ app }) => app.emit('second-instance', {}, ['hearth://pull/someone/tiny'], '/'))
  await expect(page.getByRole('heading', { name: 'A link leads to this model' })).toBeFocused()
  await eightLooks(page, 'discover-link')
  await press(page, 'Not now')

  registry.fault = ({ method, path }) => (method === 'GET' && path.includes('/blobs/') ? { slow: 60_000 } : undefined)
  const get = async (name: string) => {
    await field.fill(`http://${registry.host}/library/${name}`)
    await field.press('Enter')
    await expect(region(page, 'On the way')).toContainText(`library/${name}`)
  }
  const pulls = region(page, 'On the way')
  await get('nowhere')
  await expect(page.getByRole('alert')).toBeVisible()
  await get('paused')
  await expect(pulls.getByRole('progressbar')).toHaveAttribute('value', /[1-9]/)
  await press(page, 'Pause')
  await expect(pulls).toContainText('Paused')
  await get('slow')
  await expect(pulls.getByRole('listitem').filter({ hasText: 'slow' })).toContainText('left')
  await get('tiny')
  await eightLooks(page, 'pulls', { each: scrolled(page, 0) })
  await pulls.getByRole('listitem').filter({ hasText: 'slow' }).getByRole('button', { name: 'Cancel' }).click()
  await eightLooks(page, 'pulls-cancel')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+n')
  await eightLooks(page, 'welcome-pulling')
})

test('models in the making', async ({ computer }) => {
  test.setTimeout(240_000)
  const { app, page } = await begin(computer)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await tab(page, 'Create')
  await eightLooks(page, 'create')
  await eightLooks(page, 'create-end', { each: scrolled(page, 100_000) })
  await press(page, 'Paste a Modelfile…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('FROM ./mine.gguf\nTELL me')
  await dialog.getByRole('button', { name: 'Fill the fields' }).click()
  await expect(dialog).toContainText('Line 2')
  await eightLooks(page, 'create-modelfile')
  await dialog
    .getByRole('textbox')
    .fill('FROM ./mine.gguf\nSYSTEM Be brief.\nPARAMETER stop "<end>"\nMESSAGE user Hello\nMESSAGE assistant Ahoy!')
  await dialog.getByRole('button', { name: 'Fill the fields' }).click()
  await expect(place(page)).toContainText('./mine.gguf')
  await eightLooks(page, 'create-from-modelfile')
  await eightLooks(page, 'create-from-modelfile-middle', { each: scrolled(page, 600) })
  await choose(app, fixture('tiny-chat-f16.gguf'))
  await press(page, 'GGUF file…')
  await expect(place(page)).toContainText('tiny-chat-f16.gguf: F16')
  await choose(app, fixture('tiny-pirate-lora.gguf'))
  await press(page, 'Adapter file…')
  await expect(region(page, 'Adapter')).toContainText('tiny-pirate-lora.gguf')
  await eightLooks(page, 'create-file')
  await eightLooks(page, 'create-file-end', { each: scrolled(page, 100_000) })
  await press(page, 'Start over')
  await page.getByRole('combobox', { name: 'A model on this computer' }).selectOption('hearth-demo')
  await press(page, 'Try it')
  const panel = page.getByRole('complementary', { name: 'Try it' })
  await panel.getByRole('textbox').fill('What is your name?')
  await panel.getByRole('textbox').press('Enter')
  await expect(panel.getByRole('article')).toHaveAttribute('aria-busy', 'false')
  await eightLooks(page, 'create-trial')
  await panel.getByRole('button', { name: /Close/ }).first().click()
  const name = page.getByRole('textbox', { name: 'Name of the new model' })
  await name.fill('two words')
  await name.press('Enter')
  await eightLooks(page, 'create-bad-name', { each: scrolled(page, 100_000) })
  await name.fill('mirabelle')
  await name.press('Enter')
  await expect(region(page, 'In the making')).toContainText('Ready to use')
  await eightLooks(page, 'create-made', { each: scrolled(page, 0) })
})

test('somebody who has Ollama begins, and describes a model', async ({ computer }) => {
  await mkdir(computer.home, { recursive: true })
  await writeFile(join(computer.home, 'found-models.json'), '["qwen3", "gemma3"]')
  const { page } = await begin(computer)
  for (const name of ['qwen3', 'gemma3']) await addCopyOfDemo(computer.models, name)
  await page.reload()
  await expect(page.getByText('models of Ollama on this computer', { exact: false })).toBeVisible()
  await eightLooks(page, 'welcome-ollama')
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await tab(page, 'Create')
  await page.getByRole('combobox', { name: 'A model on this computer' }).selectOption('hearth-demo')
  await page.getByRole('textbox', { name: 'What it should know and be' }).fill('Be brief.')
  await press(page, 'Start over')
  await expect(page.getByText('Your description was cleared.', { exact: true })).toBeVisible()
  await eightLooks(page, 'create-emptied')
  await press(page, 'Undo')
  await press(page, 'Paste a Modelfile…')
  await page.getByRole('dialog').getByRole('textbox').fill('FROM hearth-demo\nSYSTEM Be brief.')
  await page.getByRole('dialog').getByRole('button', { name: 'Fill the fields' }).click()
  await expect(page.getByText('Your earlier description was replaced.', { exact: true })).toBeVisible()
  await eightLooks(page, 'create-replaced')
})
