import type { z } from 'zod'
import { appCalls, appStreams } from './contract-app.ts'
import { conversationCalls, conversationStreams } from './contract-conversations.ts'
import { formCalls, formStreams } from './contract-forms.ts'
import { type ChosenFiles, modelCalls, modelStreams } from './contract-models.ts'
import type { attachmentSchema, problemSchema } from './contract-parts.ts'

/**
 * The whole conversation between a window and main: calls that answer once, streams that go on until the window lets
 * go. Main checks every input against their schemas; the window gets its types from them.
 */

export const calls = { ...appCalls, ...conversationCalls, ...modelCalls, ...formCalls }

export const streams = { ...appStreams, ...conversationStreams, ...modelStreams, ...formStreams }

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

export type Attachment = z.output<typeof attachmentSchema>
export type StorageUsage = CallOutput<'storage.usage'>
export type MenuAction = CallInput<'app.setActions'>['actions'][number]
export type MakeOrder = CallInput<'makings.start'>
export type Catalogue = CallOutput<'models.catalogue'>
export type Storage = CallOutput<'models.storage'>
export type ProblemInfo = z.output<typeof problemSchema>
export type {
  AppInfo,
  Backup,
  Command,
  Connection,
  LoggedRequest,
  MenuEntryState,
  Opening,
  ServerState,
  Settings,
  Update,
} from './contract-app.ts'
export type {
  Conversation,
  Draft,
  DraftBox,
  Folder,
  Message,
  Parameters,
  Preset,
  Segment,
  ToolCall,
  Wait,
} from './contract-conversations.ts'
export type { FileSource, Form, FormRow, FormSource, KeptSources } from './contract-forms.ts'
export type { ChosenFiles, Family, Fit, MakeDraft, Making, ModelsPlace, OtherFolder, Pull } from './contract-models.ts'
export type { Notice, NoticeContent, NoticeValues } from './contract-notices.ts'

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
