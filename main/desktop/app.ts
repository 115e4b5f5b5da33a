import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { app, BrowserWindow, nativeTheme, session, shell } from 'electron'
import type { MenuAction } from '../../preload/contract.ts'
import { languageFor } from '../../preload/contract-languages.ts'
import { ApiServer } from '../api/server/api-server.ts'
import { createBridge } from '../bridge/bridge.ts'
import { compose, type Hearth } from '../compose.ts'
import { DEMO_MODEL } from '../library/demo-model.ts'
import { variable } from '../library/environment.ts'
import { ollamaHost } from '../ollama-host.ts'
import { Updates } from '../updates/updates.ts'
import { asMacAdministrator } from './administrator.ts'
import { declareAppScheme, serveAppScheme } from './app-protocol.ts'
import { unfittingBackEnds } from './back-ends.ts'
import { CommandOnPath } from './command-on-path.ts'
import { confineContents, confineSession } from './confinement.ts'
import { electronScreen } from './electron-screen.ts'
import { electronUpdater } from './electron-updater.ts'
import { FileDialogs } from './file-dialogs.ts'
import { type HandedOver, handedOver } from './handed-over.ts'
import { installedApp, packagingHere } from './installed-app.ts'
import { serveWindows } from './ipc.ts'
import type { Log } from './log.ts'
import { showMenu } from './menu.ts'
import { MenuEntry } from './menu-entry.ts'
import { systemLanguage, tellNoStart } from './no-start.ts'
import { notifyOfLongWork } from './notifications.ts'
import { Openings } from './openings.ts'
import { QuickWindow } from './quick-window.ts'
import { Screenshots } from './screenshot.ts'
import { terminalPath } from './terminal-path.ts'
import { desktopTexts } from './texts.ts'
import { TrayIcon } from './tray.ts'
import { Windows } from './windows.ts'

/** Milliseconds that saving replies and ending engines may take when the person quits. */
const closingTime = 3000

/** Milliseconds that an updater may take to start what replaces the app: macOS unpacks and verifies it first. */
const handOverTime = 60_000

interface Start {
  readonly home: string
  readonly log: Log
  /** out/: what was built, in main, preload and renderer. */
  readonly builtFolder: string
}

/**
 * Runs the app: services, API door, window; and ends it. Services come up while Electron does, the window opens when
 * both are there.
 */
export function startApp({ home, log, builtFolder }: Start): void {
  declareAppScheme()
  let windows: Windows | undefined
  let actions: readonly MenuAction[] = []
  let drawMenu = () => {}
  let tray: TrayIcon | undefined
  const services = openServices({ home, log, builtFolder })
  const command = commandHere()
  const menuEntry = menuEntryHere()
  menuEntry.repair().catch(error => log.write('the entry in the menu leads nowhere', error))
  command.repair().catch(error => log.write('the command hearth leads nowhere', error))
  const openings = new Openings(async path => (await services).hearth.makings.choices.offer(path))
  /** The first window takes what is handed over before it is there. */
  const handOver = (things: readonly HandedOver[]) => {
    const hash = openings.add(things)
    windows?.show(hash)
  }
  const quick = new QuickWindow({
    preload: join(builtFolder, 'preload', 'index.cjs'),
    show: hash => windows?.show(hash),
  })
  /** The one the person is at; the quick window, too, asks for files and pictures of the screen. */
  const current = () => BrowserWindow.getFocusedWindow() ?? windows?.current
  const bridge = services.then(({ hearth, server, updates }) => {
    const language = () => languageFor(hearth.settings.get().language, systemLanguage())
    const dialogs = new FileDialogs(current, () => desktopTexts(language(), systemLanguage()))
    const screenshots = new Screenshots(electronScreen(current))
    return createBridge({
      ...hearth,
      home,
      server,
      updates,
      ...{ command, menuEntry },
      app: {
        info: () => ({
          version: app.getVersion(),
          platform: process.platform,
          systemLanguage: systemLanguage(),
          apiAddress: server.state().addresses[0] ?? null,
          demoModel: DEMO_MODEL,
          laysCommand: command.isChangeable,
        }),
        openExternal: url => shell.openExternal(url),
        language,
        askWhereToSave: name => dialogs.askWhereToSave(name),
        askWhatToOpen: () => dialogs.askWhatToOpen(),
        askForModel: what => dialogs.askForModel(what),
        takeScreenshot: () => screenshots.take(),
        showInFolder: path => shell.showItemInFolder(path),
        newWindow: () => windows?.open(),
        quick,
        takeOpenings: () => openings.take(),
        setActions: told => {
          actions = told
          drawMenu()
        },
      },
    })
  })
  serveWindows(bridge, log)

  app.on('second-instance', (_, args, folder) => handOver(handedOver(args, folder)))
  // macOS tells by events what comes as arguments elsewhere, at a cold start, too.
  app.on('open-url', (event, text) => {
    event.preventDefault()
    handOver([{ kind: 'link', text }])
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    handOver([{ kind: 'file', path }])
  })
  app.on('web-contents-created', (_, contents) => confineContents(contents))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && !tray?.stays) app.quit()
  })
  app.on('before-quit', () => void windows?.end())
  endInOrder(services, log, async () => windows?.end())

  Promise.all([services, app.whenReady()]).then(
    ([{ hearth }]) => {
      confineSession(session.defaultSession, log)
      serveAppScheme(join(builtFolder, 'renderer'), async hash => {
        return (await hearth.conversations.attachments.read(hash)) ?? hearth.forms.picture(hash)
      })
      const texts = () => desktopTexts(hearth.settings.get().language, systemLanguage())
      const opened = new Windows(home, {
        ...{ preload: join(builtFolder, 'preload', 'index.cjs'), texts, log },
        onRecovered: () => hearth.notices.add('window-recovered'),
      })
      windows = opened
      drawMenu = () =>
        showMenu(texts(), {
          ...{ platform: process.platform, developer: !app.isPackaged, actions },
          quick: () => quick.show(),
        })
      const icon = new TrayIcon(hearth, opened, quick, texts)
      tray = icon
      hearth.settings.watch(settings => {
        nativeTheme.themeSource = settings.theme
        drawMenu()
        icon.set(settings.tray)
        quick.setKey(settings.quickKey)
      })
      notifyOfLongWork(hearth, opened, texts)
      opened.restore()
      const handed = openings.add(handedOver(process.argv.slice(1), process.cwd()))
      if (handed !== undefined) opened.show(handed)
      app.on('activate', () => opened.show())
    },
    error => {
      log.write('the services did not start', error)
      void tellNoStart(() => (error as Error).message)
    },
  )
}

function commandHere(): CommandOnPath {
  const { env, platform, resourcesPath } = process
  return new CommandOnPath({
    packaging: packagingHere(),
    resources: resourcesPath,
    userHome: homedir(),
    terminalPath: () => terminalPath(env, platform),
    asAdministrator: platform === 'darwin' ? asMacAdministrator : undefined,
  })
}

function menuEntryHere(): MenuEntry {
  return new MenuEntry({
    packaging: packagingHere(),
    program: process.execPath,
    icon: join(app.getAppPath(), 'assets', 'icons', '256x256.png'),
    dataHome: process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'),
  })
}

interface Services {
  readonly hearth: Hearth
  readonly server: ApiServer
  readonly updates: Updates
}

async function openServices({ home, log, builtFolder }: Start): Promise<Services> {
  const { env } = process
  const hearth = await compose({ home, userHome: homedir(), env, ...installedApp(builtFolder) })
  const server = new ApiServer({
    api: { fetch: async request => hearth.fetch(request) },
    ...{ settings: hearth.settings, notices: hearth.notices },
    host: ollamaHost(env),
    origins: variable(env, 'OLLAMA_ORIGINS'),
    onTrouble: error => log.write('the API does not listen', error),
  })
  await server.start()
  const packages = unfittingBackEnds(app.getAppPath(), process.resourcesPath).join(', ')
  if (packages !== '') hearth.notices.add('graphics-unfitting', { packages, version: app.getVersion() })
  const updates = new Updates({
    updater: await electronUpdater(log, hearth.connections.tell),
    settings: hearth.settings,
    busy: () =>
      hearth.inference.isBusy ||
      hearth.modelsMove.isUndecided ||
      hearth.makings.list().some(({ state }) => state === 'running'),
    quit: () => app.quit(),
  })
  return { hearth, server, updates }
}

/** Holds the end of the app back until replies are saved and engines have ended, but not for ever. */
function endInOrder(services: Promise<Services>, log: Log, endWindows: () => Promise<void>): void {
  let phase: 'open' | 'closing' | 'closed' = 'open'
  app.on('will-quit', event => {
    if (phase === 'closed') return
    event.preventDefault()
    if (phase === 'closing') return
    phase = 'closing'
    const close = async () => {
      const { hearth, server, updates } = await services
      updates.close()
      await endWindows()
      await server.close()
      await hearth.close()
    }
    const late = new Promise<void>((_, reject) => {
      setTimeout(() => reject(new Error(`not closed within ${closingTime} ms`)), closingTime)
    })
    Promise.race([close(), late])
      .catch(error => log.write('the services did not close', error))
      .then(async () => {
        phase = 'closed'
        const { updates } = await services
        const outcome = updates.atEnd()
        if (outcome === 'failed') app.relaunch()
        // What installs ends the app itself, once it has handed over to what comes next.
        if (outcome === 'installed') await sleep(handOverTime)
      })
      .catch(error => log.write('the app did not end in order', error))
      .finally(() => app.exit(0))
  })
}

/** The person's first language, as a BCP 47 tag. */
