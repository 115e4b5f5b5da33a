import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { Updater } from '../updates/updater.ts'
import type { Log } from './log.ts'

/**
 * The updater of this copy of Hearth; undefined where there is none: not packed, packed without a place to look at, or
 * on Linux neither an AppImage nor a deb or rpm, whose files nobody could replace.
 */
export async function electronUpdater(log: Log): Promise<Updater | undefined> {
  const resource = (name: string) => join(process.resourcesPath, name)
  if (!app.isPackaged || !existsSync(resource('app-update.yml'))) return undefined
  // Which package this came in; electron-builder writes it for deb and rpm alone.
  const kind = existsSync(resource('package-type')) ? readFileSync(resource('package-type'), 'utf8').trim() : undefined
  const isSystemPackage = kind === 'deb' || kind === 'rpm'
  if (process.platform === 'linux' && !isSystemPackage && !process.env.APPIMAGE) return undefined
  if (process.platform === 'win32' && process.env.PORTABLE_EXECUTABLE_FILE) return undefined

  const { autoUpdater } = (await import('electron-updater')).default
  return wrap(autoUpdater, { silent: !isSystemPackage, log })
}

function wrap(updater: AppUpdater, { silent, log }: { silent: boolean; log: Log }): Updater {
  // Hearth decides when: after its services have closed.
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  updater.disableWebInstaller = true
  updater.logger = {
    info: () => {},
    warn: message => log.write(`updates: ${message}`),
    error: message => log.write(`updates: ${message}`),
  }
  // Every failure also rejects the call it belongs to; without a listener it would count as uncaught.
  updater.on('error', () => {})
  return {
    silent,
    async check() {
      const found = await updater.checkForUpdates()
      return found?.isUpdateAvailable ? found.updateInfo.version : undefined
    },
    async download(onProgress) {
      const tell = ({ percent }: { percent: number }) => onProgress(percent / 100)
      updater.on('download-progress', tell)
      try {
        await updater.downloadUpdate()
      } finally {
        updater.off('download-progress', tell)
      }
    },
    install({ restart }) {
      let failed = false
      updater.once('error', () => {
        failed = true
      })
      // The newer one may start before this one has ended.
      app.releaseSingleInstanceLock()
      updater.quitAndInstall(!restart || silent, restart)
      return !failed
    },
  }
}
