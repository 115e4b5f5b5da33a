import type { ElectronApplication } from '@playwright/test'
import { answers, ask, chats } from './chat.ts'
import { expect, test } from './launch.ts'

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

  await page.keyboard.press('ControlOrMeta+Shift+n')
  const other = await expect
    .poll(() => app.windows().length)
    .toBe(2)
    .then(() => app.windows()[1]!)
  await other.getByRole('main').waitFor()
  const places = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(each => each.getPosition()),
  )
  expect(places[0]).not.toEqual(places[1])

  await ask(page, 'What is the capital of France?')
  await expect(chats(other).getByRole('button').first()).toBeVisible()
  await chats(other).getByRole('button').first().click()
  await expect(answers(other)).toHaveAttribute('aria-busy', 'false')
  expect(await answers(other).textContent()).toBe(await answers(page).textContent())

  // A question half written in both would be two, of which one is lost.
  await page.locator('#composer').fill('And of Spain')
  await expect(other.locator('#composer')).toHaveValue('And of Spain')
  await ask(other, 'And of Spain?')
  await expect(page.locator('#composer')).toHaveValue('')

  // Chosen from the menu, an action happens in the window that is in front.
  await app.evaluate(({ BrowserWindow, Menu }) => {
    const item = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'Go')?.submenu?.items
    const settings = item?.find(({ label }) => label === 'Settings')
    settings?.click(undefined, BrowserWindow.getAllWindows()[0])
  })
  const shown = () => Promise.all([page, other].map(each => each.getByRole('heading', { name: 'Settings' }).count()))
  await expect.poll(async () => (await shown()).sort()).toEqual([0, 1])
})

test('with the icon beside the clock, Hearth outlives its last window', async ({ computer }) => {
  const { app } = await computer.start({ settings: { language: 'en', tray: true } })
  const again = app.waitForEvent('window')
  await app.evaluate(async ({ app, BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    const closed = new Promise<void>(resolve => window?.once('closed', () => resolve()))
    window?.close()
    await closed
    app.emit('second-instance', {}, [], '')
  })
  await (await again).getByRole('main').waitFor()
})
