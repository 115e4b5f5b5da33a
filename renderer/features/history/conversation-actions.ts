import { PencilIcon, Trash2Icon } from 'lucide-react'
import type { Conversation } from '../../../preload/contract.ts'
import type { Action } from '../../state/action.ts'
import { pinActions } from './folders.ts'
import { remove, startRename, type TitlePlace } from './history-store.ts'

/** A conversation, and where on the screen the person took hold of it. */
export interface HeldConversation {
  readonly conversation: Conversation
  readonly at: TitlePlace
}

/** What can be done with a whole conversation. The keys work on the focused row of the list. */
export const conversationActions: readonly Action<HeldConversation>[] = [
  ...pinActions,
  {
    id: 'rename',
    name: 'history.rename',
    icon: PencilIcon,
    shortcut: 'F2',
    perform: ({ conversation, at }) => startRename(conversation.id, at),
  },
  {
    id: 'delete',
    name: 'history.delete',
    icon: Trash2Icon,
    shortcut: 'Delete',
    danger: true,
    perform: ({ conversation }) => remove(conversation),
  },
]
