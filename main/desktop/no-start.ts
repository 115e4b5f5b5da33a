import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app, dialog } from 'electron'
import { wordsOf } from '../go/system-error.ts'
import { type DesktopTexts, desktopTexts } from './texts.ts'

/** BCP 47 tag of the language the system speaks; known once the app is ready. */
export const systemLanguage = (): string => app.getPreferredSystemLanguages()[0] ?? app.getLocale()

/**
 * Says in the system's own window, and to a terminal, that Hearth cannot start and why; then ends it. Before it is
 * ready Electron would say it to the terminal alone.
 * @param why in words for a person
 */
export async function tellNoStart(why: (texts: DesktopTexts) => string): Promise<void> {
  await app.whenReady()
  const texts = desktopTexts('system', systemLanguage())
  process.stderr.write(`${texts.noStart}\n${why(texts)}\n`)
  dialog.showErrorBox(texts.noStart, why(texts))
  app.exit(1)
}

/** The same for a folder of the person's data that cannot be written: without one there is no Hearth. */
export async function tellUnusableHome(home: string, error: Error): Promise<void> {
  // Electron wants a place to write, if only to say that there is none.
  const instead = mkdtempSync(join(tmpdir(), 'hearth-'))
  app.setPath('userData', instead)
  process.once('exit', () => rmSync(instead, { recursive: true, force: true }))
  await tellNoStart(texts => `${texts.unusableHome}\n\n${home}\n\n${wordsOf(error)}`)
}
