import type { ModelResponse } from 'ollama'
import { trialNamespace } from '../../../preload/contract-limits.ts'

/** What a model can do beside chatting, as /api/tags names it, in the order it is shown. */
const abilities = ['vision', 'audio', 'tools', 'thinking', 'insert', 'embedding'] as const
export type Ability = (typeof abilities)[number]

/** A model on this computer. */
export interface InstalledModel {
  /** The name as Ollama writes it, without `:latest`. */
  readonly name: string
  /** Bytes on disk. */
  readonly size: number
  /** When it was made or fetched last; milliseconds since 1970, 0 when unknown. */
  readonly changedAt: number
  /** E.g. "4.3B"; empty when unknown. */
  readonly parameters: string
  /** The tiny model that comes with Hearth. */
  readonly demo: boolean
  /** Whether it answers in a chat; a model for embeddings does not. */
  readonly chats: boolean
  /** Whether it takes pictures. */
  readonly sees: boolean
  readonly abilities: readonly Ability[]
}

/** Newer servers say what a model can do; the client's type does not know it yet. */
type Listed = Pick<ModelResponse, 'name' | 'size'> & {
  /** A text, whatever the client's type says. */
  modified_at?: string | Date
  details?: Partial<ModelResponse['details']>
  capabilities?: string[]
}

/** @param demoModel name of the model that comes with Hearth */
export function installedModel(listed: Listed, demoModel: string): InstalledModel {
  const name = shortModelName(listed.name)
  return {
    name,
    size: listed.size,
    changedAt: listed.modified_at === undefined ? 0 : new Date(listed.modified_at).getTime() || 0,
    parameters: listed.details?.parameter_size ?? '',
    demo: name === shortModelName(demoModel),
    chats: listed.capabilities?.includes('completion') ?? true,
    sees: listed.capabilities?.includes('vision') ?? false,
    abilities: abilities.filter(ability => listed.capabilities?.includes(ability)),
  }
}

export const chatting = (models: readonly InstalledModel[]) => models.filter(({ chats }) => chats)

/** A name as it is shown: `gemma3:latest` and `gemma3` are one model, however it was fetched (`http://…`). */
export const shortModelName = (name: string) => name.replace(/^https?:\/\//, '').replace(/:latest$/, '')

/** Of `hf.co/OWNER/NAME-GGUF:TAG`: whoever keeps a copy of a model there, and in which format, says little of it. */
const atHuggingFace = /^(?:hf\.co|huggingface\.co)\/[^/]+\/([^/:]+?)(?:-gguf)?(:[^/]+)?$/i

/**
 * A name as people say it, short enough for a line; where it counts which model is meant, `shortModelName` tells all.
 */
export const spokenModelName = (name: string) => shortModelName(name).replace(atHuggingFace, '$1$2')

/**
 * A name as people say it, or the whole one where another model would be called the same.
 * @param others names of the models it stands among, its own or not
 */
export function tellingModelName(name: string, others: readonly string[]): string {
  const spoken = spokenModelName(name)
  const isShared = others.some(other => modelKey(other) !== modelKey(name) && spokenModelName(other) === spoken)
  return isShared ? shortModelName(name) : spoken
}

/** A model that is only tried, by the namespace that main makes such models in. */
export const isTrial = (name: string) => modelKey(name).startsWith(`${trialNamespace}/`)

/** Equal for all spellings of one model: case and what Ollama fills in make no difference. */
export function modelKey(name: string): string {
  return shortModelName(name.trim().toLowerCase())
    .replace(/^registry\.ollama\.ai\//, '')
    .replace(/^library\//, '')
}

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
