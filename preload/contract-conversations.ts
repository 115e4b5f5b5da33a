import { z } from 'zod'
import { longest, mostAttachments, mostSourceText, parameterLimits } from './contract-limits.ts'
import { attachmentSchema, id, nothing, problemSchema } from './contract-parts.ts'

/** What a window and main say of chats: messages and their ways, drafts, folders, presets, the trash. */

/** A function a model wants called; it is never called from here. */
export const toolCallSchema = z.object({
  /** By which a result names it; empty for none. */
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
})

/** What an answer waits for before its first word. */
const waitSchema = z.object({
  /** turn: others have to be done first; model: its weights are loaded; prompt: it reads what it is to answer. */
  for: z.enum(['turn', 'model', 'prompt']),
  /** How much of that is done, 0..1; null where nobody can tell. */
  fraction: z.number().nullable(),
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
  /** Null before it is known, and once there is a word. */
  wait: waitSchema.nullable(),
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

const within = ({ min, max }: { readonly min: number; readonly max: number }) => z.number().min(min).max(max)

/**
 * How a model answers in one conversation; what is left out is the model's own. The names are those of Ollama's
 * options.
 */
export const parametersSchema = z
  .object({
    /** How freely it chooses its words. */
    temperature: within(parameterLimits.temperature),
    top_p: within(parameterLimits.top_p),
    top_k: within(parameterLimits.top_k).int(),
    repeat_penalty: within(parameterLimits.repeat_penalty),
    /** The same number gives the same answer again. */
    seed: within(parameterLimits.seed).int(),
    /** Tokens it can hold in view. */
    num_ctx: within(parameterLimits.num_ctx).int(),
    /** Most tokens of one answer. */
    num_predict: within(parameterLimits.num_predict).int(),
  })
  .partial()

/** How a model answers: what it is told before everything else, and its parameters. */
export const tuningSchema = z.object({ system: z.string().max(longest.systemPrompt), parameters: parametersSchema })

/** What the composer of a chat holds, or the box of a question that is edited. */
const draftSchema = z.object({
  text: z.string().max(longest.question),
  attachments: z.array(attachmentSchema).max(mostAttachments),
  /** How a chat that is not begun will answer; left out where nothing was set for it. */
  tuning: tuningSchema.optional(),
})

/** Where a draft stands: in a chat, or, with null, in the chat that a window has not begun yet. */
const draftBoxSchema = z.object({
  conversationId: id.nullable(),
  /** Number of that window; left out for the first. */
  window: z.number().int().min(0).max(1_000).optional(),
  /** A question of the chat: what it is edited to. Left out for the composer. */
  editedId: id.optional(),
})

const conversationSchema = z.object({
  id,
  /** Empty until the person or the first question gives one. */
  title: z.string(),
  /** Model the next question goes to; empty before the first. */
  model: z.string(),
  createdAt: z.number(),
  /** Time of the last message. */
  updatedAt: z.number(),
  /** The reply that is being written, on the shown path or beside it; null while none is. */
  answering: id.nullable(),
  pinned: z.boolean(),
  folderId: id.nullable(),
  /** What the model is told before everything else. */
  system: z.string(),
  parameters: parametersSchema,
})

/** A way to answer that was given a name, to be used again. */
const presetSchema = z.object({
  id,
  name: z.string(),
  system: z.string(),
  parameters: parametersSchema,
})

const folderSchema = z.object({ id, name: z.string() })

/** A piece of text, and whether it is what was searched for. */
const segmentSchema = z.object({ text: z.string(), match: z.boolean() })

export const conversationCalls = {
  /**
   * Writes the question, then starts the reply. Without `conversationId` a conversation is made. `parentId` is the
   * message answered to (null for the first, and for another version of it, which `editedId` then names); another child
   * of the same parent is a new version. Rejects with `in-use` while another reply of the same conversation is being
   * written.
   */
  'conversations.send': {
    input: z
      .object({
        conversationId: id.nullable(),
        parentId: id.nullable(),
        /** Empty only with attachments. */
        content: z.string().max(longest.question),
        /** What `attachments.add` gave; `picture-missing` when one was taken away meanwhile. */
        attachments: z
          .array(attachmentSchema.pick({ hash: true, name: true }))
          .max(mostAttachments)
          .optional(),
        /**
         * It is the draft of this chat, of this window's next one or of an edit, which is forgotten in the same write.
         */
        fromDraft: z.boolean().optional(),
        window: draftBoxSchema.shape.window,
        editedId: draftBoxSchema.shape.editedId,
        model: z.string().min(1).max(longest.modelName),
        /** For a conversation that begins with this question. */
        system: z.string().max(longest.systemPrompt).optional(),
        parameters: parametersSchema.optional(),
      })
      .refine(({ content, attachments = [] }) => content !== '' || attachments.length > 0, 'the question is empty'),
    output: z.object({ conversationId: id, questionId: id, replyId: id }),
  },
  /** What is typed and not sent in a chat, or for one that is not begun. Empty where there is nothing. */
  'drafts.get': { input: draftBoxSchema, output: draftSchema },
  /** The questions of a chat whose edits are kept. */
  'drafts.edits': { input: z.object({ conversationId: id }), output: z.object({ messageIds: z.array(id) }) },
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
    input: z.object({ name: z.string().max(longest.fileName), content: z.instanceof(Uint8Array) }),
    output: attachmentSchema,
  },
  /** The same for what a document says. */
  'attachments.addText': {
    input: z.object({ name: z.string().max(longest.fileName), text: z.string().min(1).max(mostSourceText) }),
    output: attachmentSchema,
  },
  /**
   * What a picture is and how large its header says it is, before anything decodes it; rejects as `attachments.add`.
   */
  'attachments.inspect': {
    input: z.object({ head: z.instanceof(Uint8Array) }),
    output: attachmentSchema.pick({ type: true, width: true, height: true }),
  },
  /**
   * Takes a picture of the screen the window stands on, as a PNG, with every window of Hearth out of sight meanwhile.
   * Rejects with `screen-refused`.
   */
  'screenshots.take': { input: nothing, output: z.object({ content: z.instanceof(Uint8Array) }) },
  /** Another version of a reply, the old one is kept; or a reply to a question. */
  'conversations.regenerate': {
    input: z.object({ messageId: id, model: z.string().min(1).max(longest.modelName) }),
    output: z.object({ replyId: id }),
  },
  /** Goes on with a reply that was stopped, interrupted or cut off, at its end. */
  'conversations.continue': {
    input: z.object({ messageId: id, model: z.string().min(1).max(longest.modelName) }),
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
      system: z.string().max(longest.systemPrompt).optional(),
      parameters: parametersSchema.optional(),
    }),
    output: nothing,
  },
  /** Keeps a preset; without `id` a new one. */
  'presets.save': {
    input: z.object({
      id: id.nullable(),
      name: z.string().min(1).max(longest.name),
      system: z.string().max(longest.systemPrompt),
      parameters: parametersSchema,
    }),
    output: z.object({ presetId: id }),
  },
  'presets.delete': { input: z.object({ presetId: id }), output: nothing },
  'conversations.pin': { input: z.object({ conversationId: id, pinned: z.boolean() }), output: nothing },
  /** Puts a conversation into a folder; null takes it out. */
  'conversations.move': { input: z.object({ conversationId: id, folderId: id.nullable() }), output: nothing },
  'folders.create': {
    input: z.object({ name: z.string().min(1).max(longest.name) }),
    output: z.object({ folderId: id }),
  },
  'folders.rename': { input: z.object({ folderId: id, name: z.string().min(1).max(longest.name) }), output: nothing },
  /** What is in it comes out of it; `folders.restore` takes that back. */
  'folders.delete': { input: z.object({ folderId: id }), output: z.object({ conversationIds: z.array(id) }) },
  /** Makes a deleted folder again, and puts back into it what is in no other. */
  'folders.restore': {
    input: folderSchema.extend({ name: z.string().min(1).max(longest.name), conversationIds: z.array(id) }),
    output: nothing,
  },
  /** An empty title gives back the one made from the first question. */
  'conversations.rename': {
    input: z.object({ conversationId: id, title: z.string().max(longest.title) }),
    output: nothing,
  },
  /** Moves to the trash, where it stays for 30 days; `conversations.restore` takes it out again. */
  'conversations.delete': { input: z.object({ conversationId: id }), output: nothing },
  /**
   * Conversations whose title, and messages whose text, holds every word of the query (`"…"` is a phrase), the newest
   * first; case, accents and full-width forms make no difference.
   */
  'conversations.search': {
    input: z.object({
      query: z.string().max(longest.searchedFor),
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
  /** Deleted messages of conversations that are not deleted themselves; those deleted together, as one. */
  'trash.messages': {
    input: nothing,
    output: z.array(
      z.object({
        /** The first is the one the others followed; for `conversations.restoreMessages`. */
        messageIds: z.array(id).min(1),
        conversationId: id,
        /** Of the conversation. */
        title: z.string(),
        role: messageSchema.shape.role,
        /** What the first begins with, as one line. */
        text: z.string(),
        deletedAt: z.number(),
      }),
    ),
  },
  'trash.removeMessages': { input: z.object({ messageIds: z.array(id).min(1) }), output: nothing },
  /** Removes conversations of the trash for good, with the pictures that nothing else refers to. */
  'trash.remove': { input: z.object({ conversationIds: z.array(id).min(1) }), output: nothing },
} as const

export const conversationStreams = {
  /** Drafts as windows keep and send them. A higher revision is a later change, of whatever draft. */
  'drafts.watch': {
    input: nothing,
    event: draftBoxSchema.extend({ draft: draftSchema, revision: z.number() }),
  },
  /** The person's presets, by name. */
  'presets.watch': { input: nothing, event: z.array(presetSchema) },
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
} as const

export type Wait = z.infer<typeof waitSchema>
export type Message = z.output<typeof messageSchema>
export type ToolCall = z.output<typeof toolCallSchema>
export type Draft = z.output<typeof draftSchema>
export type Preset = z.output<typeof presetSchema>
export type Folder = z.output<typeof folderSchema>
export type Parameters = z.output<typeof parametersSchema>
export type Segment = z.output<typeof segmentSchema>
export type Conversation = z.output<typeof conversationSchema>
export type DraftBox = z.output<typeof draftBoxSchema>
