import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, type Session } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { TellConnection } from '../settings/connections.ts'
import type { Updater } from '../updates/updater.ts'
import { packagingHere } from './installed-app.ts'
import type { Log } from './log.ts'

/**
 * The updater of this copy of Hearth; undefined where there is none: not packed, packed without a place to look at, or
 * on Linux neither an AppImage nor a deb or rpm, whose files nobody could replace.
 */
export async function electronUpdater(log: Log, tell: TellConnection): Promise<Updater | undefined> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return undefined
  const { kind } = packagingHere()
  if (kind === 'source' || kind === 'folder' || kind === 'portable') return undefined
  const { autoUpdater } = (await import('electron-updater')).default
  return wrap(autoUpdater, { silent: kind !== 'package', log, tell })
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

/**
 * electron-updater's number for this copy, kept for ever. A staged roll-out is decided here, by the share the server
 * names.
 */
const nameOfThisCopy = 'x-user-staging-id'

/**
 * Each request is told before it is made, and what came of it by the length the server gave. None tells who asks.
 */
function tellRequests(session: Session, tell: TellConnection): void {
  const counted = new Map<number, ReturnType<TellConnection>>()
  session.webRequest.onBeforeRequest(({ id, url }, answer) => {
    counted.set(id, tell({ host: new URL(url).host, purpose: 'update', subject: '' }))
    answer({})
  })
  session.webRequest.onBeforeSendHeaders(({ requestHeaders }, answer) => {
    const others = Object.entries(requestHeaders).filter(([name]) => name.toLowerCase() !== nameOfThisCopy)
    answer({ requestHeaders: Object.fromEntries(others) })
  })
  session.webRequest.onCompleted(({ id, responseHeaders = {} }) => {
    const length = Object.entries(responseHeaders).find(([name]) => name.toLowerCase() === 'content-length')
    counted.get(id)?.received(Number(length?.[1][0] ?? 0))
    counted.delete(id)
  })
  session.webRequest.onErrorOccurred(({ id }) => void counted.delete(id))
}
