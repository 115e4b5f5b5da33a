import { z } from 'zod'
import { type Field, type JsonObject, limits } from '../forms/field.ts'
import { longest, mostAttachments, mostSourceText } from './contract-limits.ts'
import { attachmentSchema, id, nothing, problemSchema } from './contract-parts.ts'

/** Form Studio's part of the contract. What a form is, both sides know from forms/. */

const count = z.number().int().min(0).max(1_000_000_000)

const shapeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    minLength: count.optional(),
    maxLength: count.optional(),
    format: z.string().max(limits.name).optional(),
    pattern: z.string().max(limits.hint).optional(),
  }),
  z.object({
    kind: z.literal('number'),
    whole: z.boolean(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
  z.object({ kind: z.literal('yes-no') }),
  z.object({ kind: z.literal('choice'), choices: z.array(z.string().max(limits.choice)).min(1).max(limits.choices) }),
  z.object({ kind: z.literal('date'), form: z.enum(['date', 'date-time', 'time']) }),
  z.object({
    kind: z.literal('list'),
    get item() {
      return shapeSchema
    },
    minItems: count.optional(),
    maxItems: count.optional(),
  }),
  z.object({
    kind: z.literal('group'),
    get fields() {
      return z.array(fieldSchema).max(limits.fields)
    },
  }),
  z.object({ kind: z.literal('other'), schema: z.custom<JsonObject>(isObject) }),
])

/** One thing a form asks for; see forms/field.ts. */
export const fieldSchema: z.ZodType<Field, Field> = z.object({
  key: z.string().min(1).max(limits.name),
  title: z.string().max(limits.name).optional(),
  hint: z.string().max(limits.hint).optional(),
  required: z.boolean(),
  get shape(): z.ZodType<Field['shape'], Field['shape']> {
    return shapeSchema
  },
})

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const formSchema = z.object({
  id,
  name: z.string(),
  /** What the model is told beside the fields. */
  instructions: z.string(),
  fields: z.array(fieldSchema),
  /** The model it was last run with; empty before. */
  model: z.string(),
  /** Its queue holds still. */
  paused: z.boolean(),
  /** Its rows: all of them, those that wait or run, and those that failed. */
  rows: z.number(),
  waiting: z.number(),
  failed: z.number(),
  /** Those that went into the queue since it was last empty, whether they wait still or have ended. */
  batch: z.number(),
  /** Milliseconds a row has taken of late; null where none has ended since the app began. */
  pace: z.number().nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** The same; each change has a later one. */
  updatedAt: z.number(),
})

/** What a form was run on, and what came out. */
export const formRowSchema = z.object({
  id,
  formId: id,
  source: z.object({
    kind: z.enum(['text', 'picture', 'chat']),
    /** A file's name, with how much of it was taken where that is a part; a chat's title; empty for a text that was typed. */
    name: z.string(),
    /** Its beginning. */
    excerpt: z.string(),
    pictures: z.array(attachmentSchema),
  }),
  /** waiting: for its turn; failed: see `problem`. */
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /**
   * The model's answer as the person has corrected it; of one that failed, a whole one from before, or
   * what was there by then. Null before any.
   */
  answer: z.custom<JsonObject>(isObject).nullable(),
  /** A person has changed it. */
  corrected: z.boolean(),
  /** Each time the answer is replaced it has a later one. */
  revision: z.number(),
  problem: problemSchema.nullable(),
  /** What it held before it was run again is kept: `forms.putBack`. */
  earlier: z.boolean(),
  model: z.string(),
  createdAt: z.number(),
  /** Fraction of the model's weights loaded, while it runs and waits for that; null otherwise. */
  loading: z.number().nullable(),
  /** What the model has written so far, while it runs. */
  written: z.string(),
})

/** A file that a form is to be run on, or a chat. */
export const fileSourceSchema = z.discriminatedUnion('kind', [
  /** What a document says, as `forms.addText` took it. */
  z.object({ kind: z.literal('document'), name: z.string().max(longest.fileName), hash: attachmentSchema.shape.hash }),
  z.object({
    kind: z.literal('picture'),
    name: z.string().max(longest.fileName),
    /** As `forms.addPicture` gave them: one, or the pages of a scan. */
    pictures: z
      .array(attachmentSchema.pick({ hash: true, name: true }))
      .min(1)
      .max(mostAttachments),
  }),
  /** The chat as it is now. */
  z.object({ kind: z.literal('chat'), conversationId: id }),
])

/** What a form is to be run on. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    name: z.string().max(longest.fileName),
    text: z.string().min(1).max(mostSourceText),
  }),
  ...fileSourceSchema.options,
])

/** What a form is to be run on next, once the person says so. */
const keptSourcesSchema = z.object({
  /** What was typed. */
  text: z.string().max(mostSourceText),
  files: z.array(fileSourceSchema).max(100_000),
})

const model = z.string().min(1).max(longest.modelName)
const fields = z.array(fieldSchema).max(limits.fields)
const rowIds = z.array(id).min(1).max(100_000)
const named = {
  name: z.string().max(longest.title),
  instructions: z.string().max(longest.instructions),
  fields,
}

export const formCalls = {
  /** Rejects with `invalid-form` for fields no answer can be bound by. */
  'forms.create': { input: z.object(named), output: z.object({ formId: id }) },
  /** Rejects as `forms.create`; what is left out stays. Rows keep the answers they have. The list tells it from `updatedAt` on. */
  'forms.change': {
    input: z.object(named).partial().extend({ formId: id }),
    output: formSchema.pick({ updatedAt: true }),
  },
  /** Moves a form with its rows to the trash for 30 days; `forms.restore` takes it out. What waits is not run meanwhile. */
  'forms.delete': { input: z.object({ formId: id }), output: nothing },
  'forms.restore': { input: z.object({ formId: id }), output: nothing },
  /** What is in the trash, the last deleted first: forms, and rows of forms that are not; those deleted together, as one. */
  'forms.trash': {
    input: nothing,
    output: z.object({
      forms: z.array(z.object({ id, name: z.string(), rows: z.number(), deletedAt: z.number() })),
      rows: z.array(
        z.object({
          rowIds: z.array(id).min(1),
          formId: id,
          formName: z.string(),
          /** What the first was made from: its name, or else what it begins with. */
          source: z.string(),
          deletedAt: z.number(),
        }),
      ),
    }),
  },
  /** Removes what is in the trash for good, with the files that nothing else refers to. */
  'forms.removeForGood': {
    input: z.object({ formIds: z.array(id).max(100_000), rowIds: z.array(id).max(100_000) }),
    output: nothing,
  },
  /** Puts a picture on disk for a run to come; rejects as `attachments.add`. */
  'forms.addPicture': {
    input: z.object({ name: z.string().max(longest.fileName), content: z.instanceof(Uint8Array) }),
    output: attachmentSchema,
  },
  /** The same for what a document says. */
  'forms.addText': {
    input: z.object({ text: z.string().min(1).max(mostSourceText) }),
    output: attachmentSchema.pick({ hash: true }),
  },
  /**
   * Replaces what was put beside a form and is not run yet, as `forms.sources` told it with this revision; what is left
   * out stays. Where it has another by now, nothing is replaced, and null is what comes back.
   */
  'forms.keepSources': {
    input: keptSourcesSchema.partial().extend({ formId: id, revision: z.number() }),
    output: z.object({ revision: z.number().nullable() }),
  },
  /**
   * Runs a form on what was put beside it, as `forms.sources` told it with this revision: a row is made of each source, and
   * they are run one after the other, whatever the window does. Many are taken off the list with it; one alone stays there,
   * and is run before all that waits, also while the form's queue is paused. Where the list has another revision by now,
   * nothing is run. Asked for once more while its first row waits or runs, it is the same run: two windows may ask for it.
   */
  'forms.run': {
    input: z.object({ formId: id, model, revision: z.number() }),
    /** Its first row, once it is there; null where nothing is run. */
    output: z.object({ rowId: id.nullable() }),
  },
  /** Runs rows anew; what they hold is replaced once there is a whole answer, and kept. */
  'forms.runAgain': { input: z.object({ formId: id, model, rowIds }), output: nothing },
  /**
   * Puts back what rows held before they were run again, and keeps what they hold now in its place; takes those out of the
   * queue that are in it. Rows that held nothing stay as they are.
   */
  'forms.putBack': { input: z.object({ formId: id, rowIds }), output: nothing },
  /** Holds the queue of a form still, until it is resumed or nothing is left in it; what runs is broken off and waits. */
  'forms.pause': { input: z.object({ formId: id }), output: nothing },
  'forms.resume': { input: z.object({ formId: id }), output: nothing },
  /** Puts rows into the trash for 30 days; what runs is broken off. */
  'forms.deleteRows': { input: z.object({ formId: id, rowIds }), output: nothing },
  'forms.restoreRows': { input: z.object({ formId: id, rowIds }), output: nothing },
  /**
   * Replaces an answer, as the row had it with this revision, by what the person made of it; of a row that is run again,
   * the answer that `forms.putBack` brings. Where it has another by now, nothing is replaced. Either way what it has now
   * is what comes back.
   */
  'forms.correct': {
    input: z.object({ rowId: id, revision: z.number(), answer: z.custom<JsonObject>(isObject) }),
    output: formRowSchema.pick({ revision: true, answer: true }).extend({ written: z.boolean() }),
  },
  /** The whole text a row was made from. */
  'forms.source': { input: z.object({ rowId: id }), output: z.object({ text: z.string() }) },
} as const

export const formStreams = {
  /** By the time of their last change, the latest first. */
  'forms.list': {
    input: nothing,
    event: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('forms'),
        forms: z.array(formSchema),
        /** Where the file of forms lies that could not be read, and was replaced by what could be rescued of it. */
        setAside: z.string().nullable(),
        /** Why the queue stands still: what it reads cannot be written. It goes on once it can. */
        stuck: problemSchema.nullable(),
      }),
      /** They cannot be opened now; tried again until they can. */
      z.object({ type: z.literal('unavailable'), problem: problemSchema }),
    ]),
  },
  /**
   * The rows of a form, oldest first, in portions; then what happens to them. `row` replaces one, or is a new last one;
   * `more` the same of many.
   */
  'forms.rows': {
    input: z.object({ formId: id }),
    event: z.discriminatedUnion('type', [
      /** The first portion: what was known before is over. */
      z.object({ type: z.literal('all'), rows: z.array(formRowSchema) }),
      z.object({ type: z.literal('more'), rows: z.array(formRowSchema) }),
      z.object({ type: z.literal('row'), row: formRowSchema }),
      /** Appended to what the model has written. */
      z.object({ type: z.literal('delta'), rowId: id, text: z.string() }),
      z.object({ type: z.literal('removed'), rowIds: z.array(id) }),
    ]),
  },
  /**
   * What was put beside a form and is not run yet; it is kept over a kill. First all of it, then what is changed, by
   * whatever window.
   */
  'forms.sources': {
    input: z.object({ formId: id }),
    event: keptSourcesSchema.partial().extend({ revision: z.number() }),
  },
  /** Asks where to, then writes the rows that have a whole answer. Letting go breaks it off and leaves no file. */
  'forms.export': {
    input: z.object({ formId: id, format: z.enum(['csv', 'xlsx', 'json']) }),
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
      z.object({
        type: z.literal('done'),
        path: z.string(),
        rows: z.number(),
        /** Rows without a whole answer. */
        leftOut: z.number(),
        /** Texts that lost their end, as they are longer than the format holds. */
        cutTexts: z.number(),
      }),
      z.object({ type: z.literal('cancelled') }),
      z.object({ type: z.literal('failed'), problem: problemSchema }),
    ]),
  },
} as const

export type Form = z.output<typeof formSchema>
export type FormRow = z.output<typeof formRowSchema>
export type KeptSources = z.output<typeof keptSourcesSchema>
export type FileSource = z.output<typeof fileSourceSchema>
export type FormSource = z.output<typeof sourceSchema>
