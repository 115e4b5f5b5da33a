import type { ChatMessage } from '../requests.ts'

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

/**
 * Drops messages from the front until the prompt fits; system messages and the last message always stay (upstream
 * server/prompt.go, chatPrompt). The fewest possible are dropped, found by halving, so that a long chat is not rendered
 * once for every message.
 * @param render the prompt of some messages; a cut at which it throws (a template that wants a question first) counts
 *   as one that does not fit
 * @throws what `render` throws for the whole conversation, or for every cut
 */
export async function dropUntilFits(
  all: readonly ChatMessage[],
  render: (messages: readonly ChatMessage[]) => string,
  room: PromptRoom,
): Promise<Fitting> {
  // A message takes a token at least: what lies further back cannot fit, and rendering it all would take seconds.
  const possible = all.slice(-Math.max(1, room.contextSize))
  const systems = all.slice(0, all.length - possible.length).filter(message => message.role === 'system')
  const messages = [...systems, ...possible]
  const start = systems.length
  const last = messages.length - 1
  const cutAt = (from: number): readonly ChatMessage[] => [
    ...messages.slice(0, from).filter(message => message.role === 'system'),
    ...messages.slice(from),
  ]
  const fits = async (text: string, from: number): Promise<boolean> => {
    const images = messages.slice(from).reduce((count, message) => count + (message.images?.length ?? 0), 0)
    return (await room.countTokens(text)) + images * room.tokensPerImage <= room.contextSize
  }
  const whole = render(cutAt(start))
  if (last <= start || (await fits(whole, start))) return { messages: cutAt(start), text: whole }
  let fitting: Fitting | undefined
  let [tooLong, short] = [start, last]
  while (short - tooLong > 1) {
    const middle = Math.floor((tooLong + short) / 2)
    const cut = cutAt(middle)
    const text = renderedOrNone(() => render(cut))
    if (text !== undefined && (await fits(text, middle))) {
      fitting = { messages: cut, text }
      short = middle
    } else tooLong = middle
  }
  if (fitting) return fitting
  const cut = cutAt(last)
  return { messages: cut, text: render(cut) }
}

function renderedOrNone(render: () => string): string | undefined {
  try {
    return render()
  } catch {
    // The template refuses a conversation that begins here; a later message may please it.
    return undefined
  }
}
