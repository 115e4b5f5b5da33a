import type { ChatMessage } from '../requests.ts'

/** The room a prompt has, and how to measure it. */
export interface PromptRoom {
  /** Tokens of the context. */
  readonly contextSize: number
  countTokens(text: string): Promise<number>
  /** Tokens that one picture takes; 0 for a model that cannot see. */
  readonly tokensPerImage: number
}

/**
 * Drops messages from the front until the prompt fits; system messages and the last message always stay (upstream
 * server/prompt.go, chatPrompt). The fewest possible are dropped, found by halving, so that a long chat is not rendered
 * once for every message.
 * @param render the prompt of some messages; a cut at which it throws (a template that wants a question first) counts
 *   as one that does not fit
 * @throws what `render` throws for every cut
 */
export async function dropUntilFits(
  messages: readonly ChatMessage[],
  render: (messages: readonly ChatMessage[]) => string,
  room: PromptRoom,
): Promise<readonly ChatMessage[]> {
  const last = messages.length - 1
  const cut = (from: number): readonly ChatMessage[] => [
    ...messages.slice(0, from).filter(message => message.role === 'system'),
    ...messages.slice(from),
  ]
  const fits = async (from: number): Promise<boolean> => {
    let text: string
    try {
      text = render(cut(from))
    } catch (error) {
      if (from === last) throw error
      return false
    }
    const images = messages.slice(from).reduce((count, message) => count + (message.images?.length ?? 0), 0)
    return (await room.countTokens(text)) + images * room.tokensPerImage <= room.contextSize
  }
  // The whole conversation is rendered first, so that a broken template fails with its own words.
  render(messages)
  if (last <= 0 || (await fits(0))) return messages
  let [tooLong, short] = [0, last]
  while (short - tooLong > 1) {
    const middle = Math.floor((tooLong + short) / 2)
    if (await fits(middle)) short = middle
    else tooLong = middle
  }
  return cut(short)
}
