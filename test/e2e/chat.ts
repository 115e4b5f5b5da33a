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

/** The process of the one engine that runs. */
export async function enginePid(app: ElectronApplication): Promise<number> {
  const engines = await app.evaluate(({ app }) => app.getAppMetrics().filter(metric => metric.name === 'Hearth engine'))
  const [engine] = engines
  if (engine === undefined || engines.length > 1) throw new Error(`${engines.length} engines run, not one`)
  return engine.pid
}
