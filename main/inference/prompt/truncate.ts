import type { ChatMessage } from '../requests.ts'
import { guides } from './messages.ts'
import { endsOf } from './text-pieces.ts'

/** The room a prompt has, and how to measure it. */
export interface PromptRoom {
  /** Tokens of the context. */
  readonly contextSize: number
  countTokens(text: string): Promise<number>
  /** Tokens that one picture takes; 0 for a model that cannot see. */
  readonly tokensPerImage: number
}

/** The messages that fit and the prompt they make. */
export interface Fitting {
  readonly messages: readonly ChatMessage[]
  readonly text: string
}

type Render = (messages: readonly ChatMessage[]) => string | Promise<string>

/**
 * The messages without those that cannot fit: every message takes a token at least, and of one with megabytes the
 * middle is cut out. System messages stay.
 */
export function withinReach(all: readonly ChatMessage[], contextSize: number): readonly ChatMessage[] {
  const latest = all.length - Math.max(1, contextSize)
  return all
    .filter((message, index) => index >= latest || guides(message))
    .map(message => {
      const content = endsOf(message.content, contextSize)
      return content === message.content ? message : { ...message, content }
    })
}

/**
 * Drops messages from the front until the prompt fits; system messages and the last message always stay (upstream
 * server/prompt.go, chatPrompt). The fewest possible are dropped, found by halving, so that a long chat is not rendered
 * once for every message.
 * @param render the prompt of some messages; a cut at which it throws (a template that wants a question first) counts
 *   as one that does not fit
 * @throws what `render` throws for the whole conversation, or for every cut
 */
export async function dropUntilFits(
  messages: readonly ChatMessage[],
  render: Render,
  room: PromptRoom,
): Promise<Fitting> {
  const last = messages.length - 1
  const cutAt = (from: number): readonly ChatMessage[] => [
    ...messages.slice(0, from).filter(guides),
    ...messages.slice(from),
  ]
  const fits = async (text: string, from: number): Promise<boolean> => {
    const images = messages.slice(from).reduce((count, message) => count + (message.images?.length ?? 0), 0)
    return (await room.countTokens(text)) + images * room.tokensPerImage <= room.contextSize
  }
  const whole = await render(messages)
  if (last <= 0 || (await fits(whole, 0))) return { messages, text: whole }
  let fitting: Fitting | undefined
  let [tooLong, short] = [0, last]
  while (short - tooLong > 1) {
    const middle = Math.floor((tooLong + short) / 2)
    const cut = cutAt(middle)
    const text = await renderedOrNone(render, cut)
    if (text !== undefined && (await fits(text, middle))) {
      fitting = { messages: cut, text }
      short = middle
    } else tooLong = middle
  }
  if (fitting) return fitting
  const cut = cutAt(last)
  return { messages: cut, text: await render(cut) }
}

async function renderedOrNone(render: Render, messages: readonly ChatMessage[]): Promise<string | undefined> {
  try {
    return await render(messages)
  } catch {
    // The template refuses a conversation that begins here; a later message may please it.
    return undefined
  }
}
