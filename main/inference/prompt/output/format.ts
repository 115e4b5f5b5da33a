import type { Tool } from '../../requests.ts'

/** A piece of an answer: some text, or a call that is complete. */
export type Piece =
  | { readonly type: 'content'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }

/** Takes an answer as it is generated and tells its parts apart. */
export interface PieceReader {
  push(text: string): Piece[]
  /** What is left when the answer is over; a part that was cut off comes out as well as can be. */
  end(): Piece[]
}

/** What a reader knows of the request. */
export interface ReaderContext {
  /** The functions the model may call. */
  readonly tools: readonly Tool[]
  /** The prompt, at whose end thinking or a message may have been begun. */
  readonly prompt: string
  /** Whether calls are looked for: a model without tools may write their markers as plain text. */
  readonly readsCalls: boolean
}

/** How one family of models writes thinking and calls. */
export interface OutputFormat {
  /** The tags around thinking, when the format has it. */
  readonly thinking?: ThinkingTags
  /** Whether the format has tool calls. */
  readonly calls: boolean
  /** Texts of the format that may be special tokens, which an engine must not hide. */
  readonly markers: readonly string[]
  /** What stands between the end of thinking and the answer; a blank line when it says nothing. */
  readonly answerOpen?: string
  /** Texts that end the answer. */
  readonly stop?: readonly string[]
  /** See CallSyntax. */
  write?(calls: readonly FoundCall[]): string
  reader(context: ReaderContext): PieceReader
}

export interface ThinkingTags {
  readonly open: string
  /** The usual end first. */
  readonly close: readonly string[]
}

/** Whether a prompt ends inside thinking, so that the answer has no opening tag. */
export function beginsThinking({ thinking }: Pick<OutputFormat, 'thinking'>, prompt: string): boolean {
  return thinking !== undefined && prompt.trimEnd().endsWith(thinking.open)
}

/** A call as it was found in the text. */
export interface FoundCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** How calls are written. */
export interface CallSyntax {
  /** Any of these begins a call or a list of calls. */
  readonly open: readonly string[]
  /** These do so only as the first character of the answer: bare JSON, which elsewhere is just JSON. */
  readonly openFirst?: readonly string[]
  /** Further texts that are special tokens. */
  readonly markers?: readonly string[]
  /** Texts around the calls that are not shown where calls are read. */
  readonly around?: readonly string[]
  /** Calls as the model writes them, where templates leave them out of earlier answers. */
  write?(calls: readonly FoundCall[]): string
  reader(open: string, context: ReaderContext): CallReader
}

/** Reads from an opening marker to the end of the call or list of calls. */
export interface CallReader {
  push(text: string): CallProgress
  end(): CallProgress
}

export interface CallProgress {
  readonly calls: readonly FoundCall[]
  /** Set when the calls are over: the text that follows them. */
  readonly rest?: string
  /** Text that proved to be no call and is shown as it is. */
  readonly text?: string
}

/** Reads the calls in the body of a delimited block; undefined when it holds none. */
export type BodyParser = (body: string, context: ReaderContext) => FoundCall[] | undefined
