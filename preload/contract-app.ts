import { z } from 'zod'
import { languages } from './contract-languages.ts'
import { highestPort, longest, parameterLimits } from './contract-limits.ts'
import { chosenFilesSchema } from './contract-models.ts'
import { noticeSchema } from './contract-notices.ts'
import { id, nothing, problemSchema } from './contract-parts.ts'

/**
 * What a window and main say of Hearth itself: settings, the server, updates, backups, notices, what the system hands
 * over.
 */

/** The sizes of text to choose from, in percent of the usual one. */
export const textSizes = [80, 90, 100, 110, 125, 150, 175, 200] as const

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', ...languages]),
  /** Of text and all else in every window, in percent of the usual one. */
  textSize: z.number().min(50).max(300),
  /** Model a new conversation starts with; empty lets Hearth choose. */
  model: z.string(),
  sidebarCollapsed: z.boolean(),
  /** Preset of a new conversation: its id, or the name of a built-in one; empty for none. */
  preset: z.string(),
  /** Whether Hearth looks for newer versions of itself, and whether it also downloads them. */
  updates: z.enum(['off', 'notify', 'automatic']),
  /** An icon beside the clock, with which the app stays at work when its last window is closed. */
  tray: z.boolean(),
  /** The key that opens the quick window over any program, as actions write keys. */
  quickKey: z.enum(['off', 'Mod+Shift+Space', 'Alt+Space', 'Mod+Alt+H']),
  /** A model gives new chats their titles; else they are the first words of the first question. */
  modelTitles: z.boolean(),
  /** Whether backups of chats and forms are made by themselves. */
  backups: z.boolean(),
  /** Tokens a model holds in view where neither it nor the chat says; null is as OLLAMA_CONTEXT_LENGTH says. */
  contextLength: z.number().int().min(parameterLimits.num_ctx.min).max(parameterLimits.num_ctx.max).nullable(),
  /** Seconds a model stays in memory after its last answer, negative for ever; null is as OLLAMA_KEEP_ALIVE says. */
  keepAlive: z.number().int().min(-1).max(31_536_000).nullable(),
  /** Absolute path of the folder the models were moved to; null for the usual one. OLLAMA_MODELS goes first. */
  modelsFolder: z.string().min(1).max(longest.path).nullable(),
  /** Whether other programs may use the API over HTTP. */
  apiOn: z.boolean(),
  /** Who may: this computer, or its network as well; null is as OLLAMA_HOST says. */
  apiReach: z.enum(['computer', 'network']).nullable(),
  /** Null is as OLLAMA_HOST says. */
  apiPort: z.number().int().min(1).max(highestPort).nullable(),
  /** Web pages that may, besides those of OLLAMA_ORIGINS. */
  apiOrigins: z.array(z.string().min(1).max(longest.origin)).max(100),
})

/** What holds until the person chooses. */
export const defaultSettings: z.output<typeof settingsSchema> = {
  theme: 'system',
  language: 'system',
  textSize: 100,
  model: '',
  sidebarCollapsed: false,
  preset: '',
  // No connection is made unasked.
  updates: 'off',
  tray: false,
  // No key is taken from other programs unasked.
  quickKey: 'off',
  modelTitles: true,
  backups: true,
  contextLength: null,
  keepAlive: null,
  modelsFolder: null,
  apiOn: true,
  apiReach: null,
  apiPort: null,
  apiOrigins: [],
}

/** What is known of a newer Hearth. */
const updateSchema = z.object({
  /**
   * unavailable: this copy does not update itself (it runs from its source, or another program brought it); idle: none
   * is known; ready: downloaded and verified, installed at the restart; waiting: installed once no answer is being
   * written any more, and no model made or moved.
   */
  state: z.enum(['unavailable', 'idle', 'checking', 'available', 'downloading', 'ready', 'waiting', 'installing']),
  /** The newer one; null while none is known. */
  version: z.string().nullable(),
  /** Fraction that is here, while downloading. */
  progress: z.number(),
  /** Milliseconds since 1970; null before the first look. */
  checkedAt: z.number().nullable(),
  /** Why the last step failed. */
  problem: problemSchema.nullable(),
})

/** Chats and forms as they were at a moment. */
export const backupSchema = z.object({
  id,
  /** Milliseconds since 1970. */
  at: z.number(),
  /** daily: by itself; asked: by the person; before-going-back: of what was then; migration: of before an update. */
  reason: z.enum(['daily', 'asked', 'before-going-back', 'migration']),
  /** Of its databases; its pictures are shared with the chats. */
  bytes: z.number(),
  /** How many it has outside the trash; null where it holds none of that kind. */
  chats: z.number().nullable(),
  forms: z.number().nullable(),
})

const appInfoSchema = z.object({
  version: z.string(),
  platform: z.string(),
  /** The language of the system, as a BCP 47 tag. */
  systemLanguage: z.string(),
  /** Where the HTTP API listens, e.g. http://127.0.0.1:11434; null when it does not. */
  apiAddress: z.string().nullable(),
  demoModel: z.string(),
  /** This copy can lay the command `hearth` (see `commandSchema`, `changeable`). */
  laysCommand: z.boolean(),
})

/** The command `hearth` in a terminal (main/desktop/command-on-path.ts). */
const commandSchema = z.object({
  /** Where this copy's lies, or would be laid. */
  path: z.string(),
  /** What lies there: this copy's, that of another copy of Hearth, or what is not Hearth's and stays. */
  laid: z.enum(['nothing', 'this', 'other-hearth', 'foreign']),
  /** What a new terminal window starts for `hearth`; null for nothing. */
  found: z.string().nullable(),
  /** That is this copy. */
  works: z.boolean(),
  /** Hearth lays it and takes it away; a package or the Windows installer does it by itself. */
  changeable: z.boolean(),
})

/** Hearth in a Linux desktop's menu: not there, this copy, or another one (main/desktop/menu-entry.ts). */
const menuEntrySchema = z.enum(['none', 'this', 'other'])

/** What went over the network to one host, for one reason, without a long pause. */
export const connectionSchema = z.object({
  /** Name and, where it is an unusual one, port. */
  host: z.string(),
  /** get-model, send-model: from or to a registry; update: looking for a newer Hearth, or fetching it. */
  purpose: z.enum(['get-model', 'send-model', 'update']),
  /** What it was about, e.g. the name of a model; empty when that cannot be told. */
  subject: z.string(),
  /** The first and the last happening, in milliseconds since 1970. */
  from: z.number(),
  until: z.number(),
  requests: z.number(),
  /** Bytes of the bodies. */
  sent: z.number(),
  received: z.number(),
})

/** The API's door for other programs. */
const serverSchema = z.object({
  /** Whether it is to listen. It may not all the same: then there are no addresses. */
  on: z.boolean(),
  reach: z.enum(['computer', 'network']),
  port: z.number(),
  origins: z.array(z.string()),
  /** Where programs find it: first the one for this computer, then those for others. */
  addresses: z.array(z.string()),
})

/** A request that came over HTTP. */
const loggedRequestSchema = z.object({
  /** Counted from the start of the app. */
  id: z.number(),
  /** When it ended, in milliseconds since 1970. */
  at: z.number(),
  method: z.string(),
  /** Path and query. */
  url: z.string(),
  /** 0 when the client left before there was an answer. */
  status: z.number(),
  milliseconds: z.number(),
  remoteAddress: z.string(),
})

/** Something the system handed to Hearth because the person clicked on it: a link, or a model's file. */
const openingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), model: z.string() }),
  /** Both may be empty. */
  z.object({ kind: z.literal('chat'), model: z.string(), prompt: z.string() }),
  z.object({ kind: z.literal('file'), files: chosenFilesSchema }),
  z.object({ kind: z.literal('unusable-file'), problem: problemSchema }),
  /** A link that means nothing to this Hearth, or is not to be trusted. */
  z.object({ kind: z.literal('unknown-link') }),
])

export const appCalls = {
  'app.info': { input: nothing, output: appInfoSchema },
  /** http, https and mailto addresses only; everything else is refused. */
  'app.openExternal': { input: z.object({ url: z.string().max(8192) }), output: nothing },
  /** Shows a file in the system's file manager: only one that was exported since the start. */
  'app.showInFolder': { input: z.object({ path: z.string().max(longest.path) }), output: nothing },
  'app.newWindow': { input: nothing, output: nothing },
  /** Opens the small window over other programs. */
  'quick.show': { input: nothing, output: nothing },
  /** Closes it, and goes on with its chat in a window of the app. */
  'quick.openInHearth': { input: z.object({ conversationId: id }), output: nothing },
  /** What was handed to Hearth since it was last asked, in order; a window is sent to `#/open/…` to ask. */
  'app.takeOpenings': { input: nothing, output: z.array(openingSchema) },
  /** What can be done in a window, for the application's menu, in the person's language. */
  'app.setActions': {
    input: z.object({
      actions: z.array(z.object({ name: z.string().max(200), shortcut: z.string().max(50) })).max(100),
    }),
    output: nothing,
  },
  'app.dismissNotice': { input: z.object({ id }), output: nothing },
  /** Looks for a newer Hearth now. What comes of it, and of the next two, `updates.watch` tells. */
  'updates.check': { input: nothing, output: nothing },
  'updates.download': { input: nothing, output: nothing },
  /** Restarts into the newer version, once nothing is under way that this would end (see `updates.watch`). */
  'updates.install': { input: nothing, output: nothing },
  /** What is about the server goes through `server.change`, the models folder through `modelsFolder.move`. */
  'settings.change': {
    input: settingsSchema
      .omit({ apiOn: true, apiReach: true, apiPort: true, apiOrigins: true, modelsFolder: true })
      .partial(),
    output: settingsSchema,
  },
  /**
   * Opens, moves or shuts the API's door at once; answers on their way go on. Rejects with `port-taken`,
   * `port-forbidden` or `bad-origin`, and leaves everything as it was.
   */
  'server.change': {
    input: settingsSchema.pick({ apiOn: true, apiReach: true, apiPort: true, apiOrigins: true }).partial(),
    output: nothing,
  },
  /** Makes a backup; `backups.watch` tells when it is there. Rejects with `in-use`, `disk-full` or `database`. */
  'backups.take': { input: nothing, output: nothing },
  /** What going back would do to the chats outside the trash. Rejects with `not-found` or `database`. */
  'backups.compare': {
    input: z.object({ id }),
    output: z.object({
      /** How many there were, and are now; null where the backup holds no chats, which then stay as they are. */
      before: z.number().nullable(),
      now: z.number(),
      /** How many come back, how many go, and how many are on both sides and differ. */
      back: z.number(),
      gone: z.number(),
      changed: z.number(),
    }),
  },
  /**
   * Gives chats and forms the state they had, after a backup of the present one; answers being written end as
   * interrupted. Rejects with `not-found`, `in-use`, `disk-full` or `database`.
   */
  'backups.goBack': { input: z.object({ id }), output: nothing },
  /**
   * Bytes that removing a backup gives back: its files, and pictures that nothing else has. Rejects with `not-found`.
   */
  'backups.freedBy': { input: z.object({ id }), output: z.object({ bytes: z.number() }) },
  /** Removes a backup, for good. Rejects with `not-found` or `in-use`. */
  'backups.remove': { input: z.object({ id }), output: nothing },
  /** Shows the folder of the backups in the system's file manager. */
  'backups.showFolder': { input: nothing, output: nothing },
  'connections.clear': { input: nothing, output: nothing },
  /** Null where this copy has none: it runs from its source, or needs no installation (Windows). */
  'command.look': { input: nothing, output: z.object({ command: commandSchema.nullable() }) },
  /** Changes nothing where the person gives no password: macOS may ask for it. */
  'command.install': { input: nothing, output: nothing },
  'command.remove': { input: nothing, output: nothing },
  /** Null where this copy does not lay it itself. */
  'menuEntry.look': { input: nothing, output: z.object({ state: menuEntrySchema.nullable() }) },
  'menuEntry.change': { input: z.object({ on: z.boolean() }), output: nothing },
  /** Bytes that Hearth's things take on the disk. */
  'storage.usage': {
    input: nothing,
    output: z.object({
      /** A file that several models share counts once; what pulls have brought counts, too. */
      models: z.number(),
      conversations: z.number(),
      /** With their pictures. */
      forms: z.number(),
      /** Of chats. */
      pictures: z.number(),
      /** Without the pictures that chats still have. */
      backups: z.number(),
      /** What can be made anew: the search index, the page's caches, logs. */
      caches: z.number(),
      /** Free on the disk of the models; null when that cannot be told. */
      free: z.number().nullable(),
    }),
  },
  'server.clearLog': { input: nothing, output: nothing },
} as const

export const appStreams = {
  'settings.watch': { input: nothing, event: settingsSchema },
  'updates.watch': { input: nothing, event: updateSchema },
  'notices.watch': { input: nothing, event: z.array(noticeSchema) },
  /**
   * What became of the key for the quick window. refused: the system does not give it away, another program may have
   * it; wayland: it was taken, and may be heard in some programs only.
   */
  'quick.watch': { input: nothing, event: z.object({ state: z.enum(['off', 'ready', 'refused', 'wayland']) }) },
  'backups.watch': {
    input: nothing,
    event: z.object({
      /** The newest first. */
      backups: z.array(backupSchema),
      working: z.enum(['backing-up', 'going-back', 'removing']).nullable(),
      /** Why the last one that was due could not be made; null when it could. */
      problem: problemSchema.nullable(),
      folder: z.string(),
    }),
  },
  /** Newest first. */
  'connections.watch': { input: nothing, event: z.array(connectionSchema) },
  'server.watch': { input: nothing, event: serverSchema },
  /** The last requests, oldest first, then what came since, at most once a frame. */
  'server.log': {
    input: nothing,
    event: z.object({ type: z.enum(['all', 'more']), requests: z.array(loggedRequestSchema) }),
  },
  /** One request to the Ollama-compatible API; letting go of the stream aborts it. */
  'api.request': {
    input: z.object({
      method: z.enum(['GET', 'HEAD', 'POST', 'DELETE']),
      /** Path and query, e.g. /api/tags. */
      path: z.string().startsWith('/').max(2048),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
    }),
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('head'), status: z.number(), headers: z.record(z.string(), z.string()) }),
      z.object({ type: z.literal('body'), chunk: z.instanceof(Uint8Array) }),
      z.object({ type: z.literal('end') }),
      z.object({ type: z.literal('failed'), problem: problemSchema }),
    ]),
  },
} as const

export type Settings = z.output<typeof settingsSchema>
export type Connection = z.output<typeof connectionSchema>
export type MenuEntryState = z.output<typeof menuEntrySchema>
export type Command = z.output<typeof commandSchema>
export type ServerState = z.output<typeof serverSchema>
export type LoggedRequest = z.output<typeof loggedRequestSchema>
export type Backup = z.output<typeof backupSchema>
export type Opening = z.output<typeof openingSchema>
export type Update = z.output<typeof updateSchema>
export type AppInfo = z.output<typeof appInfoSchema>
