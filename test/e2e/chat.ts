import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ElectronApplication, expect, type Locator, type Page } from '@playwright/test'

/** The parts of the window a person chats with, in English. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' })
export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' })
export const chats = (page: Page): Locator => page.getByRole('navigation', { name: 'Chats' })

export async function ask(page: Page, question: string): Promise<void> {
  await composer(page).fill(question)
  // Not before a model is there to ask: the first moments go into finding it.
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
  await composer(page).press('Enter')
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
