import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { answered, answers, ask, chats, composer, kept, newChat } from './chat.ts'
import { expect, nextWindow, picture, test } from './launch.ts'

test('a quick question is asked over any program, asked on, and goes on as a chat', async ({ computer, display }) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light', quickKey: 'Mod+Alt+H' } })
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('Quick question')
  await expect(page.getByRole('option')).toHaveCount(1)
  const opened = nextWindow(app)
  await page.keyboard.press('Enter')
  const quick = await opened
  await ask(quick, 'What is the capital of France?')
  await answered(quick, 'Paris')
  await ask(quick, 'And of Japan?')
  await expect(answers(quick)).toHaveCount(2)
  await expect(answers(quick).last()).toHaveAttribute('aria-busy', 'false')
  await picture(quick, 'quick-light-en')
  await quick.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const found = await quick.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } }
    return axe.run()
  })
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  await quick.evaluate(() => window.hearth.call('settings.change', { theme: 'dark', language: 'zh-CN' }))
  await expect(quick.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await picture(quick, 'quick-dark-zh-CN')
  await quick.evaluate(() => window.hearth.call('settings.change', { theme: 'light', language: 'en' }))
  await expect(quick.locator('html')).toHaveAttribute('lang', 'en')

  // One chat, in the window of the app, too.
  const closed = quick.waitForEvent('close')
  // The page goes in the middle of the click.
  await quick
    .getByRole('button', { name: 'Open in Hearth' })
    .click()
    .catch(() => undefined)
  await closed
  await expect(answers(page)).toHaveCount(2)
  await expect(chats(page).getByRole('button', { name: 'What is the capital of France?', exact: true })).toHaveCount(1)

  // Half a question stays in it, and is no draft of another window.
  const again = nextWindow(app)
  press(display, 'ctrl+alt+h')
  const second = await again
  await composer(second).fill('Half a question')
  await kept(second, 'Half a question')
  const gone = second.waitForEvent('close')
  // The page goes in the middle of the key.
  await second.keyboard.press('Escape').catch(() => undefined)
  await gone
  await newChat(page)
  await expect(composer(page)).toHaveValue('')

  // Gone before its page has come, as when the key is pressed twice: the log, which is looked at in the end, had an
  // error.
  await app.evaluate(({ app }) => {
    const destroyed = new Promise<void>(resolve => {
      app.once('browser-window-created', (_, window) => {
        window.once('closed', () => resolve())
        setImmediate(() => window.destroy())
      })
    })
    Object.assign(globalThis, { destroyed })
  })
  press(display, 'ctrl+alt+h')
  await app.evaluate(() => (globalThis as unknown as { destroyed: Promise<void> }).destroyed)

  // Where the system keeps the key for itself, the settings send the person to the menu.
  await app.evaluate(({ Menu }) => {
    const items = (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) => submenu?.items ?? [])
    items.find(({ label }) => label === 'Quick Question')?.click()
  })
  await expect(async () => {
    const [third, ...more] = app.windows().filter(one => one !== page && !one.isClosed())
    expect(more).toEqual([])
    expect(third && (await composer(third).evaluate(field => field === document.activeElement))).toBe(true)
  }).toPass()
})

/** Presses keys as a person does, wherever the focus is. */
function press(display: Record<string, string>, keys: string): void {
  execFileSync('xdotool', ['key', keys], { env: { ...process.env, ...display } })
}
