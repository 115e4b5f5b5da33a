import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ElectronApplication, expect, type Locator, type Page } from '@playwright/test'
import type { Draft } from '../../preload/contract.ts'

/** The parts of the window a person chats with, in English. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' })
export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' })
export const chats = (page: Page): Locator => page.getByRole('navigation', { name: 'Chats' })

/** Begins a chat; what was answered in the one before is no longer in sight. */
export async function newChat(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+n')
  await expect(page.getByRole('article')).toHaveCount(0)
  // In every language.
  await expect(page.locator('#composer')).toBeFocused()
}

/** Asks, and waits until an answer begins below: the last one is the one to this question then. */
export async function ask(page: Page, question: string): Promise<void> {
  const before = await newest(page)
  await submit(page, question)
  await expect.poll(async () => ![undefined, before].includes(await newest(page))).toBe(true)
}

/** Waits until the last answer is whole. @param text what it holds */
export async function answered(page: Page, text: string | RegExp): Promise<void> {
  await expect(answers(page).last()).toContainText(text)
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
}

/** Asks what may be refused. */
export async function submit(page: Page, question: string): Promise<void> {
  await composer(page).fill(question)
  // Not before a model is there to ask: the first moments go into finding it.
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
  await composer(page).press('Enter')
}

/** The last answer in sight that nothing stands below. @returns its message's id */
const newest = (page: Page): Promise<string | undefined> =>
  page.locator('[data-message]').evaluateAll((rows: HTMLElement[]) => {
    const last = rows.at(-1)
    return last?.querySelector('[aria-busy]') ? last.dataset.message : undefined
  })

/** Takes another model for the chat, as a person does: who does not find it in the list opens the list again. */
export async function pick(page: Page, model: string): Promise<void> {
  const item = page.getByRole('menuitemradio', { name: model })
  await expect(async () => {
    if (!(await item.isVisible())) await page.getByRole('button', { name: /^Model:/ }).click()
    await expect(item).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await item.click()
}

/** Waits until the composer's text is kept where it stands, so that nothing that happens to the window costs it. */
export const kept = (page: Page, text: string): Promise<void> =>
  expect
    .poll(async () => {
      const draft = await page.evaluate(() => {
        const [, place, id] = location.hash.split('/')
        const conversationId = place === 'chat' && id ? decodeURIComponent(id) : null
        return window.hearth.call('drafts.get', { conversationId, window: window.hearth.window })
      })
      return (draft as Draft).text
    })
    .toBe(text)

/**
 * Stops the clock of the page, so that a message that stands for seconds is there for as long as a test needs it.
 * @returns lets so many milliseconds pass at once, and the clock go on
 */
export async function holdTime(page: Page): Promise<(milliseconds: number) => Promise<void>> {
  const clock = await page.evaluateHandle(() => {
    const { now } = Date
    const held = now()
    Date.now = () => held
    const goOn = (milliseconds: number) => {
      Date.now = () => now() + milliseconds
    }
    return { goOn }
  })
  return milliseconds => clock.evaluate(({ goOn }, milliseconds) => goOn(milliseconds), milliseconds)
}

/** Asks in a new chat. @returns the whole answer */
export async function talk(page: Page, question: string): Promise<string | null> {
  await newChat(page)
  await ask(page, question)
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  return answers(page).last().textContent()
}

/** Opens the menu of a chat in the sidebar. */
export async function menuOf(page: Page, title: string): Promise<void> {
  await chats(page).getByRole('button', { name: title, exact: true }).hover()
  await chats(page)
    .getByRole('button', { name: `Actions for “${title}”` })
    .click()
}

/** Answers the system's dialogs as a person would who chooses this file. */
export const choose = (app: ElectronApplication, path: string): Promise<void> =>
  app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
  }, path)

/** Imports what a file of exported chats holds, through the settings. @param home where the file may lie */
export async function importChats(
  { app, page }: { app: ElectronApplication; page: Page },
  home: string,
  records: readonly object[],
): Promise<void> {
  const file = join(home, 'chats.json')
  await writeFile(file, JSON.stringify({ format: 'hearth-chats', formatVersion: 1, exportedAt: 0, records }))
  await choose(app, file)
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('button', { name: 'Import' }).click()
}

/** The process of the one engine that runs. */
export async function enginePid(app: ElectronApplication): Promise<number> {
  const engines = await app.evaluate(({ app }) => app.getAppMetrics().filter(metric => metric.name === 'Hearth engine'))
  const [engine] = engines
  if (engine === undefined || engines.length > 1) throw new Error(`${engines.length} engines run, not one`)
  return engine.pid
}
