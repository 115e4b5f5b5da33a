import { BracesIcon, FileTextIcon, FolderArchiveIcon, FolderInputIcon } from 'lucide-react'
import type { Conversation } from '../../../preload/contract.ts'
import type { Action } from '../../state/action.ts'
import { exportChats, importChats } from './transfer-store.ts'

/** Ways out for one chat. */
export const exportActions: readonly Action<Pick<Conversation, 'id'>>[] = [
  {
    id: 'export-markdown',
    name: 'transfer.asMarkdown',
    icon: FileTextIcon,
    perform: ({ id }) => exportChats({ conversationId: id, format: 'markdown' }),
  },
  {
    id: 'export-json',
    name: 'transfer.asJson',
    icon: BracesIcon,
    perform: ({ id }) => exportChats({ conversationId: id, format: 'json' }),
  },
]

/** The same for all chats. */
export const exportAllActions: readonly Action[] = [
  {
    id: 'export-all-json',
    name: 'transfer.allAsJson',
    icon: BracesIcon,
    perform: () => exportChats({ conversationId: null, format: 'json' }),
  },
  {
    id: 'export-all-markdown',
    name: 'transfer.allAsMarkdown',
    icon: FolderArchiveIcon,
    perform: () => exportChats({ conversationId: null, format: 'markdown' }),
  },
]

export const importAction: Action = {
  id: 'import',
  name: 'transfer.import',
  icon: FolderInputIcon,
  perform: importChats,
}
