import { join } from 'node:path'
import { createApi } from './api/app.ts'
import { Bodies } from './api/bodies/bodies.ts'
import { Backups } from './backups/backups.ts'
import { Conversations } from './conversations/conversations.ts'
import { transcriptOf } from './conversations/transcript.ts'
import { createEngineStarter } from './engine/start-engine.ts'
import { createToolEngine } from './engine/tool/start-tool.ts'
import { SheetThread } from './forms/export/sheet-thread.ts'
import { Forms } from './forms/forms.ts'
import { chosenEnvironment, inferenceEnvironment } from './inference/environment.ts'
import { InferenceService } from './inference/inference.ts'
import { GoTemplate } from './inference/prompt/go-template/template.ts'
import { PromptThread } from './inference/prompt/prompt-thread.ts'
import { steppedDownTeller } from './inference/stepped-down.ts'
import { startingTranslated } from './inference/translated-start.ts'
import type { Installed } from './installed.ts'
import { installDemoModel, isDemoModel } from './library/demo-model.ts'
import { demoModelTrouble } from './library/demo-model-trouble.ts'
import { modelsFolder, modelsFolderFixed, pruningDisabled } from './library/environment.ts'
import { Fitting } from './library/fit/fitting.ts'
import { foundModels } from './library/found-models.ts'
import { Library } from './library/library.ts'
import { Makings } from './library/making/makings.ts'
import { FolderInUse } from './library/moving/folder-in-use.ts'
import { ModelsMove } from './library/moving/models-move.ts'
import { usualHomes } from './library/moving/other-folders.ts'
import { Pulls } from './library/registry/pulls.ts'
import { Registry } from './library/registry/registry.ts'
import { Connections } from './settings/connections.ts'
import { Notices } from './settings/notices.ts'
import { SettingsStore } from './settings/settings-store.ts'

export interface HearthOptions extends Installed {
  /** Folder of the person's data: conversations.db, settings.json. */
  readonly home: string
  /** The OLLAMA_* variables. */
  readonly env: NodeJS.ProcessEnv
  readonly userHome: string
  /** Milliseconds since 1970, for how long models stay; the computer's by default. */
  readonly now?: () => number
}

/** Every service, built once. */
export interface Hearth {
  /** The Ollama-compatible API. */
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly library: Library
  readonly registry: Registry
  /** The window's list of models being pulled. */
  readonly pulls: Pulls
  /** Where the models lie, and their way to another place. */
  readonly modelsMove: ModelsMove
  /** Short names of the models that were there before Hearth. */
  readonly foundModels: readonly string[]
  /** The models the window has made. */
  readonly makings: Makings
  /** Whether models run on this computer. */
  readonly fitting: Fitting
  readonly inference: InferenceService
  readonly conversations: Conversations
  readonly forms: Forms
  readonly backups: Backups
  readonly settings: SettingsStore
  readonly notices: Notices
  /** What went out over the network. */
  readonly connections: Connections
  /** Saves running replies, ends every engine, closes the database. */
  close(): Promise<void>
}

/**
 * Builds Hearth's services. Trouble with the person's data or with the demo model is told as a notice, not thrown: the
 * app opens all the same.
 */
export async function compose(options: HearthOptions): Promise<Hearth> {
  const { home, env, version } = options
  const notices = new Notices(join(home, 'notices.json'))
  const settings = new SettingsStore({ home, notices })
  const connections = new Connections(join(home, 'connections.json'))
  const prompts = new PromptThread(options.promptWorker)
  const toolEngine = createToolEngine(options.spawnTool)
  const folder = modelsFolder(env, options.userHome, settings.get().modelsFolder)
  const isFolderChosen = !modelsFolderFixed(env) && settings.get().modelsFolder !== null
  const inUse = FolderInUse.share(home, folder)
  const library: Library = new Library({
    modelsFolder: folder,
    isFolderChosen,
    pruning: !pruningDisabled(env),
    checkTemplate: template => void GoTemplate.parse(template),
    detectTemplate: facts => prompts.detectTemplate(facts),
    toolEngine,
    translationsElsewhere: join(home, 'translated'),
    pull: (model, tell, { signal }) => registry.pull(model, tell, { signal }),
  })
  // A disk that is away: nothing may be made in its place, which would hide it when it comes back.
  const { isAway } = library.folder
  let missing: string | undefined
  library.folder.watchAway(isAway => {
    if (missing !== undefined) notices.dismiss(missing)
    missing = isAway ? notices.add({ code: 'models-folder-missing', values: { path: library.folder.root } }) : undefined
  })
  const { hashWorker, receiveWorker, userHome } = options
  const registry = new Registry({ library, userHome, version, hashWorker, receiveWorker, tell: connections.tell })
  const environment = chosenEnvironment(inferenceEnvironment(env), () => settings.get())
  const startEngine = createEngineStarter(options.spawnEngine, { stallTimeout: environment.loadTimeout })
  const inference = new InferenceService({
    library,
    startEngine: startingTranslated(startEngine, library),
    environment,
    grammarWorker: options.grammarWorker,
    prompts,
    now: options.now,
    onSteppedDown: steppedDownTeller(values => notices.add({ code: 'model-stepped-down', values })),
  })
  const held = () =>
    inference
      .running()
      .reduce(
        ({ ram, vram }, { sizeBytes, vramBytes }) => ({ ram: ram + sizeBytes - vramBytes, vram: vram + vramBytes }),
        { ram: 0, vram: 0 },
      )
  const makings = new Makings(library, home)
  const isLoaded = (path: string) =>
    inference.running().some(({ modelPath, contextLength }) => modelPath === path && contextLength > 0)
  const fitting = new Fitting({ library, registry, toolEngine, held, isLoaded })
  // Before anything comes in. One that cannot be looked at, or kept, is only not spoken of.
  const found = isAway ? [] : await foundModels(library, home).catch(() => [])
  const presentDemo = () =>
    installDemoModel(library, options.demoModelPath, home).catch(async error => {
      const trouble = demoModelTrouble(error, library.folder.root)
      // A folder of somebody else's with models of its own, which may only be used.
      if (trouble.reason === 'not-writable' && (await library.list().catch(() => [])).length > 0) return
      notices.add({ code: 'demo-model-missing', values: trouble })
    })
  const [conversations, pulls] = await Promise.all([
    Conversations.open({
      home,
      inference,
      notices,
      modelTitles: () => settings.get().modelTitles,
      // The demo's would be the first thing a person reads of it, and is often nonsense.
      canTitle: model => !isDemoModel(model),
    }),
    Pulls.open({ registry, path: join(home, 'pulls.json') }),
    isAway ? undefined : presentDemo(),
  ])
  const modelsMove = new ModelsMove({
    library,
    pulls,
    inUse,
    home,
    fixed: modelsFolderFixed(env),
    homes: usualHomes(process.platform, options.userHome),
    remembered: () => settings.get().modelsFolder,
    remember: path => settings.change({ modelsFolder: path }),
    onSwitched: async left => {
      inference.unloadAll()
      library.folder.look()
      if (library.folder.isAway) return
      // One that cannot be removed there is told by nobody who could still do something about it.
      if (left !== undefined) await makings.leave(left).catch(() => undefined)
      await presentDemo()
    },
    isBusy: () => inference.isBusy,
  })
  const sheets = new SheetThread(options.sheetWorker)
  const forms = new Forms({
    home,
    inference,
    checkFormat: schema => inference.checkFormat(schema),
    workbook: sheets.xlsxOf,
    transcript: id => transcriptOf(conversations, id),
  })
  // What crashes and deleted models left behind. Nobody waits for it, and a folder that cannot be cleared still serves.
  const cleared = makings.clearTrials().then(() => (pruningDisabled(env) ? undefined : library.prune(pulls.digests)))
  void cleared.catch(() => undefined)
  const bodies = new Bodies({ workerPath: options.bodyWorker })
  const backups = new Backups({
    home,
    notices,
    parts: [conversations.backedUp, forms.backedUp],
    wanted: () => settings.get().backups,
  })
  await backups.start()
  backups.keepLooking()
  const api = createApi({ library, registry, inference, bodies, version, goTemplate: environment.goTemplate })
  return {
    fetch: request => api.fetch(request),
    library,
    registry,
    pulls,
    modelsMove,
    fitting,
    foundModels: found,
    makings,
    inference,
    conversations,
    forms,
    backups,
    settings,
    notices,
    connections,
    close: async () => {
      // Replies first: what they have is saved before their engines go.
      await conversations.close()
      await forms.close()
      await inference.dispose()
      await makings.close()
      await modelsMove.close()
      await pulls.close()
      await registry.close()
      await connections.close()
      await bodies.close()
      await prompts.close()
      await sheets.close()
      // Last, as it may be in the middle of a large one, and nothing waits for it but the end.
      await backups.close()
      inUse.release()
      await settings.written()
      await notices.written()
    },
  }
}
