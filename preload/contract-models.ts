import { z } from 'zod'
import { longest, mostExampleMessages } from './contract-limits.ts'
import { id, nothing, problemSchema } from './contract-parts.ts'

/** What a window and main say of models: those that are here, to be had, on their way and in the making. */

/** A model on its way here. */
const pullSchema = z.object({
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

/** How a model would run on this computer (main/library/fit/fit.ts). Numbers in bytes where nothing else is said. */
const fitSchema = z.object({
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
const makingSchema = z.object({
  id,
  model: z.string(),
  /** Made to be tried: kept under another name or removed. */
  trial: z.boolean(),
  state: z.enum(['running', 'done', 'failed']),
  step: z.enum(['copying', 'converting', 'quantizing', 'writing']),
  /** Bytes of the step; `total` is 0 where it cannot be told. */
  completed: z.number(),
  total: z.number(),
  /**
   * What may be worse in it than in what it is made of. unknown-cut: the way its tokenizer cuts text; text-alone: what
   * it sees with is left out; unknown-stretch: how it reads texts longer than those it was trained on.
   */
  warnings: z.array(z.enum(['unknown-cut', 'text-alone', 'unknown-stretch'])),
  problem: problemSchema.nullable(),
})

/** Where the models lie, and their way to another folder (main/library/moving/models-move.ts). */
const modelsPlaceSchema = z.object({
  path: z.string(),
  /** Models can be added and removed, not only used. */
  writable: z.boolean(),
  /** Its disk is not there: nothing is fetched or made before the next start, or before another folder is used. */
  away: z.boolean(),
  /** The variable OLLAMA_MODELS says so: it cannot be moved from here. */
  fixed: z.boolean(),
  move: z
    .object({
      from: z.string(),
      to: z.string(),
      /** The models there are taken as they are, and those in `from` stay there: nothing is copied or removed. */
      inPlace: z.boolean(),
      /**
       * waiting: for work on models to end; copying: until everything is there and verified; removing: the new folder
       * is in use, the old files go as soon as no answer needs them; done, failed, cancelled: until the next move.
       */
      state: z.enum(['waiting', 'copying', 'removing', 'done', 'failed', 'cancelled']),
      /** Bytes copied and verified; `total` is twice what there is. */
      completed: z.number(),
      total: z.number(),
      problem: problemSchema.nullable(),
    })
    .nullable(),
})

/** A folder with models that Hearth does not use (main/library/moving/other-folders.ts). */
const otherFolderSchema = z.object({
  path: z.string(),
  /** all: models can be used, added and removed there; read: used; none: this person may not look into it. */
  access: z.enum(['all', 'read', 'none']),
  /** How many there are, and bytes of their files. */
  models: z.number(),
  bytes: z.number(),
})

const exampleSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(longest.systemPrompt),
})

/** What a model is told, and how it answers. Empty leaves what the base has. */
const describedSchema = z.object({
  /** A precision as `llama-quantize` calls it; null leaves the weights as they are. */
  quantize: z.string().max(20).nullable(),
  system: z.string().max(longest.systemPrompt),
  template: z.string().max(longest.template),
  license: z.string().max(longest.licence),
  parameters: z.record(z.string(), z.unknown()),
  messages: z.array(exampleSchema).max(mostExampleMessages),
})

const modelName = z.string().min(1).max(longest.modelName)

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
  wantedFile: z.string().max(longest.modelfile),
  wantedAdapter: z.string().max(longest.modelfile),
  name: z.string().max(longest.modelName),
})

export const modelCalls = {
  /** Names of the models that were there before Hearth was, without what goes without saying: those of Ollama. */
  'models.found': { input: nothing, output: z.object({ models: z.array(z.string()) }) },
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
  /** Folders with models of Ollama's on this computer that are not in use. */
  'modelsFolder.others': { input: nothing, output: z.object({ folders: z.array(otherFolderSchema) }) },
  /**
   * Takes another folder that has models in it as it is: one of the others, or with null one the person is asked for.
   * What is in the present one stays there. `modelsFolder.watch` tells how it goes on; false for no folder. Rejects
   * with `models-folder-fixed`, `models-moving`, `no-models-there`, `file-unreadable` or `not-found`: nothing has
   * changed then.
   */
  'modelsFolder.use': {
    input: z.object({ path: z.string().max(longest.path).nullable() }),
    output: z.object({ begun: z.boolean() }),
  },
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
  /** How the models on this computer would run, by their short names; without those that cannot be read. */
  'models.installedFits': { input: nothing, output: z.object({ fits: z.record(z.string(), fitSchema) }) },
  /**
   * Asks the person for a model's file or folder; null for none. Rejects with `broken-model-file` for what is no model.
   */
  'models.choose': {
    input: z.object({ what: z.enum(['file', 'folder']) }),
    output: z.object({ chosen: chosenFilesSchema.nullable() }),
  },
  /** Reads a Modelfile; paths in it are for the person to point at. */
  'models.readModelfile': {
    input: z.object({ source: z.string().max(longest.modelfile) }),
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
      model: z.string().max(longest.modelName),
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
  /**
   * Puts a model on the list of pulls, or goes on with it; `insecure` talks plain HTTP. Answers its name on the list.
   */
  'pulls.start': {
    input: z.object({ model: modelName, insecure: z.boolean() }),
    output: z.object({ model: z.string() }),
  },
  'pulls.pause': { input: z.object({ model: modelName }), output: nothing },
  /** Goes on with one that was paused, or failed. */
  'pulls.resume': { input: z.object({ model: modelName }), output: nothing },
  /** Takes it off the list; of one that is not done, what it downloaded is removed. */
  'pulls.remove': { input: z.object({ model: modelName }), output: nothing },
} as const

export const modelStreams = {
  /** In the order they were asked for, at most four times a second. */
  'pulls.watch': { input: nothing, event: z.array(pullSchema) },
  /** At most four times a second. */
  'modelsFolder.watch': { input: nothing, event: modelsPlaceSchema },
  'makings.watch': { input: nothing, event: z.array(makingSchema) },
} as const

export type ModelsPlace = z.output<typeof modelsPlaceSchema>
export type OtherFolder = z.output<typeof otherFolderSchema>
export type Pull = z.output<typeof pullSchema>
export type ChosenFiles = z.output<typeof chosenFilesSchema>
export type Making = z.output<typeof makingSchema>
export type MakeDraft = z.output<typeof makeDraftSchema>
export type Fit = z.output<typeof fitSchema>
export type Family = z.output<typeof familySchema>
