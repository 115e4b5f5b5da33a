import type { Message } from '../../../preload/contract.ts'
import { beginEdit, type DraftPlace, dropEdit, editOf, useIsEdited } from '../../state/drafts.ts'
import { useChat } from './chat-store.ts'

/** Where what a question of the open chat is edited to stands. */
export const useEditPlace = ({ id }: Message): DraftPlace => editOf(useChat(chatOf), id)

/** Whether a question of the open chat is being edited. */
export const useIsEditing = (message: Message): boolean => useIsEdited(useEditPlace(message))

/** The question the person has just asked to edit: its box takes the focus, one that is only drawn again does not. */
let asked: string | undefined

export async function startEditing(message: Message): Promise<void> {
  asked = message.id
  await beginEdit(placeOf(message), { text: message.content, attachments: message.attachments })
}

export const stopEditing = (message: Message): void => dropEdit(placeOf(message))

/** Whether the box of a question is to take the focus; once. */
export function takesFocus({ id }: Message): boolean {
  const takes = asked === id
  if (takes) asked = undefined
  return takes
}

const chatOf = ({ conversationId }: { readonly conversationId: string | null }): string => conversationId ?? ''

const placeOf = ({ id }: Message): DraftPlace => editOf(chatOf(useChat.getState()), id)
