import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, type Session } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { TellConnection } from '../settings/connections.ts'
import type { Updater } from '../updates/updater.ts'
import type { Log } from './log.ts'

/**
 * The updater of this copy of Hearth; undefined where there is none: not packed, packed without a place to look at, or
 * on Linux neither an AppImage nor a deb or rpm, whose files nobody could replace.
 */
export async function electronUpdater(log: Log, tell: TellConnection): Promise<Updater | undefined> {
  const resource = (name: string) => join(process.resourcesPath, name)
  if (!app.isPackaged || !existsSync(resource('app-update.yml'))) return undefined
  // Which package this came in; electron-builder writes it for deb and rpm alone.
  const kind = existsSync(resource('package-type')) ? readFileSync(resource('package-type'), 'utf8').trim() : undefined
  const isSystemPackage = kind === 'deb' || kind === 'rpm'
  if (process.platform === 'linux' && !isSystemPackage && !process.env.APPIMAGE) return undefined
  if (process.platform === 'win32' && process.env.PORTABLE_EXECUTABLE_FILE) return undefined

  const { autoUpdater } = (await import('electron-updater')).default
  return wrap(autoUpdater, { silent: !isSystemPackage, log, tell })
}

function wrap(
  updater: AppUpdater,
  { silent, log, tell }: { silent: boolean; log: Log; tell: TellConnection },
): Updater {
  tellRequests(updater.netSession, tell)
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
      const follow = ({ percent }: { percent: number }) => onProgress(percent / 100)
      updater.on('download-progress', follow)
      try {
        await updater.downloadUpdate()
      } finally {
        updater.off('download-progress', follow)
      }
    },
    install({ restart }) {
      let failed = false
      updater.once('error', () => {
        failed = true
      })
      // What macOS goes by; elsewhere it is the call's.
      updater.autoRunAppAfterInstall = restart
      // The newer one may start before this one has ended.
      app.releaseSingleInstanceLock()
      updater.quitAndInstall(!restart || silent, restart)
      return !failed
    },
  }
}

/** Each request is told before it is made, and what came of it by the length the server gave. */
function tellRequests(session: Session, tell: TellConnection): void {
  const counted = new Map<number, ReturnType<TellConnection>>()
  session.webRequest.onBeforeRequest(({ id, url }, answer) => {
    counted.set(id, tell({ host: new URL(url).host, purpose: 'update', subject: '' }))
    answer({})
  })
  session.webRequest.onCompleted(({ id, responseHeaders = {} }) => {
    const length = Object.entries(responseHeaders).find(([name]) => name.toLowerCase() === 'content-length')
    counted.get(id)?.received(Number(length?.[1][0] ?? 0))
    counted.delete(id)
  })
  session.webRequest.onErrorOccurred(({ id }) => void counted.delete(id))
}
