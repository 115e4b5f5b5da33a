import { z } from 'zod'
import { id } from './contract-parts.ts'

/** What the person should know that no action of theirs caused: each kind, with the values its words name. */

const notice = <Code extends string, Values extends z.ZodRawShape>(code: Code, values: Values) =>
  z.object({ code: z.literal(code), values: z.object(values) })

export const noticeContentSchema = z.discriminatedUnion('code', [
  /** conversations.db could not be read and lies at `path` since `at`, in milliseconds since 1970. */
  notice('database-set-aside', {
    path: z.string(),
    at: z.coerce.number(),
    /** How many were rescued from it. */
    conversations: z.coerce.number(),
    messages: z.coerce.number(),
  }),
  /** It cannot be opened; it is tried again, and the notice goes once it opens. */
  notice('database-unavailable', {
    path: z.string(),
    reason: z.enum(['locked', 'newer', 'read-only', 'disk-full', 'unreadable']),
  }),
  /** conversations.db was deleted while Hearth ran, and was written anew at `path`. */
  notice('database-put-back', { path: z.string() }),
  /** Another file was put in its place while Hearth ran; the chats of before lie at `path`. */
  notice('database-replaced', { path: z.string() }),
  notice('settings-set-aside', { path: z.string() }),
  /**
   * The port `wanted` belongs to another program; the API is at `address` now, without one it does not listen at all.
   */
  notice('port-taken', { wanted: z.number(), address: z.string().optional() }),
  /** `reason` is English. */
  notice('api-not-listening', { reason: z.string() }),
  /** `path` is the models folder, `message` says in English why. */
  notice('demo-model-missing', {
    reason: z.enum(['disk-full', 'not-writable', 'other']),
    path: z.string(),
    message: z.string(),
  }),
  /** Answers cannot be saved; goes once they are. */
  notice('disk-full', { path: z.string() }),
  /**
   * Memory is short: the model was loaded with less than was asked for. Contexts are tokens, layers those on the GPU.
   */
  notice('model-stepped-down', {
    model: z.string(),
    reason: z.enum(['context', 'graphics', 'both']),
    askedContext: z.number(),
    context: z.number(),
    askedLayers: z.number(),
    layers: z.number(),
  }),
  /** The folder the models were moved to is not there, its disk may be away; pulls are tried again. */
  notice('models-folder-missing', { path: z.string() }),
  /** `packages`, back ends for graphics cards, belong to another version of Hearth than this `version`. */
  notice('graphics-unfitting', { packages: z.string(), version: z.string() }),
  /** The last one that was due; `reason` is a problem's code. Goes with the next that can be made. */
  notice('backup-failed', { reason: z.string() }),
  /** Going back to a backup was cut off, and could not be ended: chats and forms are of different times. */
  notice('went-back-in-part', {}),
  /** The window had stopped working and was loaded again. */
  notice('window-recovered', {}),
  /** The size of text could not be changed from the menu; goes with the next that can. */
  notice('text-size-unsaved', {}),
])

/** One that is shown, until it is dismissed by its id or its cause has passed. */
export const noticeSchema = z.intersection(noticeContentSchema, z.object({ id }))

export type NoticeContent = z.output<typeof noticeContentSchema>
/** What the words of one kind name. */
export type NoticeValues<Code extends NoticeContent['code']> = Extract<NoticeContent, { code: Code }>['values']
export type Notice = z.output<typeof noticeSchema>
