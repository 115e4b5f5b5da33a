import { useEffect } from 'react'
import { create } from 'zustand'
import { ollama } from '../../state/ollama.ts'
import { useSettings } from '../../state/settings.ts'
import { modelDetails } from '../models/installed/model-details.ts'
import { useTuning } from '../tuning/tuning-store.ts'
import { useChat } from './chat-store.ts'
import { contextUse } from './context.ts'

/** Ollama's default where nobody names a number; with much graphics memory it is more, which an answer tells. */
const usual = 4_096

/** How much a model can hold in view. */
export interface ViewSize {
  /** Tokens with the next question, as far as can be known before it is asked. */
  readonly size: number
  /** Tokens it was trained for: no setting goes beyond. Infinity while that is not known. */
  readonly most: number
}

/** What models say of themselves, by their names. */
const useFacts = create<Readonly<Record<string, { readonly own: number | undefined; readonly most: number }>>>(
  () => ({}),
)

/** @param model to be asked; its facts are read once something hangs on them */
export function useViewSize(conversationId: string | null, model: string, needed: boolean): ViewSize {
  const last = useChat(({ thread }) => contextUse(thread.messages)?.size)
  const { num_ctx: asked } = useTuning(conversationId).parameters
  const set = useSettings(({ contextLength }) => contextLength)
  const facts = useFacts(known => known[model])
  useEffect(() => {
    if (needed && model !== '') void read(model)
  }, [needed, model])
  const most = facts?.most ?? Infinity
  return { size: Math.min(asked ?? facts?.own ?? set ?? last ?? usual, most), most }
}

async function read(model: string): Promise<void> {
  // A model that cannot be read says so when it is asked.
  const shown = await ollama.show({ model }).catch(() => undefined)
  if (!shown) return
  const { contextLength, settings } = modelDetails(shown)
  const own = /^num_ctx\s+(\d+)/m.exec(settings)?.[1]
  useFacts.setState({ [model]: { own: own === undefined ? undefined : Number(own), most: contextLength || Infinity } })
}
