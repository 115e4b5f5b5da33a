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
    return this.#askToOpen({ filters: [this.#filter('json')], properties: ['openFile'] })
  }

  /** @returns the path of a model's file, or of a folder; null for none */
  async askForModel(what: 'file' | 'folder'): Promise<string | null> {
    if (what === 'folder') return this.#askToOpen({ properties: ['openDirectory', 'createDirectory'] })
    const filters = [{ name: this.#texts().modelFiles, extensions: ['gguf', 'safetensors'] }]
    return this.#askToOpen({ filters, properties: ['openFile'] })
  }

  async #askToOpen(options: OpenDialogOptions): Promise<string | null> {
    const window = this.#window()
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options))
    return canceled ? null : (filePaths[0] ?? null)
  }

  #filter(ending: string) {
    const { jsonFiles, markdownFiles, zipFiles, csvFiles, xlsxFiles } = this.#texts()
    const names: Record<string, string> = {
      json: jsonFiles,
      md: markdownFiles,
      zip: zipFiles,
      csv: csvFiles,
      xlsx: xlsxFiles,
    }
    return { name: names[ending] ?? ending, extensions: [ending] }
  }
}
