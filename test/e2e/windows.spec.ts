import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { answers, ask, chats, holdTime, newChat } from './chat.ts'
import { expect, nextWindow, test } from './launch.ts'

/** Labels of the menu that holds what can be done in a window. */
const menuLabels = (app: ElectronApplication) =>
  app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.flatMap(({ label, submenu }) =>
      label === 'Go' || label === '前往' ? (submenu?.items.map(item => item.label) ?? []) : [],
    ),
  )

test('two windows show the same chats, live, and the menu has what the window can do', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { language: 'en' } })
  await expect.poll(() => menuLabels(app)).toContain('New chat')
  await page.evaluate(() => window.hearth.call('settings.change', { language: 'zh-CN' }))
  await expect.poll(() => menuLabels(app)).toContain('新对话')
  await page.evaluate(() => window.hearth.call('settings.change', { language: 'en' }))

  const opened = nextWindow(app)
  await page.keyboard.press('ControlOrMeta+Shift+n')
  const other = await opened
  await other.getByRole('main').waitFor()
  const places = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(each => each.getPosition()),
  )
  expect(places[0]).not.toEqual(places[1])

  await ask(page, 'What is the capital of France?')
  await expect(chats(other).getByRole('button').first()).toBeVisible()
  await chats(other).getByRole('button').first().click()
  for (const window of [page, other]) await expect(answers(window)).toHaveAttribute('aria-busy', 'false')
  await expect.poll(() => answers(other).textContent()).toBe(await answers(page).textContent())

  // A question half written in both would be two, of which one is lost.
  await page.locator('#composer').fill('And of Spain')
  await expect(other.locator('#composer')).toHaveValue('And of Spain')
  await ask(other, 'And of Spain?')
  await expect(page.locator('#composer')).toHaveValue('')

  // Who did not delete it is told where the chat has gone, and can have it back.
  for (const window of [page, other]) await expect(answers(window).last()).toHaveAttribute('aria-busy', 'false')
  await holdTime(other)
  await chats(page).getByRole('button').first().press('Delete')
  for (const window of [page, other]) await expect(answers(window)).toHaveCount(0)
  await expect(other.getByText('This chat was deleted in another window.', { exact: true })).toBeVisible()
  await expect(page.getByText('in another window')).toHaveCount(0)
  await other.getByRole('button', { name: 'Undo' }).click()
  await expect(answers(other)).toHaveCount(2)

  // Chosen from the menu, an action happens in the window that is in front.
  await app.evaluate(({ BrowserWindow, Menu }) => {
    const item = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'Go')?.submenu?.items
    const settings = item?.find(({ label }) => label === 'Settings')
    settings?.click(undefined, BrowserWindow.getAllWindows()[0])
  })
  const shown = () => Promise.all([page, other].map(each => each.getByRole('heading', { name: 'Settings' }).count()))
  await expect.poll(async () => (await shown()).sort()).toEqual([0, 1])
})

test('each window comes back with its chat and its place, and what it had not sent', async ({ computer }) => {
  const saved = (file: string) => () => readFile(join(computer.home, file), 'utf8').catch(() => '')
  const first = await computer.start({ settings: { language: 'en' } })
  await ask(first.page, 'What is the capital of France?')
  await expect(answers(first.page)).toHaveAttribute('aria-busy', 'false')
  const opened = nextWindow(first.app)
  await first.page.keyboard.press('ControlOrMeta+Shift+n')
  const other = await opened
  await other.getByRole('main').waitFor()
  await ask(other, 'What is the capital of Japan?')
  await expect(answers(other)).toHaveAttribute('aria-busy', 'false')
  await newChat(other)
  // Two windows about to begin a chat are two chats.
  await other.locator('#composer').fill('Of the second')
  await newChat(first.page)
  await expect(first.page.locator('#composer')).toHaveValue('')
  await first.page.locator('#composer').fill('Of the first')
  await chats(other).getByRole('button', { name: 'What is the capital of Japan?', exact: true }).click()
  await other.keyboard.press('ControlOrMeta+,')
  const bounds = { x: 130, y: 70, width: 820, height: 640 }
  await first.app.evaluate(({ BrowserWindow }, bounds) => {
    const windows = BrowserWindow.getAllWindows().sort((one, two) => one.id - two.id)
    windows[1]?.setBounds(bounds)
  }, bounds)
  await expect.poll(saved('window-2.json')).toContain('"width":820')
  await first.quit()

  const second = await computer.start()
  await expect.poll(() => second.app.windows().length).toBe(2)
  const found = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(one => one.getBounds()),
  )
  expect(found).toContainEqual(bounds)
  const contents = () =>
    Promise.all(
      second.app.windows().map(async page => {
        await page.getByRole('main').waitFor()
        return {
          composer: await page.locator('#composer').inputValue(),
          answers: await answers(page).allTextContents(),
        }
      }),
    )
  // The settings are no place to begin at: the window is at the chat it had before.
  await expect.poll(async () => (await contents()).map(({ composer }) => composer).sort()).toEqual(['', 'Of the first'])
  await expect.poll(async () => (await contents()).flatMap(each => each.answers).join()).toContain('Tokyo')
  const [japan] = await second.app.windows().reduce<Promise<Page[]>>(async (found, page) => {
    const isJapan = (await answers(page).count()) > 0
    return isJapan ? [...(await found), page] : found
  }, Promise.resolve([]))
  await newChat(japan!)
  await expect(japan!.locator('#composer')).toHaveValue('Of the second')

  // One closed by the person stays closed; a chat that is gone opens the start.
  await japan!.close()
  const rest = second.app.windows()[0]!
  await chats(rest).getByRole('button', { name: 'What is the capital of France?', exact: true }).click()
  await expect(answers(rest)).toContainText('Paris')
  await second.quit()
  const remembered = await saved('windows.json')()
  expect(JSON.parse(remembered)).toHaveLength(1)
  await writeFile(join(computer.home, 'windows.json'), remembered.replace(/chat\/[^"]+/, 'chat/gone'))
  const third = await computer.start()
  await expect(third.page.locator('#composer')).toHaveValue('Of the first')
  expect(third.app.windows()).toHaveLength(1)
})

test('with the icon beside the clock, Hearth outlives its last window', async ({ computer }) => {
  const { app } = await computer.start({ settings: { language: 'en', tray: true } })
  const again = nextWindow(app)
  await app.evaluate(async ({ app, BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    const closed = new Promise<void>(resolve => window?.once('closed', () => resolve()))
    window?.close()
    await closed
    app.emit('second-instance', {}, [], '')
  })
  await (await again).getByRole('main').waitFor()
})
