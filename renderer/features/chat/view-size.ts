import { useSettings } from '../../state/settings.ts'
import { useTuning } from '../tuning/tuning-store.ts'
import { useChat } from './chat-store.ts'
import { contextUse } from './context.ts'

/** Ollama's default where nobody names a number; with much graphics memory it is more, which an answer tells. */
const usual = 4_096

/** Tokens the model will hold in view with the next question, as far as can be known before it is asked. */
export function useViewSize(conversationId: string | null): number {
  const last = useChat(({ thread }) => contextUse(thread.messages)?.size)
  const { num_ctx: own } = useTuning(conversationId).parameters
  const set = useSettings(({ contextLength }) => contextLength)
  return own ?? set ?? last ?? usual
}
