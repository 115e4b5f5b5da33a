import { z } from 'zod'
import { formCalls, formStreams } from './contract-forms.ts'
import { languages } from './contract-languages.ts'
import { mostAttachments, mostSourceText } from './contract-limits.ts'
import { attachmentSchema, id, nothing, problemSchema } from './contract-parts.ts'

/**
 * The whole conversation between a window and main: calls that answer once, streams that go on until the window lets
 * go. Main checks every input against these schemas; the window gets its types from them.
 */

export { attachmentSchema, problemSchema }

/** A function a model wants called; it is never called from here. */
export const toolCallSchema = z.object({
  /** By which a result names it; empty for none. */
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
})

export const messageSchema = z.object({
  id,
  parentId: id.nullable(),
  /** tool: what a function has answered, see `tool`. */
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  thinking: z.string(),
  /** The model that wrote it, as its short name; empty for the person's own messages. */
  model: z.string(),
  /**
   * waiting: no token yet (the model may be loading); streaming: tokens arrive; complete; stopped: by the person;
   * interrupted: the app ended in the middle; failed: see `problem`.
   */
  state: z.enum(['waiting', 'streaming', 'complete', 'stopped', 'interrupted', 'failed']),
  problem: problemSchema.nullable(),
  /** Ids of all versions of this message (its siblings, itself included), oldest first. */
  versions: z.array(id),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Fraction of the model's weights loaded, while waiting for a load; null otherwise. */
  loading: z.number().nullable(),
  metrics: z
    .object({
      promptTokens: z.number(),
      outputTokens: z.number(),
      /** Seconds. */
      outputSeconds: z.number(),
      thinkingSeconds: z.number().nullable(),
      /** Why it ended: the model said so, or the limit was met. */
      ended: z.enum(['stop', 'length']),
    })
    .nullable(),
  attachments: z.array(attachmentSchema),
  toolCalls: z.array(toolCallSchema),
  /** Of a message in the role `tool`: the function it comes from, and the id of the call. */
  tool: z.object({ name: z.string(), callId: z.string() }).nullable(),
  /** What the model had in view when it wrote this; null for what no model wrote, and where it is not known. */
  context: z
    .object({
      /** Tokens it can hold in view. */
      size: z.number(),
      /** The first message it read, system prompt aside, as those before did not fit; null when it read them all. */
      from: id.nullable(),
      /** Not even the last message fitted: its middle was left out. */
      cut: z.boolean(),
    })
    .nullable(),
})

/** What the composer of a chat holds. */
export const draftSchema = z.object({
  text: z.string().max(4_000_000),
  attachments: z.array(attachmentSchema).max(mostAttachments),
})

/** Where a draft stands: in a chat, or, with null, in the chat that a window has not begun yet. */
export const draftBoxSchema = z.object({
  conversationId: id.nullable(),
  /** Number of that window; left out for the first. */
  window: z.number().int().min(0).max(1_000).optional(),
})

/** How a model answers in one conversation; what is left out is the model's own. The names are those of Ollama's options. */
export const parametersSchema = z
  .object({
    /** How freely it chooses its words. */
    temperature: z.number().min(0).max(2),
    top_p: z.number().min(0).max(1),
    top_k: z.number().int().min(0).max(1_000),
    repeat_penalty: z.number().min(0).max(2),
    /** The same number gives the same answer again. */
    seed: z.number().int().min(0).max(2_147_483_647),
    /** Tokens it can hold in view. */
    num_ctx: z.number().int().min(512).max(1_048_576),
    /** Most tokens of one answer. */
    num_predict: z.number().int().min(1).max(1_048_576),
  })
  .partial()

export const conversationSchema = z.object({
  id,
  /** Empty until the person or the first question gives one. */
  title: z.string(),
  /** Model the next question goes to; empty before the first. */
  model: z.string(),
  createdAt: z.number(),
  /** Time of the last message. */
  updatedAt: z.number(),
  /** A reply is being written. */
  answering: z.boolean(),
  pinned: z.boolean(),
  folderId: id.nullable(),
  /** What the model is told before everything else. */
  system: z.string(),
  parameters: parametersSchema,
})

/** A way to answer that was given a name, to be used again. */
export const presetSchema = z.object({
  id,
  name: z.string(),
  system: z.string(),
  parameters: parametersSchema,
})

export const folderSchema = z.object({ id, name: z.string() })

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', ...languages]),
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
  contextLength: z.number().int().min(512).max(1_048_576).nullable(),
  /** Seconds a model stays in memory after its last answer, negative for ever; null is as OLLAMA_KEEP_ALIVE says. */
  keepAlive: z.number().int().min(-1).max(31_536_000).nullable(),
  /** Absolute path of the folder the models were moved to; null for the usual one. OLLAMA_MODELS goes first. */
  modelsFolder: z.string().min(1).max(32_768).nullable(),
  /** Whether other programs may use the API over HTTP. */
  apiOn: z.boolean(),
  /** Who may: this computer, or its network as well; null is as OLLAMA_HOST says. */
  apiReach: z.enum(['computer', 'network']).nullable(),
  /** Null is as OLLAMA_HOST says. */
  apiPort: z.number().int().min(1).max(65_535).nullable(),
  /** Web pages that may, besides those of OLLAMA_ORIGINS. */
  apiOrigins: z.array(z.string().min(1).max(500)).max(100),
})

/** What holds until the person chooses. */
export const defaultSettings: z.output<typeof settingsSchema> = {
  theme: 'system',
  language: 'system',
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
export const updateSchema = z.object({
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

/** Something the person should know that no action of theirs caused. */
export const noticeSchema = z.object({
  id,
  /**
   * database-set-aside: conversations.db could not be read and lies at `path` since `at` (milliseconds since 1970);
   * `conversations` and `messages` count what was rescued from it. database-unavailable: it cannot be opened for the `reason` (locked, newer, read-only,
   * disk-full, unreadable); it is tried again, and the notice goes once it opens. settings-set-aside: `path`.
   * disk-full: answers cannot be saved; goes once they are. port-taken: the port `wanted` belongs to another program,
   * the API is at `address` now; without `address` it does not listen at all. api-not-listening: for the `reason`, in English.
   * demo-model-missing: `reason` is disk-full, not-writable (`path`) or another code, `message` says it in English.
   * model-stepped-down: `model` was loaded with less than was asked for, as memory is short; `reason` is context,
   * graphics or both, with `context` tokens instead of `askedContext`, and `layers` instead of `askedLayers` on the GPU.
   * models-folder-missing: the folder the models were moved to is not there, its disk may be away: `path`;
   * pulls wait for the next start.
   * graphics-unfitting: `packages`, back ends for graphics cards, belong to another version of Hearth than this `version`.
   * backup-failed: the last one that was due could not be made, `reason` is a problem's code; goes with the next that can.
   * went-back-in-part: going back to a backup was cut off, and could not be ended: chats and forms are of different times.
   * window-recovered: the window had stopped working and was loaded again.
   */
  code: z.enum([
    'database-set-aside',
    'database-unavailable',
    'settings-set-aside',
    'port-taken',
    'api-not-listening',
    'demo-model-missing',
    'disk-full',
    'model-stepped-down',
    'models-folder-missing',
    'graphics-unfitting',
    'backup-failed',
    'went-back-in-part',
    'window-recovered',
  ]),
  /** Values for the text, named above. */
  values: z.record(z.string(), z.string()),
})

export const appInfoSchema = z.object({
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
export const commandSchema = z.object({
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
export const menuEntrySchema = z.enum(['none', 'this', 'other'])

/** A piece of text, and whether it is what was searched for. */
export const segmentSchema = z.object({ text: z.string(), match: z.boolean() })

/** A model on its way here. */
export const pullSchema = z.object({
  /** Its short name, which is what the calls take. */
  model: z.string(),
  /** done: until it is taken off the list; failed: see `problem`, tried again by itself where waiting may help. */
  state: z.enum(['waiting', 'running', 'paused', 'failed', 'done']),
  /** Bytes that are here, and that there will be; 0 until the registry has told. */
  completed: z.number(),
  total: z.number(),
  /** Bytes a second; 0 while nothing comes. */
  speed: z.number(),
  /** Null while it cannot be told. */
  secondsLeft: z.number().nullable(),
  problem: problemSchema.nullable(),
})

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

/** How a model would run on this computer (main/library/fit/fit.ts). Numbers in bytes where nothing else is said. */
export const fitSchema = z.object({
  /**
   * well; slow: below reading pace; forgetful: its context had to be shortened; too-large: for memory; disk-full; and
   * unsupported: on no computer.
   */
  verdict: z.enum(['well', 'slow', 'forgetful', 'too-large', 'disk-full', 'unsupported']),
  /** By the model's own header; else by what the catalogue knows. */
  exact: z.boolean(),
  /** Still to be downloaded, and free where it would lie; null while there is no models folder. */
  download: z.number(),
  diskFree: z.number().nullable(),
  /** Memory it takes, that is free, and that there is, graphics cards included. */
  needed: z.number(),
  free: z.number(),
  total: z.number(),
  computedBy: z.enum(['graphics', 'both', 'processor']),
  wordsPerSecond: z.number(),
  /** Tokens it can hold in view. */
  contextSize: z.number(),
})

export const familySchema = z.object({
  /** Names its sentence among the texts, `catalogue.families.<id>`. */
  id: z.string(),
  name: z.string(),
  maker: z.string(),
  licence: z.enum(['apache', 'mit', 'llama', 'gemma']),
  uses: z.array(z.enum(['write', 'pictures', 'code', 'reason', 'chinese', 'search'])).readonly(),
  abilities: z.array(z.enum(['vision', 'tools', 'thinking', 'insert', 'embedding'])).readonly(),
  languages: z.enum(['english', 'english-chinese', 'many']),
  /** Smallest first. */
  sizes: z.array(
    z.object({
      /** What `pulls.start` takes. */
      model: z.string(),
      /** Thousand millions. */
      parameters: z.number(),
      /** Bytes of the download. */
      bytes: z.number(),
      /** Null where this computer could not be looked at. */
      fit: fitSchema.nullable(),
    }),
  ),
})

/** The API's door for other programs. */
export const serverSchema = z.object({
  /** Whether it is to listen. It may not all the same: then there are no addresses. */
  on: z.boolean(),
  reach: z.enum(['computer', 'network']),
  port: z.number(),
  origins: z.array(z.string()),
  /** Where programs find it: first the one for this computer, then those for others. */
  addresses: z.array(z.string()),
})

/** A request that came over HTTP. */
export const loggedRequestSchema = z.object({
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

/** Files of a model, or of an adapter, that the person has pointed at (main/library/making/chosen-files.ts). */
export const chosenFilesSchema = z.object({
  /** Stands for them in later calls: a window never names a path. */
  token: z.string(),
  name: z.string(),
  format: z.enum(['gguf', 'safetensors']),
  /** A projector is what a model sees or hears with. */
  kind: z.enum(['model', 'adapter', 'projector']),
  bytes: z.number(),
  /** Precision of the weights: `F16`, `Q4_K_M`. */
  precision: z.string(),
  parameters: z.number(),
})

/** A model in the making. */
export const makingSchema = z.object({
  id,
  model: z.string(),
  /** Made to be tried: kept under another name or removed. */
  trial: z.boolean(),
  state: z.enum(['running', 'done', 'failed']),
  step: z.enum(['copying', 'converting', 'quantizing', 'writing']),
  /** Bytes of the step; `total` is 0 where it cannot be told. */
  completed: z.number(),
  total: z.number(),
  problem: problemSchema.nullable(),
})

/** Where the models lie, and their way to another folder (main/library/moving/models-move.ts). */
export const modelsPlaceSchema = z.object({
  path: z.string(),
  /** The variable OLLAMA_MODELS says so: it cannot be moved from here. */
  fixed: z.boolean(),
  move: z
    .object({
      to: z.string(),
      /**
       * waiting: for work on models to end; copying: until everything is there and verified; removing: the new folder is
       * in use, the old files go as soon as no answer needs them; done, failed, cancelled: until the next move.
       */
      state: z.enum(['waiting', 'copying', 'removing', 'done', 'failed', 'cancelled']),
      /** Bytes copied and verified; `total` is twice what there is. */
      completed: z.number(),
      total: z.number(),
      problem: problemSchema.nullable(),
    })
    .nullable(),
})

/** Something the system handed to Hearth because the person clicked on it: a link, or a model's file. */
export const openingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), model: z.string() }),
  /** Both may be empty. */
  z.object({ kind: z.literal('chat'), model: z.string(), prompt: z.string() }),
  z.object({ kind: z.literal('file'), files: chosenFilesSchema }),
  z.object({ kind: z.literal('unusable-file'), problem: problemSchema }),
  /** A link that means nothing to this Hearth, or is not to be trusted. */
  z.object({ kind: z.literal('unknown-link') }),
])

const exampleSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) })

/** What a model is told, and how it answers. Empty leaves what the base has. */
const describedSchema = z.object({
  /** A precision as `llama-quantize` calls it; null leaves the weights as they are. */
  quantize: z.string().max(20).nullable(),
  system: z.string().max(200_000),
  template: z.string().max(1_000_000),
  license: z.string().max(4_000_000),
  parameters: z.record(z.string(), z.unknown()),
  messages: z.array(exampleSchema).max(200),
})

const modelName = z.string().min(1).max(500)

/** A model as far as a person has described it (renderer/features/models/making/draft.ts). */
export const makeDraftSchema = describedSchema.extend({
  base: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('model'), model: modelName }),
      z.object({ kind: z.literal('files'), files: chosenFilesSchema }),
    ])
    .nullable(),
  adapter: chosenFilesSchema.nullable(),
  /** Drafts that were kept before there were any have none. */
  projector: chosenFilesSchema.nullable().default(null),
  wantedFile: z.string().max(4_000_000),
  wantedAdapter: z.string().max(4_000_000),
  name: z.string().max(500),
})

/** Each call: its input and its output. A failed call rejects with a problem. */
export const calls = {
  'app.info': { input: nothing, output: appInfoSchema },
  /** http, https and mailto addresses only; everything else is refused. */
  'app.openExternal': { input: z.object({ url: z.string().max(8192) }), output: nothing },
  /** Shows a file in the system's file manager: only one that was exported since the start. */
  'app.showInFolder': { input: z.object({ path: z.string().max(32_768) }), output: nothing },
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
  /** Bytes that removing a backup gives back: its files, and pictures that nothing else has. Rejects with `not-found`. */
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
      /** A file that several models share counts once. */
      models: z.number(),
      conversations: z.number(),
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
  /**
   * Writes the question, then starts the reply. Without `conversationId` a conversation is made. `parentId` is the
   * message answered to (null for the first); another child of the same parent is a new version. Rejects with `in-use`
   * while another reply of the same conversation is being written.
   */
  'conversations.send': {
    input: z
      .object({
        conversationId: id.nullable(),
        parentId: id.nullable(),
        /** Empty only with attachments. */
        content: z.string().max(4_000_000),
        /** What `attachments.add` gave; `picture-missing` when one was taken away meanwhile. */
        attachments: z
          .array(attachmentSchema.pick({ hash: true, name: true }))
          .max(mostAttachments)
          .optional(),
        /** It is the draft of this chat, or of this window's next one, which is forgotten in the same write. */
        fromDraft: z.boolean().optional(),
        window: draftBoxSchema.shape.window,
        model: z.string().min(1).max(500),
        /** For a conversation that begins with this question. */
        system: z.string().max(200_000).optional(),
        parameters: parametersSchema.optional(),
      })
      .refine(({ content, attachments = [] }) => content !== '' || attachments.length > 0, 'the question is empty'),
    output: z.object({ conversationId: id, questionId: id, replyId: id }),
  },
  /** What is typed and not sent in a chat, or for one that is not begun. Empty where there is nothing. */
  'drafts.get': { input: draftBoxSchema, output: draftSchema },
  'drafts.keep': {
    input: draftSchema.extend(draftBoxSchema.shape),
    /** See `drafts.watch`. */
    output: z.object({ revision: z.number() }),
  },
  /**
   * Puts a picture on disk, for a question that may be sent later. What stands in no message and no draft is removed
   * after 30 days.
   * Rejects with `not-a-picture`, `broken-picture` or `picture-too-large`.
   */
  'attachments.add': {
    input: z.object({ name: z.string().max(500), content: z.instanceof(Uint8Array) }),
    output: attachmentSchema,
  },
  /** The same for what a document says. */
  'attachments.addText': {
    input: z.object({ name: z.string().max(500), text: z.string().min(1).max(mostSourceText) }),
    output: attachmentSchema,
  },
  /** What a picture is and how large its header says it is, before anything decodes it; rejects as `attachments.add`. */
  'attachments.inspect': {
    input: z.object({ head: z.instanceof(Uint8Array) }),
    output: attachmentSchema.pick({ type: true, width: true, height: true }),
  },
  /**
   * Takes a picture of the screen the window stands on, as a PNG, with every window of Hearth out of sight meanwhile.
   * Rejects with `screen-refused`.
   */
  'screenshots.take': { input: nothing, output: z.object({ content: z.instanceof(Uint8Array) }) },
  /** Another version of a reply; the old one is kept. */
  'conversations.regenerate': {
    input: z.object({ messageId: id, model: z.string().min(1).max(500) }),
    output: z.object({ replyId: id }),
  },
  /** Goes on with a reply that was stopped, interrupted or cut off, at its end. */
  'conversations.continue': {
    input: z.object({ messageId: id, model: z.string().min(1).max(500) }),
    output: nothing,
  },
  /**
   * Deletes a message; what follows it stays. Where there are other versions of it, this one goes with all that follows
   * it, and another is shown. `conversations.restoreMessages` takes what went back for 30 days.
   */
  'conversations.deleteMessage': {
    input: z.object({ messageId: id }),
    output: z.object({ messageIds: z.array(id) }),
  },
  'conversations.restoreMessages': { input: z.object({ messageIds: z.array(id).min(1) }), output: nothing },
  'conversations.stop': { input: z.object({ messageId: id }), output: nothing },
  /** Shows the given version and the newest continuation below it. */
  'conversations.selectVersion': { input: z.object({ messageId: id }), output: nothing },
  /** Changes what the next answers are made with. */
  'conversations.configure': {
    input: z.object({
      conversationId: id,
      system: z.string().max(200_000).optional(),
      parameters: parametersSchema.optional(),
    }),
    output: nothing,
  },
  /** Keeps a preset; without `id` a new one. */
  'presets.save': {
    input: z.object({
      id: id.nullable(),
      name: z.string().min(1).max(100),
      system: z.string().max(200_000),
      parameters: parametersSchema,
    }),
    output: z.object({ presetId: id }),
  },
  'presets.delete': { input: z.object({ presetId: id }), output: nothing },
  'conversations.pin': { input: z.object({ conversationId: id, pinned: z.boolean() }), output: nothing },
  /** Puts a conversation into a folder; null takes it out. */
  'conversations.move': { input: z.object({ conversationId: id, folderId: id.nullable() }), output: nothing },
  'folders.create': { input: z.object({ name: z.string().min(1).max(100) }), output: z.object({ folderId: id }) },
  'folders.rename': { input: z.object({ folderId: id, name: z.string().min(1).max(100) }), output: nothing },
  /** What is in it comes out of it. */
  'folders.delete': { input: z.object({ folderId: id }), output: nothing },
  /** An empty title gives back the one made from the first question. */
  'conversations.rename': { input: z.object({ conversationId: id, title: z.string().max(200) }), output: nothing },
  /** Moves to the trash, where it stays for 30 days; `conversations.restore` takes it out again. */
  'conversations.delete': { input: z.object({ conversationId: id }), output: nothing },
  /**
   * Conversations whose title, and messages whose text, holds every word of the query (`"…"` is a phrase), the newest
   * first; case, accents and full-width forms make no difference.
   */
  'conversations.search': {
    input: z.object({
      query: z.string().max(2_000),
      /** `next` of the answer before, for more messages; null for the first. */
      before: z.number().int().positive().nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    output: z.object({
      titles: z.array(z.object({ conversationId: id, title: z.array(segmentSchema) })),
      messages: z.array(
        z.object({
          messageId: id,
          conversationId: id,
          /** Of the conversation. */
          title: z.string(),
          role: z.enum(['user', 'assistant']),
          /** The name of the document the excerpt is of; null where it is of the message itself. */
          document: z.string().nullable(),
          excerpt: z.array(segmentSchema),
          createdAt: z.number(),
        }),
      ),
      /** Null when there are no more. */
      next: z.number().nullable(),
      /** The index is still being made, so that something may be missing. */
      indexing: z.boolean(),
    }),
  },
  'conversations.restore': { input: z.object({ conversationId: id }), output: nothing },
  /** Conversations in the trash, the last deleted first; each is removed 30 days after it was. */
  'trash.list': {
    input: nothing,
    output: z.array(
      z.object({
        id,
        title: z.string(),
        deletedAt: z.number(),
        /** How many it holds. */
        messages: z.number(),
      }),
    ),
  },
  /** Removes conversations of the trash for good, with the pictures that nothing else refers to. */
  'trash.remove': { input: z.object({ conversationIds: z.array(id).min(1) }), output: nothing },
  /** What the models on this computer take; a file that several of them share counts once. */
  'models.storage': {
    input: nothing,
    output: z.object({
      /** Bytes of them all. */
      total: z.number(),
      /** Bytes that are free where they lie; null while there is no models folder. */
      free: z.number().nullable(),
      /** What deleting a model would give back, by its name as /api/tags has it. Bytes. */
      freed: z.record(z.string(), z.number()),
    }),
  },
  /**
   * Asks the person for a folder and begins to move the models there, or into a new folder in it; `modelsFolder.watch`
   * tells how it goes on. False for no folder. Rejects with `models-folder-fixed`, `models-moving`, `models-in-use`,
   * `models-not-ours`, `folder-not-usable`, `folder-not-empty`, `disk-full`, `file-unreadable` or `file-unwritable`:
   * nothing has changed then.
   */
  'modelsFolder.move': { input: nothing, output: z.object({ begun: z.boolean() }) },
  /** Gives up a move that has not come to the new folder yet, and removes what was copied. */
  'modelsFolder.cancel': { input: nothing, output: nothing },
  /** Models to choose from, and how they would run here by what is known of them; no other computer is asked. */
  'models.catalogue': {
    input: nothing,
    output: z.object({
      /** When names and sizes were looked up: year and month. */
      asOf: z.string(),
      families: z.array(familySchema),
      /** The one to begin with on this computer; null where none runs well. */
      proposal: z.string().nullable(),
    }),
  },
  /**
   * Asks a model's registry for the header of its weights, and says how it would run here. Rejects with `not-found`,
   * `registry` or `broken-model-file`.
   */
  'models.fit': { input: z.object({ model: modelName, insecure: z.boolean() }), output: fitSchema },
  /** Asks the person for a model's file or folder; null for none. Rejects with `broken-model-file` for what is no model. */
  'models.choose': {
    input: z.object({ what: z.enum(['file', 'folder']) }),
    output: z.object({ chosen: chosenFilesSchema.nullable() }),
  },
  /** Reads a Modelfile; paths in it are for the person to point at. */
  'models.readModelfile': {
    input: z.object({ source: z.string().max(4_000_000) }),
    output: z.discriminatedUnion('ok', [
      z.object({
        ok: z.literal(true),
        read: z.object({
          from: z.string(),
          /** FROM names a file, not a model. */
          fromFile: z.boolean(),
          /** Path of ADAPTER; empty without one. */
          adapter: z.string(),
          system: z.string(),
          template: z.string(),
          license: z.string(),
          parameters: z.record(z.string(), z.unknown()),
          messages: z.array(exampleSchema).readonly(),
        }),
      }),
      /** `line` counts from 1; 0 where the whole is meant. */
      z.object({ ok: z.literal(false), line: z.number(), reason: z.string() }),
    ]),
  },
  /** What the person was describing when it was kept last; null for nothing. */
  'makings.draft': { input: nothing, output: z.object({ draft: makeDraftSchema.nullable() }) },
  /** Keeps it on disk; of two windows the later goes before. */
  'makings.keepDraft': { input: z.object({ draft: makeDraftSchema.nullable() }), output: nothing },
  /** Begins to make a model, which goes on without the window; see `makings.watch`. */
  'makings.start': {
    input: describedSchema.extend({
      /** Empty for one that is only tried: it gets a name of its own, and goes at the next start at the latest. */
      model: z.string().max(500),
      base: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('model'), model: modelName }),
        z.object({ kind: z.literal('files'), token: id }),
      ]),
      /** Token of an adapter's files. */
      adapter: id.nullable(),
      /** Token of a projector's file; the base are files then, too. */
      projector: id.nullable(),
    }),
    output: z.object({ id, model: z.string() }),
  },
  /** Takes one off the list; what is under way ends, and nothing of it stays. A model that was only tried goes, too. */
  'makings.remove': { input: z.object({ id }), output: nothing },
  /** Puts a model on the list of pulls, or goes on with it; `insecure` talks plain HTTP. Answers its name on the list. */
  'pulls.start': {
    input: z.object({ model: modelName, insecure: z.boolean() }),
    output: z.object({ model: z.string() }),
  },
  'pulls.pause': { input: z.object({ model: modelName }), output: nothing },
  /** Goes on with one that was paused, or failed. */
  'pulls.resume': { input: z.object({ model: modelName }), output: nothing },
  /** Takes it off the list; of one that is not done, what it downloaded is removed. */
  'pulls.remove': { input: z.object({ model: modelName }), output: nothing },
  ...formCalls,
} as const

/**
 * Each stream: its input and its events. The first event of a watch is always a whole picture, so nothing is missed; it
 * comes again when a window was too busy to take every event.
 */
export const streams = {
  'settings.watch': { input: nothing, event: settingsSchema },
  'updates.watch': { input: nothing, event: updateSchema },
  'notices.watch': { input: nothing, event: z.array(noticeSchema) },
  /**
   * What became of the key for the quick window. refused: the system does not give it away, another program may have it;
   * wayland: it was taken, and may be heard in some programs only.
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
  /** In the order they were asked for, at most four times a second. */
  'pulls.watch': { input: nothing, event: z.array(pullSchema) },
  /** At most four times a second. */
  'modelsFolder.watch': { input: nothing, event: modelsPlaceSchema },
  /** Drafts as windows keep and send them. A higher revision is a later change, of whatever draft. */
  'drafts.watch': {
    input: nothing,
    event: draftBoxSchema.extend({ draft: draftSchema, revision: z.number() }),
  },
  /** The person's presets, by name. */
  'presets.watch': { input: nothing, event: z.array(presetSchema) },
  'makings.watch': { input: nothing, event: z.array(makingSchema) },
  /** Newest first. */
  'conversations.list': {
    input: nothing,
    event: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('all'),
        conversations: z.array(conversationSchema),
        /** By name. */
        folders: z.array(folderSchema),
      }),
      z.object({ type: z.literal('changed'), conversation: conversationSchema }),
      z.object({ type: z.literal('removed'), conversationId: id }),
    ]),
  },
  /**
   * The shown path of one conversation, root first, and what happens to it; deltas come at most once a frame. `all`, or
   * `end` of a long path, comes again when it changes other than by growing (another version shown, one deleted).
   * `message` replaces the message of that id, or is the path's new last one. `delta` is appended to what is there.
   */
  'conversations.watch': {
    input: z.object({ conversationId: id }),
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('all'), conversation: conversationSchema, messages: z.array(messageSchema) }),
      /** The last messages of a long path, from before where it has changed; those before them follow as `earlier`. */
      z.object({ type: z.literal('end'), conversation: conversationSchema, messages: z.array(messageSchema) }),
      z.object({
        type: z.literal('earlier'),
        /** The message they stand directly before. */
        before: id,
        messages: z.array(messageSchema),
        /** How many messages before these are still to come. */
        left: z.number(),
      }),
      z.object({ type: z.literal('message'), message: messageSchema }),
      z.object({ type: z.literal('delta'), messageId: id, content: z.string(), thinking: z.string() }),
      z.object({ type: z.literal('removed') }),
    ]),
  },
  /**
   * Asks where to, then writes one chat, or all, as JSON or as Markdown (all of them: a zip). Letting go breaks it off
   * and leaves no file.
   */
  'chats.export': {
    input: z.object({ conversationId: id.nullable(), format: z.enum(['markdown', 'json']) }),
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
      z.object({
        type: z.literal('done'),
        path: z.string(),
        /** Chats of which something could not be read, and is missing in the file. */
        unreadable: z.number(),
      }),
      /** The person chose no file. */
      z.object({ type: z.literal('cancelled') }),
      z.object({ type: z.literal('failed'), problem: problemSchema }),
    ]),
  },
  /**
   * Asks which file, then adds the chats of that export as JSON. What is here already stays as it is, or comes out of
   * the trash. Letting go breaks it off; what was added stays.
   */
  'chats.import': {
    input: nothing,
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
      z.object({
        type: z.literal('done'),
        /** Chats and messages that are new, that came out of the trash, and that were here already. */
        conversations: z.number(),
        messages: z.number(),
        restored: z.number(),
        known: z.number(),
        /** Entries of the file that could not be read. */
        unreadable: z.number(),
        /** The file ends in the middle. */
        cutOff: z.boolean(),
      }),
      z.object({ type: z.literal('cancelled') }),
      z.object({ type: z.literal('failed'), problem: problemSchema }),
    ]),
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
  ...formStreams,
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>

export type Streams = typeof streams
export type StreamName = keyof Streams
export type StreamInput<N extends StreamName> = z.input<Streams[N]['input']>
export type StreamEvent<N extends StreamName> = z.output<Streams[N]['event']>

/**
 * Streams whose events may be large come as JSON: a string crosses the context bridge as it is, where an object of ten
 * thousand messages is copied field by field.
 */
export const streamsInJson = ['conversations.list', 'conversations.watch'] as const
/** An event of a stream as it is sent. */
export type SentEvent<N extends StreamName> = N extends (typeof streamsInJson)[number] ? string : StreamEvent<N>

export type Message = z.output<typeof messageSchema>
export type ToolCall = z.output<typeof toolCallSchema>
export type Draft = z.output<typeof draftSchema>
export type Attachment = z.output<typeof attachmentSchema>
export type Preset = z.output<typeof presetSchema>
export type Folder = z.output<typeof folderSchema>
export type Parameters = z.output<typeof parametersSchema>
export type Segment = z.output<typeof segmentSchema>
export type Conversation = z.output<typeof conversationSchema>
export type Settings = z.output<typeof settingsSchema>
export type Connection = z.output<typeof connectionSchema>
export type ModelsPlace = z.output<typeof modelsPlaceSchema>
export type MenuEntryState = z.output<typeof menuEntrySchema>
export type Command = z.output<typeof commandSchema>
export type StorageUsage = CallOutput<'storage.usage'>
export type MenuAction = CallInput<'app.setActions'>['actions'][number]
export type ServerState = z.output<typeof serverSchema>
export type LoggedRequest = z.output<typeof loggedRequestSchema>
export type DraftBox = z.output<typeof draftBoxSchema>
export type Backup = z.output<typeof backupSchema>
export type Notice = z.output<typeof noticeSchema>
export type Pull = z.output<typeof pullSchema>
export type ChosenFiles = z.output<typeof chosenFilesSchema>
export type Opening = z.output<typeof openingSchema>
export type Making = z.output<typeof makingSchema>
export type MakeOrder = CallInput<'makings.start'>
export type MakeDraft = z.output<typeof makeDraftSchema>
export type Fit = z.output<typeof fitSchema>
export type Family = z.output<typeof familySchema>
export type Catalogue = CallOutput<'models.catalogue'>
export type Storage = CallOutput<'models.storage'>
export type { Form, FormRow, FormSource } from './contract-forms.ts'
export type Update = z.output<typeof updateSchema>
export type AppInfo = z.output<typeof appInfoSchema>
export type ProblemInfo = z.output<typeof problemSchema>

/** What preload puts on `window.hearth`. */
export interface HearthBridge {
  /** The number of this window: from 1, the smallest that was free when it opened; 0 is the quick window. */
  readonly window: number
  /** Rejects with an Error whose `message` is the JSON of a ProblemInfo. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Looks at a file or folder that the person dropped on the window; rejects as `models.choose` does. */
  offer(file: File): Promise<ChosenFiles>
  /** Starts a stream; the returned function ends it. */
  subscribe<N extends StreamName>(name: N, input: StreamInput<N>, listener: (event: SentEvent<N>) => void): () => void
}
