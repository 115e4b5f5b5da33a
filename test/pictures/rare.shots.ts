import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { answers, ask, chats, choose, importChats, newChat, pick } from '../e2e/chat.ts'
import { expect, type OpenHearth, test } from '../e2e/launch.ts'
import { addCopyOfDemo } from '../e2e/models-folder.ts'
import { begin, eightLooks, english, wholeScreen } from './eight-looks.ts'
import * as sample from './sample-chats.ts'

/** What a person meets seldom: another window, no network, models that went away or move, a computer without chats. */

const press = (page: OpenHearth['page'], name: string) => page.getByRole('button', { name, exact: true }).click()

test('two windows, links from outside, and folders', async ({ computer }) => {
  test.setTimeout(180_000)
  const hearth = await begin(computer)
  const { app, page } = hearth
  await importChats(hearth, computer.home, sample.sampleChats())
  await chats(page).getByRole('button', { name: sample.everythingTitle, exact: true }).click()
  const another = app.waitForEvent('window')
  await page.keyboard.press('ControlOrMeta+Shift+n')
  const second = await another
  await chats(second).getByRole('button', { name: sample.everythingTitle, exact: true }).press('Delete')
  await expect(page.getByText('This chat was deleted in another window.', { exact: true })).toBeVisible()
  await eightLooks(page, 'deleted-elsewhere')
  await second.close()

  const hear = (link: string) => app.evaluate(({ app }, link) => app.emit('second-instance', {}, [link], '/'), link)
  await hear('hearth://chat?model=nowhere&prompt=What%20is%20the%20capital%20of%20France%3F')
  await expect(page.getByText('nowhere is not on this computer.', { exact: false })).toBeVisible()
  await eightLooks(page, 'link-chat')

  await chats(page).getByRole('button', { name: sample.chineseTitle, exact: true }).hover()
  await chats(page)
    .getByRole('button', { name: `Actions for “${sample.chineseTitle}”` })
    .click()
  await page.getByRole('menuitem', { name: 'Move to folder' }).press('ArrowRight')
  await page.getByRole('menuitem', { name: 'New folder' }).click()
  await expect(page.getByRole('textbox', { name: 'Name of the folder' })).toBeFocused()
  await eightLooks(page, 'folder-new', { widths: [1280] })
  await page.keyboard.press('Escape')
})

test('a model that went away, and none at all', async ({ computer }) => {
  test.setTimeout(180_000)
  const { page } = await begin(computer)
  await addCopyOfDemo(computer.models, 'gemma3')
  await page.reload()
  await pick(page, 'gemma3')
  await ask(page, 'What is the capital of France?')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  await rm(join(computer.models, 'manifests', 'registry.ollama.ai', 'library', 'gemma3'), { recursive: true })
  await page.reload()
  await expect(page.getByText('no longer here').first()).toBeVisible()
  await eightLooks(page, 'chat-model-gone')
  await rm(join(computer.models, 'manifests'), { recursive: true })
  await newChat(page)
  await page.reload()
  await expect(page.getByText('No model on this computer').first()).toBeVisible()
  await eightLooks(page, 'chat-no-model')
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await eightLooks(page, 'models-nothing')
})

test('a download without a network, and the connections that were tried', async ({ computer }) => {
  test.setTimeout(180_000)
  const { page } = await begin(computer)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await page.getByRole('tab', { name: 'Discover' }).click()
  const field = page.getByRole('textbox', { name: 'Name or link of a model' })
  await field.fill('http://127.0.0.1:1/library/tiny')
  await press(page, 'Will it run here?')
  await expect(page.getByText('Is this computer on the internet?', { exact: false }).first()).toBeVisible()
  const box = page.getByRole('main').locator('.column-box')
  const scrolled = (top: number) => ({ each: () => box.evaluate((box, top) => box.scrollTo({ top }), top) })
  await eightLooks(page, 'check-offline', scrolled(100_000))
  await field.press('Enter')
  await expect(page.getByRole('button', { name: /^Try again: / })).toBeVisible()
  await eightLooks(page, 'pull-offline-below', scrolled(100_000))
  await eightLooks(page, 'pull-offline', scrolled(0))
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('cell', { name: '127.0.0.1:1', exact: true }).first()).toBeVisible()
  await eightLooks(page, 'connections', {
    each: () =>
      page
        .getByRole('table')
        .first()
        .evaluate(table => table.scrollIntoView({ block: 'center' })),
  })
})

test('models that are moved', async ({ computer }) => {
  test.setTimeout(180_000)
  await mkdir(join(computer.models, 'manifests'), { recursive: true })
  const settings = { ...english, modelsFolder: computer.models }
  const { app, page } = await begin(computer, { env: { OLLAMA_MODELS: '' }, settings })
  await page.keyboard.press('ControlOrMeta+,')
  const button = page.getByRole('button').filter({ hasText: /Move models…|移动模型…/ })
  const inSight = { each: () => button.evaluate(button => button.scrollIntoView({ block: 'center' })) }
  await eightLooks(page, 'settings-models-folder', inSight)
  await choose(app, join(computer.models, 'inside'))
  await button.click()
  await expect(page.getByText('Models cannot be moved to that folder').first()).toBeVisible()
  await eightLooks(page, 'settings-move-refused', inSight)
  await choose(app, join(computer.home, '..', 'elsewhere'))
  await button.click()
  await expect(page.getByText('All models are here now.', { exact: true })).toBeVisible()
  await eightLooks(page, 'settings-moved', inSight)
})

test('a page that crashes twice, and the question the system asks then', async ({ computer }) => {
  test.setTimeout(180_000)
  for (const language of ['en', 'zh-CN'] as const) {
    const { app, kill } = await computer.start({ settings: { ...english, language } })
    // Past Playwright's page, which is given up once it has crashed.
    await app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      const happening = (name: string) => new Promise<void>(resolve => contents?.once(name as 'focus', () => resolve()))
      contents?.forcefullyCrashRenderer()
      await happening('did-finish-load')
      contents?.forcefullyCrashRenderer()
      await happening('render-process-gone')
    })
    // The system draws its question when it likes.
    await setTimeout(2_000)
    await wholeScreen(app, `crashed-twice-${language}`)
    await kill()
  }
})

test.describe('where models should be', () => {
  test.use({ expectedComplaint: /./ })
  test('their folder is not there', async ({ computer }) => {
    const settings = { ...english, modelsFolder: join(computer.home, '..', 'disk', 'models') }
    const { page } = await begin(computer, { env: { OLLAMA_MODELS: '' }, settings })
    await expect(page.getByText('The models folder is not there').first()).toBeVisible()
    await eightLooks(page, 'notice-models-away')
  })
})
