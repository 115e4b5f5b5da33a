import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import { runCommandLine } from '../cli/command-line.ts'
import { installedApp } from './installed-app.ts'
import { appImageFile } from './packaging.ts'

/** The switch by which the launcher (assets/command) asks the app to be the command; the words follow behind `--`. */
const commandSwitch = '--command'

/** The words behind `hearth` when the app was started as the command, and what stood before them. */
export interface CommandStart {
  readonly words: readonly string[]
  /** Arguments that start the command again, with other words. */
  readonly before: readonly string[]
}

/** @param argv as of process; undefined when the app is to open its window */
export function commandStart(argv: readonly string[]): CommandStart | undefined {
  const end = argv.indexOf('--')
  if (end === -1 || !argv.slice(1, end).includes(commandSwitch)) return undefined
  return { words: argv.slice(end + 1), before: argv.slice(1, end + 1) }
}

/**
 * The command `hearth` in the app's own program, which is no plain Node once its fuses are shut.
 *
 * Electron does not go on starting while its main module is still being loaded, and that module waits for the promise
 * returned here. So a command that only asks a server needs no display and none of Chromium's processes, and ends
 * before they would have been there; `serve`, whose engines are utility processes, has them come up. (The launcher's
 * switches say without a screen: Electron chooses the one it draws on before any of its modules is loaded.)
 *
 * @returns settles when Electron is to go on starting; a command that needs no Electron ends the process instead
 */
export function runAppCommand({ words, before }: CommandStart, home: string, builtFolder: string): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  const installed = installedApp(builtFolder)
  return new Promise(goOn => {
    const command = runCommandLine({
      words,
      terminal: { input: stdin, output: stdout, errors: stderr, env },
      home,
      version: installed.version,
      serve: async options => {
        const { serve } = await import('../serve.ts')
        ownBrowserData(home)
        app.dock?.hide()
        goOn()
        // Before it the signals would be taken over by Electron, which quits without a word to the services.
        await app.whenReady()
        const code = await serve({ ...installed, ...options })
        if (code !== 0) app.exit(code)
      },
      // An AppImage's mount goes with the program it was made for.
      background: { command: appImageFile(env, process.execPath) ?? process.execPath, args: before },
    })
    void command.then(code => stdout.write('', () => process.exit(code)))
  })
}

/** The data of a window that is open meanwhile are left alone. */
function ownBrowserData(home: string): void {
  const browserData = join(home, 'browser-of-serve')
  mkdirSync(browserData, { recursive: true })
  app.setPath('userData', browserData)
}
