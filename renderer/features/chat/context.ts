import type { Message } from '../../../preload/contract.ts'

/** How much of what the model can hold in view the chat takes. */
export interface ContextUse {
  /** Tokens of the last prompt and its answer. */
  readonly used: number
  /** Tokens there is room for. */
  readonly size: number
  /** Older messages do not fit any more. */
  readonly forgetful: boolean
}

/** As the last answer that tells of it has found it; null before the first. */
export function contextUse(messages: readonly Message[]): ContextUse | null {
  const { metrics, context } = messages.findLast(({ metrics, context }) => metrics && context) ?? {}
  if (!metrics || !context) return null
  return { used: metrics.promptTokens + metrics.outputTokens, size: context.size, forgetful: context.from !== null }
}

/** The message from which on the model still read the chat, as those before did not fit; null when it read them all. */
export const rememberedFrom = (messages: readonly Message[]): string | null =>
  messages.findLast(({ context }) => context)?.context?.from ?? null
