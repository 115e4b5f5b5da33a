import type { DetectedTemplate } from '../../library/creation.ts'
import type { Portion } from '../../threads/portions.ts'
import type { TemplateFacts } from './known-templates.ts'
import type { PromptSource } from './prompt-source.ts'
import type { PromptRoom } from './truncate.ts'

/** What the thread makes a prompt of. Pictures stay in main: an empty one stands for each. */
export interface PromptJob {
  readonly source: PromptSource
  /** Tokens of the context. */
  readonly contextSize: number
  /** Without it nothing is dropped. */
  readonly room?: Pick<PromptRoom, 'tokensPerImage'>
}

/** What main tells the thread of one prompt. */
export type ToPromptThread =
  /** A part of its PromptJob. */
  | { readonly type: 'portion'; readonly portion: Portion }
  /** All portions were told. */
  | { readonly type: 'render' }
  /** The tokens of the text that was to be counted. */
  | { readonly type: 'counted'; readonly tokens: number }
  /** Nobody waits for it any more. */
  | { readonly type: 'drop' }
  /** Not a prompt: what is the known template that does what this model's does? */
  | { readonly type: 'detect'; readonly facts: TemplateFacts }

/** What the thread answers. */
export type FromPromptThread =
  | { readonly type: 'count'; readonly text: string }
  /** `images` are numbers of the source's pictures, counted through all messages. */
  | {
      readonly type: 'rendered'
      readonly text: string
      readonly images: readonly number[]
      readonly messages: number
    }
  | { readonly type: 'detected'; readonly template: DetectedTemplate | undefined }
