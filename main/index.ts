import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { commandStart, runAppCommand } from './desktop/app-command.ts'
import { openLog } from './desktop/log.ts'
import { tellUnusableHome } from './desktop/no-start.ts'
import { hearthHome } from './settings/home.ts'

/*
 * The Electron entry: what has to be settled before Electron is ready. Nothing here may wait for `ready` at the top
 * level, as Electron waits with it until this module has run.
 */

const home = hearthHome(process.env, process.platform, homedir())
const builtFolder = join(import.meta.dirname, '..')
const command = commandStart(process.argv)
if (command !== undefined) await runAppCommand(command, home, builtFolder)
else await open()

async function open(): Promise<void> {
  const log = openLog(join(home, 'logs'))
  process.on('uncaughtException', error => log.write('uncaught exception', error))
  process.on('unhandledRejection', error => log.write('unhandled rejection', error))

  try {
    const browserData = join(home, 'browser')
    mkdirSync(browserData, { recursive: true })
    // On a disk that may only be read, what Electron locks would pass for a Hearth that is open already.
    for (const folder of [home, browserData]) accessSync(folder, constants.W_OK)
    app.setPath('userData', browserData)
  } catch (error) {
    // Not waited for, see above.
    void tellUnusableHome(home, error as Error)
    return
  }

  // One Hearth for each home: the second start brings the first one's window to the front and ends.
  if (app.requestSingleInstanceLock()) {
    // Loaded when a window is wanted: the command is to start at once.
    const { startApp } = await import('./desktop/app.ts')
    startApp({ home, log, builtFolder })
  } else {
    process.stdout.write('Hearth is already open; its window has been brought to the front.\n')
    app.exit(0)
  }
}
