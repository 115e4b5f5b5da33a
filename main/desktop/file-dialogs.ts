import { extname, join } from 'node:path'
import { app, type BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions } from 'electron'
import type { DesktopTexts } from './texts.ts'

/** The system's dialogs for files, over the window they were asked for from. */
export class FileDialogs {
  readonly #window: () => BrowserWindow | undefined
  readonly #texts: () => DesktopTexts

  constructor(window: () => BrowserWindow | undefined, texts: () => DesktopTexts) {
    this.#window = window
    this.#texts = texts
  }

  /** @param name offered, with its ending. @returns a path; null when the person thinks better of it */
  async askWhereToSave(name: string): Promise<string | null> {
    const options: SaveDialogOptions = {
      defaultPath: join(app.getPath('documents'), name),
      filters: [this.#filter(extname(name).slice(1))],
    }
    const window = this.#window()
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options))
    return canceled || filePath === '' ? null : filePath
  }

  /** @returns the path of a JSON file; null for none */
  async askWhatToOpen(): Promise<string | null> {
    const options: OpenDialogOptions = { filters: [this.#filter('json')], properties: ['openFile'] }
    const window = this.#window()
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options))
    return canceled ? null : (filePaths[0] ?? null)
  }

  #filter(ending: string) {
    const { jsonFiles, markdownFiles, zipFiles, csvFiles, xlsxFiles } = this.#texts()
    const names: Record<string, string> = {
      ...{ json: jsonFiles, md: markdownFiles, zip: zipFiles },
      ...{ csv: csvFiles, xlsx: xlsxFiles },
    }
    return { name: names[ending] ?? ending, extensions: [ending] }
  }
}
