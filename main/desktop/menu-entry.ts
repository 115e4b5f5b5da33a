import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MenuEntryState } from '../../preload/contract.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { Mutex } from '../mutex.ts'
import type { Packaging } from './packaging.ts'

export interface MenuEntryOptions {
  readonly packaging: Packaging
  /** The running program, for an unpacked folder. */
  readonly program: string
  /** A PNG of 256 pixels. */
  readonly icon: string
  /** $XDG_DATA_HOME, or what stands for it. */
  readonly dataHome: string
}

/** Programs that make the desktop's indexes anew, with the folder each wants; some desktops do without them. */
const indexers = [
  ['update-desktop-database', 'applications'],
  ['update-mime-database', 'mime'],
] as const

/**
 * Hearth in the menu of a Linux desktop, and with it as what opens hearth:// links and .gguf files. The deb and rpm
 * bring that along; an AppImage and an unpacked tar.gz lay it for this person, when they want it.
 */
export class MenuEntry {
  readonly #options: MenuEntryOptions
  readonly #entry: string
  readonly #icon: string
  readonly #types: string
  readonly #oneAtATime = new Mutex()

  constructor(options: MenuEntryOptions) {
    this.#options = options
    const { dataHome } = options
    this.#entry = join(dataHome, 'applications', 'hearth-app.desktop')
    this.#icon = join(dataHome, 'icons', 'hicolor', '256x256', 'apps', 'hearth-app.png')
    this.#types = join(dataHome, 'mime', 'packages', 'hearth-app.xml')
  }

  /** @returns null for a copy that does not lay it: from a package, and on macOS and Windows */
  look(): MenuEntryState | null {
    const start = this.#start()
    if (start === undefined) return null
    if (!existsSync(this.#entry)) return 'none'
    return readFileSync(this.#entry, 'utf8') === entryText(start) ? 'this' : 'other'
  }

  /** Lays it, for this copy from now on, or takes it away. Does nothing for a copy that does not. */
  change(on: boolean): Promise<void> {
    return this.#oneAtATime.run(async () => {
      const start = this.#start()
      if (start === undefined) return
      if (on) {
        await mkdir(dirname(this.#icon), { recursive: true })
        await copyFile(this.#options.icon, this.#icon)
        await writeAtomically(this.#types, fileTypes)
        await writeAtomically(this.#entry, entryText(start))
      } else {
        for (const file of [this.#entry, this.#types, this.#icon]) await rm(file, { force: true })
      }
      for (const [program, folder] of indexers) await runIfThere(program, join(this.#options.dataHome, folder))
    })
  }

  /**
   * For the start: an entry whose program is gone leads here, as after an update that gave the AppImage another name.
   */
  async repair(): Promise<void> {
    if (this.look() !== 'other') return
    const program = /^TryExec=(.*)$/m.exec(readFileSync(this.#entry, 'utf8'))?.[1]?.replaceAll('\\\\', '\\')
    if (program !== undefined && !existsSync(program)) await this.change(true)
  }

  /** What the menu starts. */
  #start(): string | undefined {
    const { packaging, program } = this.#options
    if (packaging.kind === 'appimage') return packaging.file
    return packaging.kind === 'folder' ? program : undefined
  }
}

/**
 * As electron-builder writes it for the packages (electron-builder.yml), by freedesktop's Desktop Entry Specification.
 */
function entryText(program: string): string {
  // Within quotes a few characters are escaped, and every backslash once more as in all strings; % begins a field code.
  const quoted = program
    .replace(/(["`$\\])/g, '\\$1')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  return `[Desktop Entry]
Type=Application
Name=Hearth
Comment=A desktop home for local language models
Comment[zh_CN]=与在自己电脑上运行的语言模型对话，并通过 Ollama API 提供给其他程序
Exec="${quoted}" %U
TryExec=${program.replaceAll('\\', '\\\\')}
Icon=hearth-app
Terminal=false
Categories=Utility;
Keywords=AI;LLM;chat;model;Ollama;
MimeType=application/x-gguf;x-scheme-handler/hearth;
StartupNotify=true
StartupWMClass=hearth-app
`
}

const fileTypes = `<?xml version="1.0" encoding="utf-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-gguf">
    <glob pattern="*.gguf"/>
    <comment>Language model (GGUF)</comment>
  </mime-type>
</mime-info>
`

/** What it says matters to nobody: desktops that have no such program look into the folder themselves. */
const runIfThere = (program: string, folder: string): Promise<void> =>
  new Promise(resolve => void execFile(program, [folder], () => resolve()))
