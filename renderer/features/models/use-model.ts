import type { Conversation } from '../../../preload/contract.ts'
import { useConversation, useConversations } from '../../state/conversations.ts'
import { useSettings } from '../../state/settings.ts'
import { chatting, type InstalledModel, modelToAsk } from './installed-model.ts'
import { type ModelsState, useModels } from './models-store.ts'

export interface ModelChoice {
  /** The model the next question goes to; empty when there is none. */
  readonly name: string
  /** Its row in the list; undefined while the list is not read, or when it is no longer here. */
  readonly installed: InstalledModel | undefined
  /** The list was read and the model is not in it. */
  readonly missing: boolean
}

/** The model a chat talks to; null is the chat that is not begun. */
export function useModel(conversationId: string | null): ModelChoice {
  const models = useModels()
  const usual = useSettings(settings => settings.model)
  return choose(models, usual, conversationId, useConversation(conversationId))
}

/** The same, asked once. */
export function modelOf(conversationId: string | null): ModelChoice {
  const conversation = useConversations.getState().conversations?.find(({ id }) => id === conversationId)
  return choose(useModels.getState(), useSettings.getState().model, conversationId, conversation)
}

function choose(
  { models, picked }: ModelsState,
  usual: string,
  conversationId: string | null,
  conversation: Conversation | undefined,
): ModelChoice {
  const able = chatting(models ?? [])
  const name = modelToAsk(able, { picked: picked[conversationId ?? ''], used: conversation?.model, usual })
  const installed = able.find(model => model.name === name)
  return { name, installed, missing: models !== null && name !== '' && !installed }
}
