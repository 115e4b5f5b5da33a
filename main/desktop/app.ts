import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, type MessageBoxOptions, nativeTheme, session, shell } from 'electron'
import type { MenuAction } from '../../preload/contract.ts'
import { languageFor } from '../../preload/contract-languages.ts'
import { ApiServer } from '../api/server/api-server.ts'
import { createBridge } from '../bridge/bridge.ts'
import { compose, type Hearth } from '../compose.ts'
import { wordsOf } from '../go/system-error.ts'
import { demoModel } from '../library/demo-model.ts'
import { ollamaHost } from '../ollama-host.ts'
import { Updates } from '../updates/updates.ts'
import { variable } from '../variables.ts'
import { asMacAdministrator } from './administrator.ts'
import { declareAppScheme, serveAppScheme } from './app-protocol.ts'
import { AtWork } from './at-work.ts'
import { unfittingBackEnds } from './back-ends.ts'
import { CommandOnPath } from './command-on-path.ts'
import { confineContents, confineSession } from './confinement.ts'
import { electronScreen } from './electron-screen.ts'
import { electronUpdater } from './electron-updater.ts'
import { endInOrder } from './end-in-order.ts'
import { FileDialogs } from './file-dialogs.ts'
import { type HandedOver, handedOver } from './handed-over.ts'
import { installedApp, packagingHere } from './installed-app.ts'
import { serveWindows } from './ipc.ts'
import type { Log } from './log.ts'
import { showMenu } from './menu.ts'
import { MenuEntry } from './menu-entry.ts'
import { systemLanguage, tellNoStart } from './no-start.ts'
import { notifyOfLongWork, notifyOfStaying } from './notifications.ts'
import { Openings } from './openings.ts'
import { QuickWindow } from './quick-window.ts'
import { type Question, quitter } from './quitting.ts'
import { Screenshots } from './screenshot.ts'
import { hidesIcons, Staying } from './staying.ts'
import { terminalPath } from './terminal-path.ts'
import { textSizeSteps } from './text-size.ts'
import { followTextSize } from './text-zoom.ts'
import { desktopTexts } from './texts.ts'
import { TrayIcon } from './tray.ts'
import { Windows } from './windows.ts'

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
  let staying: Staying | undefined
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
      command,
      menuEntry,
      app: {
        info: () => ({
          version: app.getVersion(),
          platform: process.platform,
          systemLanguage: systemLanguage(),
          apiAddress: server.state().addresses[0] ?? null,
          demoModel,
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
    if (process.platform === 'darwin') return
    if (staying) staying.windowsClosed()
    else app.quit()
  })
  app.on('before-quit', () => void windows?.end())
  endInOrder(services, log, async () => windows?.end())

  Promise.all([services, app.whenReady()]).then(
    ([{ hearth, atWork }]) => {
      confineSession(session.defaultSession, log)
      serveAppScheme(join(builtFolder, 'renderer'), async hash => {
        return (await hearth.conversations.attachments.read(hash)) ?? hearth.forms.picture(hash)
      })
      const texts = () => desktopTexts(hearth.settings.get().language, systemLanguage())
      const opened = new Windows(home, {
        preload: join(builtFolder, 'preload', 'index.cjs'),
        texts,
        log,
        onRecovered: () => hearth.notices.add({ code: 'window-recovered', values: {} }),
      })
      windows = opened
      const quit = quitter({ atWork, ask: question => ask(question, opened.current), quit: () => app.quit(), texts })
      const changeTextSize = textSizeSteps(hearth.settings, hearth.notices)
      drawMenu = () =>
        showMenu(texts(), {
          platform: process.platform,
          developer: !app.isPackaged,
          actions,
          changeTextSize: step => void changeTextSize(step),
          quick: () => quick.show(),
          quit,
        })
      const icon = new TrayIcon({ hearth, atWork, windows: opened, quick, texts, quit })
      followTextSize(hearth.settings)
      hearth.settings.watch(settings => {
        nativeTheme.themeSource = settings.theme
        drawMenu()
        icon.want(settings.tray)
        quick.setKey(settings.quickKey)
      })
      staying = new Staying({
        isAtWork: () => atWork.list().length > 0,
        isWanted: () => hearth.settings.get().tray,
        hasWindow: () => BrowserWindow.getAllWindows().length > 0,
        show: on => icon.need(on),
        tell: () => notifyOfStaying(atWork, opened, texts),
        hidesIcons: hidesIcons(process.env.XDG_CURRENT_DESKTOP),
        quit: () => app.quit(),
      })
      notifyOfLongWork(hearth, opened, texts)
      opened.restore()
      const handed = openings.add(handedOver(process.argv.slice(1), process.cwd()))
      if (handed !== undefined) opened.show(handed)
      app.on('activate', () => opened.show())
    },
    error => {
      log.write('the services did not start', error)
      void tellNoStart(() => wordsOf(error))
    },
  )
}

/** @param over the window it stands on, where there is one */
async function ask({ message, detail, buttons }: Question, over: BrowserWindow | undefined): Promise<boolean> {
  const options: MessageBoxOptions = {
    type: 'question',
    message,
    detail,
    buttons: [...buttons],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  }
  const { response } = await (over ? dialog.showMessageBox(over, options) : dialog.showMessageBox(options))
  return response === 0
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
  readonly atWork: AtWork
  readonly updates: Updates
}

async function openServices({ home, log, builtFolder }: Start): Promise<Services> {
  const { env } = process
  const hearth = await compose({ home, userHome: homedir(), env, ...installedApp(builtFolder) })
  const server = new ApiServer({
    api: { fetch: async request => hearth.fetch(request) },
    settings: hearth.settings,
    notices: hearth.notices,
    home,
    host: ollamaHost(env),
    origins: variable(env, 'OLLAMA_ORIGINS'),
    onTrouble: error => log.write('the API does not listen', error),
  })
  await server.start()
  const packages = unfittingBackEnds(app.getAppPath(), process.resourcesPath).join(', ')
  if (packages !== '') {
    hearth.notices.add({ code: 'graphics-unfitting', values: { packages, version: app.getVersion() } })
  }
  const atWork = new AtWork(hearth)
  const updates = new Updates({
    updater: await electronUpdater(log, hearth.connections.tell),
    settings: hearth.settings,
    busy: () => atWork.isToBeWaitedFor,
    quit: () => app.quit(),
  })
  return { hearth, server, atWork, updates }
}
