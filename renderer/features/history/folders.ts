import { FolderIcon, FolderPlusIcon, PencilIcon, PinIcon, PinOffIcon, Trash2Icon } from 'lucide-react'
import { create } from 'zustand'
import type { Conversation, Folder } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { i18next } from '../../i18n/i18n.ts'
import type { Action } from '../../state/action.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { shortened, showToast } from '../../state/toasts.ts'

const storageKey = 'hearth.folders.closed'

interface FoldersState {
  /** Ids of folders whose chats are folded away. */
  readonly closed: ReadonlySet<string>
  /** The folder whose name is being written. */
  readonly renaming: string | null
}

export const useFolders = create<FoldersState>(() => ({ closed: readClosed(), renaming: null }))

/** Folds a folder's chats away, or shows them. */
export function toggleFolder(id: string): void {
  const closed = new Set(useFolders.getState().closed)
  if (!closed.delete(id)) closed.add(id)
  localStorage.setItem(storageKey, JSON.stringify([...closed]))
  useFolders.setState({ closed })
}

export const endFolderRename = (): void => useFolders.setState({ renaming: null })

/** Gives a folder another name; an empty one is none. */
export async function renameFolder({ id, name }: Folder, next: string): Promise<void> {
  endFolderRename()
  const given = next.trim().slice(0, longest.name)
  if (given !== '' && given !== name) await call('folders.rename', { folderId: id, name: given })
}

export const moveTo = async ({ id }: Conversation, folderId: string | null): Promise<void> => {
  await call('conversations.move', { conversationId: id, folderId })
}

/** Makes a folder, with its name ready to be written, and puts a chat into it. */
async function moveToNewFolder(conversation: Conversation): Promise<void> {
  const { folderId } = await call('folders.create', { name: i18next.t('history.newFolderName') })
  await moveTo(conversation, folderId)
  useFolders.setState({ renaming: folderId })
}

/** Deletes a folder and offers to take that back. */
async function deleteFolder({ id, name }: Folder): Promise<void> {
  const { conversationIds } = await call('folders.delete', { folderId: id })
  const restore = async () => {
    await call('folders.restore', { id, name, conversationIds })
  }
  showToast({
    text: 'history.folderDeleted',
    values: { name: shortened(name) },
    action: { label: 'app.undo', perform: () => attempt(restore) },
  })
}

/** What can be done with a folder. */
export const folderActions: readonly Action<Folder>[] = [
  {
    id: 'rename-folder',
    name: 'history.rename',
    icon: PencilIcon,
    perform: ({ id }) => useFolders.setState({ renaming: id }),
  },
  {
    id: 'delete-folder',
    name: 'history.deleteFolder',
    icon: Trash2Icon,
    danger: true,
    perform: deleteFolder,
  },
]

const setPinned = async ({ id }: Conversation, pinned: boolean): Promise<void> => {
  await call('conversations.pin', { conversationId: id, pinned })
}

/** Where in the list a chat stands: drawn from what there is at the moment. */
export const placeActions = (folders: readonly Folder[]): readonly Action<Conversation>[] => [
  {
    id: 'new-folder',
    name: 'history.newFolder',
    icon: FolderPlusIcon,
    perform: moveToNewFolder,
  },
  {
    id: 'no-folder',
    name: 'history.noFolder',
    icon: FolderIcon,
    when: ({ folderId }) => folderId !== null && folders.some(({ id }) => id === folderId),
    perform: conversation => moveTo(conversation, null),
  },
]

export const pinActions: readonly Action<{ conversation: Conversation }>[] = [
  {
    id: 'pin',
    name: 'history.pin',
    icon: PinIcon,
    when: ({ conversation }) => !conversation.pinned,
    perform: ({ conversation }) => setPinned(conversation, true),
  },
  {
    id: 'unpin',
    name: 'history.unpin',
    icon: PinOffIcon,
    when: ({ conversation }) => conversation.pinned,
    perform: ({ conversation }) => setPinned(conversation, false),
  },
]

function readClosed(): ReadonlySet<string> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return new Set(Array.isArray(read) ? read.filter(id => typeof id === 'string') : [])
  } catch {
    return new Set()
  }
}
