import type { ModelResponse } from 'ollama'

/** A model on this computer, as the picker shows it. */
export interface InstalledModel {
  /** The name as Ollama writes it, without `:latest`. */
  readonly name: string
  /** Bytes on disk. */
  readonly size: number
  /** E.g. "4.3B"; empty when unknown. */
  readonly parameters: string
  /** The tiny model that comes with Hearth. */
  readonly demo: boolean
  /** Whether it answers in a chat; a model for embeddings does not. */
  readonly chats: boolean
  /** Whether it takes pictures. */
  readonly sees: boolean
}

/** Newer servers say what a model can do; the client's type does not know it yet. */
type Listed = Pick<ModelResponse, 'name' | 'size'> & {
  details?: Partial<ModelResponse['details']>
  capabilities?: string[]
}

/** @param demoModel name of the model that comes with Hearth */
export function installedModel(listed: Listed, demoModel: string): InstalledModel {
  const name = shortModelName(listed.name)
  return {
    name,
    size: listed.size,
    parameters: listed.details?.parameter_size ?? '',
    demo: name === shortModelName(demoModel),
    chats: listed.capabilities?.includes('completion') ?? true,
    sees: listed.capabilities?.includes('vision') ?? false,
  }
}

/** `gemma3:latest` and `gemma3` are one model. */
export const shortModelName = (name: string) => name.replace(/:latest$/, '')

interface Wishes {
  /** Picked for this chat. */
  picked: string | undefined
  /** The one the chat has used. */
  used: string | undefined
  /** The person's usual one, from the settings. */
  usual: string
}

/**
 * The model the next question goes to: what was picked, else what the chat used, else the usual one if it is still
 * here, else the newest that is not the demo, else the demo. Empty when there is none at all.
 */
export function modelToAsk(models: readonly InstalledModel[], { picked, used, usual }: Wishes): string {
  const wanted = picked || used
  if (wanted) return shortModelName(wanted)
  const here = models.find(({ name }) => name === shortModelName(usual))
  return (here ?? models.find(({ demo }) => !demo) ?? models[0])?.name ?? ''
}
